"""Repair XML that is not well-formed, one chunk of the file at a time.

Characters that XML does not allow are removed, and bytes that cannot be decoded are replaced by U+FFFD. A bare & and
the & of an unknown entity are escaped. An entity of HTML is replaced by its character. A reference to a character that
XML does not allow is removed.
"""

import codecs
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape, unescape

_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CDATA_START, _CDATA_END = "<![CDATA[", "]]>"
# The characters that XML does not allow. They include lone surrogates, because the error handler `surrogateescape`
# decodes invalid bytes to lone surrogates.
_NOT_XML = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_ILLEGAL = re.compile(f"[{_NOT_XML}]+")
_UNDECODED = re.compile("[\udc80-\udcff]+")
_REFERENCE = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]{1,8};|#x[0-9a-fA-F]{1,7};|[A-Za-z][A-Za-z0-9]{1,31};)?")
# Matches incomplete markup or an incomplete reference at the end of a chunk. No match is longer than `_MAX_UNFINISHED`.
_UNFINISHED = re.compile(r"(?:<(?:!(?:\[[A-Z\[]{0,6})?)?|\]{1,2}|&[#\w]{0,33})\Z")
_MAX_UNFINISHED = 40
# Maps the first two bytes of a UTF-16 document without a byte order mark to the encoding of the document.
_UTF_16 = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


@dataclass(frozen=True)
class RepairedLine:
    """The number of a line that was repaired."""

    line: int


def repair_chunks(chunks: Iterable[bytes]) -> Iterator[bytes | RepairedLine]:
    """Repair the chunks of a file.

    For each chunk, yields a RepairedLine for each repaired line, and then the repaired text in UTF-8.
    """
    repairer = _Repairer()
    for text in _decode(chunks):
        yield from repairer.repair(text)
    yield from repairer.repair("", is_last=True)


def _decode(chunks: Iterable[bytes]) -> Iterator[str]:
    decoder: codecs.IncrementalDecoder | None = None
    for chunk in chunks:
        if decoder is None:
            decoder = _make_decoder(chunk)
        yield decoder.decode(chunk)
    if decoder is not None:
        yield decoder.decode(b"", final=True)


def _make_decoder(start: bytes) -> codecs.IncrementalDecoder:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace")
    for first_bytes, encoding in _UTF_16.items():
        if start.startswith(first_bytes):
            return codecs.getincrementaldecoder(encoding)("replace")
    declaration = _DECLARED_ENCODING.match(start.removeprefix(codecs.BOM_UTF8))
    encoding = declaration[1].decode() if declaration else "utf-8"
    if not _is_usable_encoding(encoding) or codecs.lookup(encoding).name == "utf-8":
        return codecs.getincrementaldecoder("utf-8-sig")("surrogateescape")
    return codecs.getincrementaldecoder(encoding)("replace")


def _is_usable_encoding(name: str) -> bool:
    """Return whether `name` is a text encoding that is compatible with ASCII."""
    try:
        bytes(range(256)).decode(name, "replace")
        return b"<?xml".decode(name) == "<?xml"
    except (LookupError, ValueError):
        return False


class _Repairer:
    def __init__(self) -> None:
        # The incomplete markup or reference at the end of the previous chunk.
        self._unfinished = ""
        self._line = 1
        self._in_cdata = False
        self._is_start = True
        # The numbers of the repaired lines in the current chunk. A dict is used as an ordered set.
        self._repaired: dict[int, None] = {}
        # The number of the line that was reported last. A line that spans several chunks must be reported only once.
        self._last_reported = 0

    def repair(self, chunk: str, *, is_last: bool = False) -> Iterator[bytes | RepairedLine]:
        """Repair a chunk. Yields a RepairedLine for each repaired line, and then the repaired text in UTF-8."""
        text = self._unfinished + chunk
        unfinished = None if is_last else _UNFINISHED.search(text, max(0, len(text) - _MAX_UNFINISHED))
        self._unfinished = text[unfinished.start() :] if unfinished else ""
        repaired = "".join(self._repair_sections(text[: len(text) - len(self._unfinished)]))
        if self._is_start and repaired.strip():
            repaired = self._remove_declaration(repaired)
            self._is_start = False
        yield from map(RepairedLine, self._take_lines())
        if not self._is_start:
            yield repaired.encode()

    def _take_lines(self) -> list[int]:
        lines = [line for line in self._repaired if line > self._last_reported]
        self._last_reported = max((self._last_reported, *lines))
        self._repaired.clear()
        return lines

    def _remove_declaration(self, text: str) -> str:
        """Remove the XML declaration, because it may declare an encoding other than UTF-8.

        Line breaks in the declaration are kept, so that line numbers do not change.
        """
        if text[0].isspace() and _DECLARATION.match(text):
            # XML does not allow whitespace before the declaration, so removing the declaration repairs the first line.
            self._repaired[1] = None
        return _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), text)

    def _repair_sections(self, text: str) -> Iterator[str]:
        start = 0
        while start < len(text):
            delimiter = _CDATA_END if self._in_cdata else _CDATA_START
            position = text.find(delimiter, start)
            end = len(text) if position < 0 else position + len(delimiter)
            yield self._repair_section(text[start:end])
            if position >= 0:
                self._in_cdata = not self._in_cdata
            start = end

    def _repair_section(self, text: str) -> str:
        first_line = self._line
        self._line += text.count("\n")
        legal_text = self._replace(_ILLEGAL, text, _replace_illegal, first_line)
        if self._in_cdata:
            return legal_text
        return self._replace(_REFERENCE, legal_text, _replace_reference, first_line)

    def _replace(
        self, pattern: re.Pattern[str], text: str, make_replacement: Callable[[re.Match[str]], str], line: int
    ) -> str:
        """Replace each match of a pattern by the result of `make_replacement`, and record the lines that changed.

        `line` is the number of the first line of the text.
        """
        position = 0

        def replace_match(match: re.Match[str]) -> str:
            nonlocal position, line
            line += text.count("\n", position, match.start())
            position = match.start()
            replacement = make_replacement(match)
            if replacement != match[0]:
                self._repaired[line] = None
            return replacement

        return pattern.sub(replace_match, text)


def _replace_illegal(match: re.Match[str]) -> str:
    return "\ufffd" if _UNDECODED.search(match[0]) else ""


def _replace_reference(match: re.Match[str]) -> str:
    name = match[1]
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        code = int(name[2:-1], 16) if name[1] == "x" else int(name[1:-1])
        is_legal = code <= sys.maxunicode and not _ILLEGAL.match(chr(code))
        return match[0] if is_legal else ""
    character = unescape(match[0])
    return f"&amp;{name}" if character.startswith("&") else escape(character)
