"""Values that PHP has serialized, as WordPress keeps lists and maps in metas."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'a:\d+:\{|O:\d+:"[^"]*":\d+:\{|(?P<end>\})|s:\d+:"(?P<text>.*?)";|(?:i|b|d|r|R):(?P<number>[^;]*);|(?P<null>N;)',
    re.DOTALL,
)
_SERIALIZED = re.compile(r'\s*(?:a:\d+:\{|O:\d+:"|s:\d+:"|[bid]:[^;]*;|N;)')


def is_serialized(text: str) -> bool:
    """Return whether a text looks like a value that PHP has serialized."""
    return _SERIALIZED.match(text) is not None


def leaves_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the texts and numbers in a serialized value, each behind its key in the innermost list or map."""
    # For each open list or map, the key whose value is to come; None where a key is to come.
    keys: list[str | None] = []
    for token in _TOKEN.finditer(text):
        if token["end"]:
            del keys[-1:]
            continue
        if token[0].endswith("{"):
            _close_pair(keys)
            keys.append(None)
            continue
        scalar = token["text"] if token["text"] is not None else token["number"] or ""
        if keys and keys[-1] is None:
            keys[-1] = scalar
            continue
        yield (keys[-1] or "") if keys else "", scalar
        _close_pair(keys)


def _close_pair(keys: list[str | None]) -> None:
    if keys:
        keys[-1] = None
