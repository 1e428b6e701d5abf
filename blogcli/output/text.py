"""Text that cannot harm the terminal it is shown on."""

# Joiners and marks that scripts need, though Python calls them unprintable.
_HARMLESS = frozenset("\n\u00a0\u00ad\u200b\u200c\u200d\u200e\u200f\u202f\u2060\u3000\ufe0e\ufe0f")


def safe_text(text: str) -> str:
    r"""Return a text with control characters and bidi overrides escaped, such as `\u001b`, except line ends."""
    if text.isprintable():
        return text
    # Looking at each character once is enough: a long text consists of few different ones.
    escapes = {ord(character): _shown(character) for character in set(text) if not _is_harmless(character)}
    return text.translate(escapes) if escapes else text


def safe_line(text: str) -> str:
    r"""As `safe_text`, in one line: line ends are written as `\n`."""
    return safe_text(text).replace("\n", "\\n")


def _is_harmless(character: str) -> bool:
    return character.isprintable() or character in _HARMLESS


def _shown(character: str) -> str:
    code = ord(character)
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    # The pair of surrogates that JSON writes, so that JSON stays JSON.
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
