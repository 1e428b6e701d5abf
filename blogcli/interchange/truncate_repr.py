"""Foreign values inside notes and messages."""

# Enough to find the value by, on a line that stays one.
_MOST_SHOWN = 120


def quoted(value: object) -> str:
    """The value as Python would write it, on one line, cut where it is long."""
    text = repr(value[: _MOST_SHOWN + 1] if isinstance(value, str) else value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
