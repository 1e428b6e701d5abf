"""What the configuration of a blog says about its posts, as far as it can be read."""

from collections.abc import Mapping
from contextlib import suppress
from itertools import chain
from pathlib import Path

from ....errors import InvalidError
from ..front_matter.json_reader import read_json
from ..front_matter.toml_reader import read_toml
from ..front_matter.yaml_reader import read_yaml
from .file_stems import is_language
from .root import SiteRoot

# In bytes; no blog says more about itself.
_MAX_SIZE = 256 * 1024
_READERS = {
    ".toml": read_toml,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": lambda text: read_json(text, first_line=1),
}
_JEKYLL = ("_config.yml", "_config.yaml", "_config.toml")
# Of Hugo and Zola, and of plugins of Jekyll; of Hexo.
_NAMES = ("languages", "language")


def configured_languages(root: SiteRoot) -> frozenset[str]:
    """The languages that the files which mark the root list."""
    return frozenset(filter(is_language, chain.from_iterable(_listed_in(root.path / mark) for mark in root.marks)))


def collections_in(folder: Path) -> frozenset[str]:
    """Return the names of the collections of documents that Jekyll's configuration in the folder lists."""
    return frozenset(name for mark in _JEKYLL for name in _names_in(_settings_in(folder / mark), ("collections",)))


def _listed_in(path: Path) -> list[str]:
    return _names_in(_settings_in(path), _NAMES)


def _names_in(settings: Mapping[str, object], names: tuple[str, ...]) -> list[str]:
    several = [value for value in map(settings.get, names) if isinstance(value, dict | list)]
    return [name for value in several for name in value if isinstance(name, str)]


def _settings_in(path: Path) -> Mapping[str, object]:
    read = _READERS.get(path.suffix)
    with suppress(OSError, UnicodeDecodeError, InvalidError):
        if read is not None and path.is_file():
            with path.open(encoding="utf-8") as file:
                return read(file.read(_MAX_SIZE))
    return {}
