"""Format values of sources for notes and error messages."""

# This number of characters is enough for readers to recognize a value.
_MAX_LENGTH = 120


def quoted(value: object) -> str:
    """Return the repr of a value, truncated with an ellipsis if it is long. It contains no line breaks."""
    text = repr(value[: _MAX_LENGTH + 1] if isinstance(value, str) else value)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
