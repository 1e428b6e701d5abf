"""What the configuration of a blog says about its posts, as far as it can be read."""

from contextlib import suppress
from itertools import chain
from pathlib import Path

from ...errors import InvalidError
from .json_fields import read_json
from .roots import Root
from .stems import is_language
from .toml_fields import read_toml
from .yaml_fields import read_yaml

# In bytes; no blog says more about itself.
_LONGEST = 256 * 1024
_READERS = {
    ".toml": read_toml,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": lambda text: read_json(text, first_line=1),
}
# Of Hugo and Zola, and of plugins of Jekyll; of Hexo.
_NAMES = ("languages", "language")


def languages_said(root: Root) -> frozenset[str]:
    """The languages that the files which mark the root list."""
    return frozenset(filter(is_language, chain.from_iterable(_listed_in(root.path / mark) for mark in root.marks)))


def _listed_in(path: Path) -> list[str]:
    read = _READERS.get(path.suffix)
    if read is None or not path.is_file():
        return []
    with suppress(OSError, UnicodeDecodeError, InvalidError), path.open(encoding="utf-8") as file:
        said = read(file.read(_LONGEST))
        several = [value for value in map(said.get, _NAMES) if isinstance(value, dict | list)]
        return [name for value in several for name in value if isinstance(name, str)]
    return []
