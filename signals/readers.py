"""Read articles from files, folders and standard input; what cannot be read is reported and the others go on."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from signals.article import Article, Unreadable
from signals.decoding import MAX_BYTES, Undecodable
from signals.errors import ArticleError
from signals.formats import READERS, read_lines, sniff

STDIN = "-"
Source = str | PathLike[str]
Item = Article | Unreadable
Progress = Callable[[int, int], None]


def read_articles(paths: Source | Iterable[Source], progress: Progress | None = None) -> Iterator[Item]:
    """Yield each article of `paths` (files, folders, "-" for standard input), in sorted order within a folder.

    A file that is no article (binary, undecodable, a record without text and title) is yielded as `Unreadable`, and the
    others go on. Articles stream: json lines are read line by line, other files one at a time. An id that occurred before
    is made unique by the start of the article's hash. `progress(done, total)` is called after each file.

    Raises
    ------
    ArticleError
        At the call, not later: a path does not exist, a folder holds no file, no path is given.
    """
    given = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
    if not given:
        raise ArticleError("no articles: give at least one file, folder or '-' for standard input")
    files = [file for path in given for file in _files(os.fspath(path))]
    return _unique(_stream(files, progress))


def read_file(path: str) -> Iterator[Item]:
    """Yield the articles of one file ("-" is standard input); reading problems are yielded, not raised."""
    try:
        if path == STDIN:
            yield from _read_stream(sys.stdin.buffer, "stdin")
        else:
            with open(path, "rb") as stream:
                yield from _read_stream(stream, path)
    except OSError as error:
        yield Unreadable(path, f"cannot be read: {error.strerror or error}")


def _files(path: str) -> list[str]:
    if path == STDIN:
        return [path]
    try:
        found = Path(path)
        exists, folder = found.exists(), found.is_dir()
    except (OSError, ValueError):
        exists, folder = False, False
    if not exists:
        raise ArticleError(f"no such file or folder: {path!r}")
    if not folder:
        return [path]
    inside = sorted(_walk(path))
    if not inside:
        raise ArticleError(f"the folder {path!r} holds no files")
    return inside


def _walk(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in names:
            if not name.startswith("."):
                yield os.path.join(parent, name)


def _stream(files: list[str], progress: Progress | None) -> Iterator[Item]:
    for done, path in enumerate(files, start=1):
        yield from read_file(path)
        if progress is not None:
            progress(done, len(files))


def _unique(items: Iterable[Item]) -> Iterator[Item]:
    seen: set[str] = set()
    counts: dict[str, int] = {}
    for item in items:
        if isinstance(item, Article):
            name, base = item.id, f"{item.id}-{item.sha256[:8]}"
            while name in seen:
                count = counts[base] = counts.get(base, 0) + 1
                name = base + (f"-{count}" if count > 1 else "")
            seen.add(name)
            if name != item.id:
                item = replace(item, id=name)
        yield item


def _read_stream(stream: BinaryIO, source: str) -> Iterator[Item]:
    suffix = Path(source).suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        yield from read_lines(source, stream)
        return
    if suffix not in READERS:
        head = stream.readline(MAX_BYTES)
        if sniff(head) == "jsonl":
            yield from read_lines(source, _chain(head, stream))
            return
        data = head + stream.read(MAX_BYTES + 1 - len(head))
    else:
        data = stream.read(MAX_BYTES + 1)
    yield from _read_bytes(data, source, suffix)


def _chain(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    yield head
    yield from stream


def _read_bytes(data: bytes, source: str, suffix: str) -> Iterator[Item]:
    if len(data) > MAX_BYTES:
        yield Unreadable(source, f"larger than {MAX_BYTES >> 20} MB: not read as one article")
        return
    reader = READERS.get(suffix) or READERS["." + sniff(data)]
    try:
        yield from reader(source, data)
    except Undecodable as error:
        yield Unreadable(source, str(error))
