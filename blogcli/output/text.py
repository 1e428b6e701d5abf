"""Escape characters that could change the state of a terminal."""

# Line ends, spaces, joiners and marks that are not escaped, although `str.isprintable` is false for them.
_HARMLESS = frozenset("\n\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufe0e\ufe0f")


def safe_text(text: str) -> str:
    r"""Escape control characters and bidi overrides in a text, except line ends. An escape looks like `\u001b`."""
    if text.isprintable():
        return text
    # Each distinct character is examined only once, because even a long text contains few distinct characters.
    escapes = {ord(character): _escape(character) for character in set(text) if not _is_harmless(character)}
    return text.translate(escapes) if escapes else text


def safe_line(text: str) -> str:
    r"""Escape control characters, bidi overrides and line ends in a text, so that the text is a single line."""
    return safe_text(text).replace("\n", "\\n")


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _HARMLESS


def _escape(character: str) -> str:
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    # A character with more than 16 bits is escaped as a pair of surrogates, so that an escaped JSON text remains valid.
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
