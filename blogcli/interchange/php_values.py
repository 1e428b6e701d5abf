"""Read values in the serialization format of PHP. WordPress stores lists and maps in meta fields in this format."""

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
    """Yield the key and the text of each scalar in a serialized value. The text of null is an empty string.

    The key is the list index or map key of the scalar in the innermost list or map that contains the scalar. Outside
    of lists and maps, the key is an empty string.
    """
    # The current key of each list or map that is not closed yet, beginning with the outermost list or map. The current
    # key is None if the next token is a key.
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
