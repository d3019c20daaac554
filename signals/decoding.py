"""Bytes to text: UTF-8 first, then a byte order mark, the declared charset, Windows-1252; what is no text is refused."""

from __future__ import annotations

import codecs
import re

MAX_BYTES = 64 << 20
_SAMPLE = 1 << 16
_MAGIC = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"MZ\x90",
    b"PAR1",
    b"\xd0\xcf\x11\xe0",
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
# More control characters than this share, and it is no text; more accented letters, and Windows-1252 was a wrong guess.
_CONTROL_SHARE, _LEGACY_SHARE = 0.05, 0.3


class Undecodable(Exception):
    """The bytes are no text; the message says why, for the audit."""


def decode(data: bytes, declared: bool = False) -> str:
    """Return `data` as text; with `declared` a charset named in the first two kB (html, xml) is tried after UTF-8.

    Raises
    ------
    Undecodable
        The bytes are empty, of a known binary format, in no encoding that fits, or mostly control characters.
    """
    if not data.strip():
        raise Undecodable("empty file")
    if data.startswith(_MAGIC):
        raise Undecodable("binary file")
    text = _decoded(data, declared)
    sample = text[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > _CONTROL_SHARE * len(sample):
        raise Undecodable("binary file")
    return text


def _decoded(data: bytes, declared: bool) -> str:
    for encoding in _candidates(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        sample = text[:_SAMPLE]
        if encoding == "cp1252" and len(_NOT_ASCII.findall(sample)) > _LEGACY_SHARE * len(sample):
            break
        return text
    raise Undecodable("binary or undecodable: neither UTF-8 nor any encoding that was declared or fits")


def _candidates(data: bytes, declared: bool) -> list[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return [encoding]
    found = ["utf-8"]
    sample = data[:200]
    if len(sample) > 3 and sample.count(0) * 3 > len(sample):
        found = ["utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be", *found]
    if declared and (named := _DECLARED.search(data[:2048])):
        found.append(named[1].decode("ascii", "replace"))
    return [*found, "cp1252"]
