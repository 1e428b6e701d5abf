"""Fixtures that write Markdown files, and read posts from these files as an import does."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from blogcli.errors import InvalidError
from blogcli.interchange.items import ImportedItem, ReadOptions
from blogcli.interchange.markdown.reader import read, scan
from blogcli.interchange.sources import Source

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)

Result = ImportedItem | InvalidError


@pytest.fixture
def read_site(tmp_path: Path) -> Callable[..., dict[str, Result]]:
    """Return a function that writes files into a folder `site`, and then reads the folder, or a file or folder in it.

    The function returns a dictionary that maps the path of each file in the site to its item or its error.
    """

    def write_and_read(
        files: Mapping[str, str | bytes], *, folder: str = "", site: str | None = None
    ) -> dict[str, Result]:
        top = tmp_path / "site"
        for name, text in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        source = Source.at(top / folder)
        options = ReadOptions(zone=BERLIN, now=NOW, site=site)
        results: dict[str, Result] = {}
        for item in scan([source], options).items:
            name = str(item.content.source.path.relative_to(top.resolve()))
            try:
                results[name] = read(item, options)
            except InvalidError as error:
                results[name] = error
        return results

    return write_and_read


@pytest.fixture
def read_file(read_site: Callable[..., dict[str, Result]]) -> Callable[[str, str], Result]:
    """Return a function that writes one file into an empty site and reads it."""

    def write_and_read(name: str, text: str) -> Result:
        (result,) = read_site({name: text}).values()
        return result

    return write_and_read
