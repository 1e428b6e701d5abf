"""Replace lone surrogates in JSON.

JavaScript represents some characters by two surrogates. If a program truncates a string between the two, the program
writes the remaining surrogate to JSON as an escape sequence. JSON parsers reject such an escape sequence.
"""

import re
from collections.abc import Iterable, Iterator

_HIGH = rb"\\u[dD][89abAB][0-9a-fA-F]{2}"
_LOW = rb"\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_HIGH_ESCAPE = re.compile(_HIGH)
# Matches a surrogate pair, a lone surrogate, or any other escape sequence. If other escape sequences did not match, the
# second backslash of an escaped backslash could be mistaken for the start of an escape sequence.
_ESCAPE = re.compile(rb"(?P<pair>" + _HIGH + _LOW + rb")|(?P<lone>" + _HIGH + rb"|" + _LOW + rb")|\\.", re.DOTALL)
_ESCAPE_LENGTH = 6
# The replacement for a lone surrogate. Databases cannot store U+0000, so the import later removes U+0000 and adds a
# note.
_NUL = rb"\u0000"


def replace_lone_surrogates(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Replace each lone surrogate in a JSON document by `\u0000`, and yield the document in chunks.

    The length of the document does not change. No empty chunk is yielded, because the parser of ijson interprets an
    empty chunk as the end of the file.
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
    """Return the length of `text` without an incomplete escape sequence or surrogate pair at the end of the text."""
    last = text.rfind(b"\\", -_ESCAPE_LENGTH)
    if last < 0 or not _is_escape_start(text, last):
        last = len(text)
    elif not _may_continue(text[last:]):
        return len(text)
    elif _HIGH_ESCAPE.fullmatch(text[last:]):
        return last
    # With the next chunk, the escape sequence at the end of the text may become a low surrogate. If a high surrogate
    # precedes the escape sequence, the two may form a pair, so the high surrogate is excluded as well.
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
