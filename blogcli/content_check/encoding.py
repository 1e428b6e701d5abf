"""A rule about text in UTF-8 that was read as Latin-1 or Windows-1252, which is called mojibake."""

import re
from collections.abc import Callable, Iterator, Sequence

from ..enums import CheckRule
from .document import Document
from .records import Issue

# The characters that Windows-1252 and Latin-1 show for the bytes 0x80 to 0xBF, which continue a character in UTF-8.
_CONTINUATION = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
# Those of them that may follow a capital letter in correct text, such as the closing quotation mark in „SPAß“.
_CLOSING = "\u00a0\u00b4\u00b7\u00bb‘’“”•–—…›"
_MOJIBAKE = re.compile(
    # Quotation marks, dashes, bullets and the like: â€™ or, if the text was read as Latin-1, â and two control
    # characters.
    rf"â(?:€|\u0080)[{_CONTINUATION}]|â‚¬|â„¢|âˆ[{_CONTINUATION}]|â†[{_CONTINUATION}]"
    r"|ï»¿"
    # Any characters, if the text was read as Latin-1, because correct text contains no control characters.
    r"|[Â-ß][\u0080-\u009f]|[à-ï](?:[\u0080-\u009f][\u0080-\u00bf]|[\u0080-\u00bf][\u0080-\u009f])"
    # Emoji.
    rf"|ð[\u009fŸ][{_CONTINUATION}]{{2}}"
    # Signs such as © and non-breaking spaces.
    rf"|(?<!\w)Â[\u00a0-\u00ba\u00bc-\u00bf]|(?<=[a-z0-9])Â[\u00a0-\u00bf]"
    # Latin letters with accents. An ambiguous character counts only within a word.
    rf"|Ã(?![{_CLOSING}])[{_CONTINUATION}]|(?<=[a-z])[ÃÄÅ][{_CONTINUATION}]|[ÃÄÅ][{_CONTINUATION}](?=[a-z])"
    # Other scripts, of which two or three letters in a row are required.
    rf"|(?:[ÐÑ][{_CONTINUATION}]){{3,}}|(?:[ÎÏ][{_CONTINUATION}]){{3,}}|(?:×[{_CONTINUATION}]){{3,}}"
    rf"|(?:[ØÙÚÛ][{_CONTINUATION}]){{3,}}|(?:[à-ï][{_CONTINUATION}]{{2}}){{2,}}"
)
# Matches the first two characters of all wrongly decoded characters. This search is faster than that for the pattern.
_MAY_BE_MOJIBAKE = re.compile(rf"[\u00c2-\u00f0][{_CONTINUATION}]")
_MAX_SHOWN_LENGTH = 20


def check_encoding(title: str, content: str, parse: Callable[[], Document]) -> Iterator[Issue]:
    """Yield an issue for a title, and one for a text, that contain wrongly decoded characters.

    Examples in code are ignored. `parse` returns the parsed text, and is called only if it is needed.
    """
    in_title = [(wrong, correct, None) for wrong, correct, _ in _find_mojibake(title)]
    if in_title:
        yield _make_issue("title", in_title)
    in_text: list[tuple[str, str, int | None]] = []
    line = 1
    counted = 0
    for wrong, correct, position in _find_mojibake(content):
        line += content.count("\n", counted, position)
        counted = position
        if not parse().is_code(line, wrong):
            in_text.append((wrong, correct, line))
    if in_text:
        yield _make_issue("text", in_text)


def _find_mojibake(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield the wrongly decoded characters, the correct characters, and the position of each occurrence."""
    if text.isascii() or not _MAY_BE_MOJIBAKE.search(text):
        return
    for match in _MOJIBAKE.finditer(text):
        correct = _repair(match[0])
        if correct:
            yield match[0], correct, match.start()


def _repair(text: str) -> str | None:
    """Return the text that was decoded wrongly, or None if the characters are no such text."""
    try:
        encoded = b"".join(_encode(character) for character in text)
        return encoded.decode("utf-8")
    except UnicodeError:
        return None


def _encode(character: str) -> bytes:
    code = ord(character)
    return bytes([code]) if code < 0x100 else character.encode("cp1252")


def _make_issue(where: str, occurrences: Sequence[tuple[str, str, int | None]]) -> Issue:
    """Return an issue that shows the first of the occurrences: the wrong text, the correct text, and the line."""
    wrong, correct, line = occurrences[0]
    shown = wrong if len(wrong) <= _MAX_SHOWN_LENGTH else f"{wrong[:_MAX_SHOWN_LENGTH]}…"
    others = f", and {len(occurrences) - 1:,} more" if len(occurrences) > 1 else ""
    return Issue(
        rule=CheckRule.MOJIBAKE,
        text=f"The {where} was decoded with a wrong encoding: {shown}{others}",
        repair=f"Replace {shown} by {correct[:_MAX_SHOWN_LENGTH]}",
        line=line,
    )
