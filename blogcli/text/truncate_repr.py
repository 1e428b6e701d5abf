"""Format values from files for notes and error messages."""

# The maximum length of a formatted value in characters. A user can recognize a value by this many characters.
_MAX_LENGTH = 120


def quoted(value: object) -> str:
    """Return the `repr` of a value. The `repr` of a text contains no line breaks.

    A long `repr` is truncated and ends with an ellipsis.
    """
    text = repr(value[: _MAX_LENGTH + 1] if isinstance(value, str) else value)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
