"""Files of a blog, made for a test and read as an import reads them."""

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

Blog = Callable[..., dict[str, ImportedItem | InvalidError]]


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Writes files into a folder called `site`, reads all below one of its folders, and gives the entry of each."""

    def entries(
        files: Mapping[str, str | bytes], *, folder: str = "", site: str | None = None
    ) -> dict[str, ImportedItem | InvalidError]:
        top = tmp_path / "site"
        for name, text in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        source, options = Source.at(top / folder), ReadOptions(zone=BERLIN, now=NOW, site=site)
        found: dict[str, ImportedItem | InvalidError] = {}
        for item in scan([source], options).items:
            name = str(item.content.source.path.relative_to(top.resolve()))
            try:
                found[name] = read(item, options)
            except InvalidError as error:
                found[name] = error
        return found

    return entries


@pytest.fixture
def one(blog: Blog) -> Callable[[str, str], ImportedItem | InvalidError]:
    def entry(name: str, text: str) -> ImportedItem | InvalidError:
        (found,) = blog({name: text}).values()
        return found

    return entry
