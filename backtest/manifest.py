"""What went into a run and what came out: versions, configuration, and the sha256 of every input and output."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from backtest.errors import StoreError

NAME = "manifest.json"

#: The packages whose version can change a number or a picture.
PACKAGES = ("market-signals", "numpy", "pandas", "scipy", "exchange_calendars", "matplotlib", "jinja2")


def versions() -> dict[str, str]:
    """Return the version of Python and of every package that matters here; one that is not installed is left out."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def digest(data: bytes) -> str:
    """Return the sha256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest_file(path: Path) -> str:
    """Return the sha256 of a file.

    Raises
    ------
    StoreError
        The file cannot be read.
    """
    try:
        return digest(path.read_bytes())
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror or error}") from error


def digest_inputs(places: Mapping[str, str | Path]) -> dict[str, str]:
    """Return the sha256 of every file by the name given, and of every file below a folder as name/relative path."""
    found: dict[str, str] = {}
    for name, place in places.items():
        path = Path(place)
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.is_file())
            found |= {f"{name.rstrip('/')}/{p.relative_to(path).as_posix()}": digest_file(p) for p in inside}
        else:
            found[name] = digest_file(path)
    return found


def fingerprint(config: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    """Return the sha256 of what determines a run: its choices, its inputs and the versions. It stands in the manifest and
    in the report, and is the same for two runs that cannot differ.
    """
    parts = {"config": dict(config), "inputs": dict(inputs), "versions": versions()}
    return digest(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode())


def write_manifest(folder: Path, config: Mapping[str, Any], inputs: Mapping[str, Any], outputs: Iterable[Path]) -> Path:
    """Write `manifest.json` into `folder`; it holds no clock time, so that equal runs give equal files.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    content = {
        "fingerprint": fingerprint(config, inputs),
        "versions": versions(),
        "config": dict(config),
        "inputs": dict(inputs),
        "outputs": {path.relative_to(folder).as_posix(): digest_file(path) for path in sorted(outputs)},
    }
    path = folder / NAME
    try:
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another place") from error
    return path


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of an earlier run.

    Raises
    ------
    StoreError
        There is none, or it cannot be read.
    """
    path = folder / NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StoreError(f"no {NAME} in {folder}; give the folder that `backtest run --out` wrote") from error
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("outputs"), dict):
        raise StoreError(f"{path} is no manifest of a run; give the folder that `backtest run --out` wrote")
    return content
