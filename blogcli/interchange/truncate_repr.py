"""Show values of sources in notes and error messages."""

# The number of characters by which a person recognizes the value.
_MAX_LENGTH = 120


def quoted(value: object) -> str:
    """Return the repr of a value, which is on one line, truncated if it is long."""
    text = repr(value[: _MAX_LENGTH + 1] if isinstance(value, str) else value)
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]}…"
