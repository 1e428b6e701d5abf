"""Read values in the serialization format of PHP, which WordPress uses for lists and maps in meta fields."""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r'a:\d+:\{|O:\d+:"[^"]*":\d+:\{|(?P<end>\})|s:\d+:"(?P<text>.*?)";|(?:i|b|d|r|R):(?P<number>[^;]*);|(?P<null>N;)',
    re.DOTALL,
)
_SERIALIZED = re.compile(r'\s*(?:a:\d+:\{|O:\d+:"|s:\d+:"|[bid]:[^;]*;|N;)')


def is_serialized(text: str) -> bool:
    """Return whether a string looks like a value that PHP has serialized."""
    return _SERIALIZED.match(text) is not None


def iter_php_scalars(text: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the text of each string or number in a serialized value.

    The key is the one in the innermost list or map that contains the string or number. Outside of lists and maps, the
    key is an empty string.
    """
    # The current key of each open list or map, from the outermost inwards, or None if the next token is the next key.
    keys: list[str | None] = []
    for token in _TOKEN.finditer(text):
        if token["end"]:
            del keys[-1:]
            continue
        if token[0].endswith("{"):
            _expect_key(keys)
            keys.append(None)
            continue
        scalar = token["text"] if token["text"] is not None else token["number"] or ""
        if keys and keys[-1] is None:
            keys[-1] = scalar
            continue
        yield (keys[-1] or "") if keys else "", scalar
        _expect_key(keys)


def _expect_key(keys: list[str | None]) -> None:
    if keys:
        keys[-1] = None
