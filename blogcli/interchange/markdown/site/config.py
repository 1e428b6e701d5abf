"""Read languages and collections from the configuration files of a site.

Configuration files that cannot be parsed are ignored.
"""

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

# The maximum number of characters that are read from a configuration file.
_MAX_LENGTH = 256 * 1024
_READERS = {
    ".toml": read_toml,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".json": lambda text: read_json(text, first_line=1),
}
_JEKYLL_FILES = ("_config.yml", "_config.yaml", "_config.toml")
# Hugo, Zola and plugins of Jekyll have the setting `languages`, and Hexo has the setting `language`.
_LANGUAGE_SETTINGS = ("languages", "language")


def configured_languages(root: SiteRoot) -> frozenset[str]:
    """Return the languages that are listed in the configuration files in the root folder of a site."""
    names = chain.from_iterable(_names_in(_read_settings(root.path / mark), _LANGUAGE_SETTINGS) for mark in root.marks)
    return frozenset(filter(is_language, names))


def collections_in(folder: Path) -> frozenset[str]:
    """Return the names of the collections that are listed in the Jekyll configuration files in `folder`."""
    configurations = [_read_settings(folder / name) for name in _JEKYLL_FILES]
    return frozenset(name for settings in configurations for name in _names_in(settings, ("collections",)))


def _names_in(settings: Mapping[str, object], keys: tuple[str, ...]) -> list[str]:
    """Return the names in the settings `keys`. A setting is a list of names, or a map whose keys are names."""
    values = [value for value in map(settings.get, keys) if isinstance(value, dict | list)]
    return [name for value in values for name in value if isinstance(name, str)]


def _read_settings(path: Path) -> Mapping[str, object]:
    read = _READERS.get(path.suffix)
    with suppress(OSError, UnicodeDecodeError, InvalidError):
        if read is not None and path.is_file():
            with path.open(encoding="utf-8") as file:
                return read(file.read(_MAX_LENGTH))
    return {}
