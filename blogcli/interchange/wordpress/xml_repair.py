"""XML that is not well-formed, mended as it streams by: what has no meaning goes, what has one stays."""

import codecs
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_BEGIN, _END = "<![CDATA[", "]]>"
# Bytes that could not be decoded are lone surrogates until they are mended.
_NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_ILLEGAL = re.compile(f"[{_NOT_XML}]+")
_UNDECODED = re.compile("[\udc80-\udcff]+")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]{1,8};|#x[0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};)?")
_LOOK_BACK = 40
# How a document begins that has no byte order mark.
_UTF_16 = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
# What may be the start of markup or of a reference that goes on in the next chunk.
_UNFINISHED = re.compile(r"(?:<(?:!(?:\[[A-Z\[]{0,6})?)?|\]{1,2}|&[#\w]{0,33})\Z")


@dataclass(frozen=True)
class Mended:
    """A line that was mended."""

    line: int


def mended_chunks(chunks: Iterable[bytes]) -> Iterator[bytes | Mended]:
    """The chunks in UTF-8, well-formed as far as characters and references go, each behind the lines mended in it."""
    mender = _Mender()
    for text in _decoded(chunks):
        yield from mender.mend(text)
    yield from mender.mend("", is_last=True)


def _decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            decoder = _decoder(chunk)
        yield decoder.decode(chunk)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _decoder(start: bytes) -> codecs.IncrementalDecoder:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace")
    for bare, name in _UTF_16.items():
        if start.startswith(bare):
            return codecs.getincrementaldecoder(name)("replace")
    declared = _DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    name = declared[1].decode() if declared else "utf-8"
    if not _can_decode(name) or codecs.lookup(name).name == "utf-8":
        return codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    return codecs.getincrementaldecoder(name)("replace")


def _can_decode(name: str) -> bool:
    """Whether it is an encoding of texts, in which the declaration itself can be written as it is."""
    try:
        bytes(range(256)).decode(name, "replace")
        return b"<?xml".decode(name) == "<?xml"
    except (LookupError, ValueError):
        return False


class _Mender:
    def __init__(self) -> None:
        self._kept = ""
        self._line = 1
        self._in_cdata = False
        self._is_start = True
        self._mended: dict[int, None] = {}
        # The last line that was told: a line can come in several chunks.
        self._told = 0

    def mend(self, chunk: str, *, is_last: bool = False) -> Iterator[bytes | Mended]:
        text = self._kept + chunk
        unfinished = None if is_last else _UNFINISHED.search(text, max(0, len(text) - _LOOK_BACK))
        self._kept = text[unfinished.start() :] if unfinished else ""
        mended = "".join(self._parts(text[: len(text) - len(self._kept)]))
        if self._is_start and mended.strip():
            mended, self._is_start = self._started(mended), False
        yield from map(Mended, self._lines())
        if not self._is_start:
            yield mended.encode()

    def _lines(self) -> list[int]:
        lines = [line for line in self._mended if line > self._told]
        self._told = max((self._told, *lines))
        self._mended.clear()
        return lines

    def _started(self, text: str) -> str:
        # It is UTF-8 now, and nothing may stand in front of a declaration.
        if text[0].isspace() and _DECLARATION.match(text):
            self._mended[1] = None
        return _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text)

    def _parts(self, text: str) -> Iterator[str]:
        at = 0
        while at < len(text):
            mark = _END if self._in_cdata else _BEGIN
            found = text.find(mark, at)
            end = len(text) if found < 0 else found + len(mark)
            yield self._part(text[at:end])
            if found >= 0:
                self._in_cdata = not self._in_cdata
            at = end

    def _part(self, text: str) -> str:
        start = self._line
        self._line += text.count("\n")
        clean = self._replaced(_ILLEGAL, text, _legal, start)
        return clean if self._in_cdata else self._replaced(_REFERENCE, clean, _reference, start)

    def _replaced(self, pattern: re.Pattern[str], text: str, legal: Callable[[re.Match[str]], str], line: int) -> str:
        at = 0

        def replacement(found: re.Match[str]) -> str:
            nonlocal at, line
            line += text.count("\n", at, found.start())
            at = found.start()
            new = legal(found)
            if new != found[0]:
                self._mended[line] = None
            return new

        return pattern.sub(replacement, text)


def _legal(found: re.Match[str]) -> str:
    return "\ufffd" if _UNDECODED.search(found[0]) else ""


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        code = int(name[2:-1], 16) if name[1] == "x" else int(name[1:-1])
        is_legal = code <= sys.maxunicode and not _ILLEGAL.match(chr(code))
        return found[0] if is_legal else ""
    character = unescape(found[0])
    return f"&amp;{name}" if character.startswith("&") else escape(character)
