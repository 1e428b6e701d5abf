"""Replace lone surrogates in JSON.

JavaScript writes the escape of a lone surrogate where it cut a text in the middle of a character, and JSON parsers
reject it.
"""

import re
from collections.abc import Iterable, Iterator

_HIGH = rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH_ESCAPE = re.compile(_HIGH)
# A surrogate pair, a lone surrogate, or any other escape. Other escapes are matched so that an escaped backslash is not
# taken for the start of an escape.
_ESCAPE = re.compile(rb"(?P<pair>" + _HIGH + _LOW + rb")|(?P<lone>" + _HIGH + rb"|" + _LOW + rb")|\\.", re.DOTALL)
_ESCAPE_LENGTH = 6
# No database can store U+0000 either, so it is reported as a dropped character later.
_NUL = rb"\u0000"


def replace_lone_surrogates(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield the chunks of a JSON text with `\u0000` for each lone surrogate.

    The total length does not change, and no chunk is empty, because a parser takes an empty chunk for the end.
    """
    held_back = b""
    for chunk in chunks:
        text = held_back + chunk
        end = _find_end(text)
        held_back = text[end:]
        if end:
            yield _replace(text[:end])
    if held_back:
        yield _replace(held_back)


def _replace(text: bytes) -> bytes:
    if rb"\ud" not in text and rb"\uD" not in text:
        return text
    return _ESCAPE.sub(lambda escape: _NUL if escape["lone"] else escape[0], text)


def _find_end(text: bytes) -> int:
    """Return where an escape or a surrogate pair begins that may continue in the next chunk, or else the length."""
    last = text.rfind(b"\\", -_ESCAPE_LENGTH)
    if last < 0 or not _is_escape_start(text, last):
        last = len(text)
    elif not _may_continue(text[last:]):
        return len(text)
    elif _HIGH_ESCAPE.fullmatch(text[last:]):
        return last
    # The end may be preceded by a high surrogate, whose low surrogate is still incomplete.
    previous = last - _ESCAPE_LENGTH
    if previous >= 0 and _HIGH_ESCAPE.fullmatch(text[previous:last]) and _is_escape_start(text, previous):
        return previous
    return last


def _may_continue(escape: bytes) -> bool:
    is_incomplete = len(escape) < _ESCAPE_LENGTH or bool(_HIGH_ESCAPE.fullmatch(escape))
    return escape == b"\\" or (escape[1:2] == b"u" and is_incomplete)


def _is_escape_start(text: bytes, position: int) -> bool:
    if text[position : position + 1] != b"\\":
        return False
    text_before = text[:position]
    return (len(text_before) - len(text_before.rstrip(b"\\"))) % 2 == 0
