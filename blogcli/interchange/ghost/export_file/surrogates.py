"""Escaped halves of characters in JSON, which JavaScript writes where it cut a text and no parser takes; pure."""

import re
from collections.abc import Iterable, Iterator

_HIGH = rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH_ESCAPE = re.compile(_HIGH)
# A pair, a half by itself, or any other escape, so that a backslash that is escaped itself begins none.
_ESCAPE = re.compile(rb"(?P<pair>" + _HIGH + _LOW + rb")|(?P<half>" + _HIGH + rb"|" + _LOW + rb")|\\.", re.DOTALL)
_LENGTH = 6
# As unstorable as half a character, so whoever stores the text says that it was dropped.
_NUL = rb"\u0000"


def without_halves(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""The chunks of a JSON text, as long as before in all, with `\u0000` for each half of a character by itself.

    None is empty: to a parser that would be the end.
    """
    held = b""
    for chunk in chunks:
        text = held + chunk
        end = _end(text)
        held = text[end:]
        if end:
            yield _mended(text[:end])
    if held:
        yield _mended(held)


def _mended(text: bytes) -> bytes:
    if rb"\ud" not in text and rb"\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: _NUL if found["half"] else found[0], text)


def _end(text: bytes) -> int:
    # Where an escape begins that may go on in the next chunk.
    last = text.rfind(b"\\", -_LENGTH)
    if last < 0 or not _begins_escape(text, last):
        last = len(text)
    elif not _may_go_on(text[last:]):
        return len(text)
    elif _HIGH_ESCAPE.fullmatch(text[last:]):
        return last
    before = last - _LENGTH
    if before >= 0 and _HIGH_ESCAPE.fullmatch(text[before:last]) and _begins_escape(text, before):
        return before
    return last


def _may_go_on(escape: bytes) -> bool:
    return escape == b"\\" or (escape[1:2] == b"u" and (len(escape) < _LENGTH or bool(_HIGH_ESCAPE.fullmatch(escape))))


def _begins_escape(text: bytes, at: int) -> bool:
    if text[at : at + 1] != b"\\":
        return False
    before = text[:at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 0
