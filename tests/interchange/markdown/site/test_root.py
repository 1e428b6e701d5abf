"""Tests that the root folder of a site is found by its marks or by its name."""

from pathlib import Path
from uuid import UUID

import pytest

from blogcli.interchange.markdown.site.root import find_site_root
from tests.interchange.markdown.imported_items import ReadSite


@pytest.mark.parametrize(
    ("folder", "root"),
    [
        ("home/A", "home/A"),
        ("home/A/content", "home/A"),
        ("home/A/Source/_posts/2024", "home/A"),
        ("home/A/cooking", "home/A/cooking"),
        ("home/blog/posts", "home/blog/posts"),
        ("home", "home"),
    ],
)
def test_root_without_mark_is_nearest_distinctive_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, root: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_site_root(tmp_path / folder).path == tmp_path / root


def test_root_is_not_root_of_file_system() -> None:
    assert find_site_root(Path("/content/posts")).path == Path("/content/posts")


def test_root_is_nearest_folder_with_mark(tmp_path: Path) -> None:
    for mark in ("_config.yml", "conf.py", "docs/conf.py"):
        (tmp_path / mark).parent.mkdir(exist_ok=True)
        (tmp_path / mark).touch()
    root = find_site_root(tmp_path / "docs" / "posts")
    assert (root.path, root.marks) == (tmp_path / "docs", frozenset({"conf.py"}))
    assert find_site_root(tmp_path / "posts").marks == {"_config.yml", "conf.py"}


def test_equal_paths_in_two_sites_have_different_uuids(read_site: ReadSite, tmp_path: Path) -> None:
    def uuids() -> list[UUID]:
        files = dict.fromkeys(["A/content/x.md", "B/content/x.md"], "x")
        imports = [read_site(files, folder=f"{site}/content") for site in "AB"]
        return [item.post.uuid for items in imports for item in items.values() if item.post]

    first = uuids()
    assert len(set(first)) == 2
    (tmp_path / "site" / "A" / ".git").mkdir()
    assert uuids() == first
