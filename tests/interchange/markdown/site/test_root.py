"""Where a blog begins: at its mark, or at the nearest folder whose name tells it from other blogs."""

from pathlib import Path
from uuid import UUID

import pytest

from blogcli.interchange.markdown.site.root import find_site_root
from tests.interchange.markdown.blogs import Blog


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
def test_a_folder_without_a_mark_is_known_by_a_name_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, root: str
) -> None:
    (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find_site_root(tmp_path / folder).path == tmp_path / root


def test_the_top_of_the_system_is_no_blog() -> None:
    assert find_site_root(Path("/content/posts")).path == Path("/content/posts")


def test_the_nearest_mark_wins(tmp_path: Path) -> None:
    for mark in ("_config.yml", "conf.py", "docs/conf.py"):
        (tmp_path / mark).parent.mkdir(exist_ok=True)
        (tmp_path / mark).touch()
    found = find_site_root(tmp_path / "docs" / "posts")
    assert (found.path, found.marks) == (tmp_path / "docs", frozenset({"conf.py"}))
    assert find_site_root(tmp_path / "posts").marks == {"_config.yml", "conf.py"}


def test_equal_paths_of_two_blogs_are_two_posts_whether_or_not_something_marks_them(blog: Blog, tmp_path: Path) -> None:
    def uuids() -> list[UUID]:
        entries = [
            blog(dict.fromkeys(["A/content/x.md", "B/content/x.md"], "x"), folder=f"{each}/content") for each in "AB"
        ]
        return [entry.post.uuid for found in entries for entry in found.values() if entry.post]

    first = uuids()
    assert len(set(first)) == 2
    (tmp_path / "site" / "A" / ".git").mkdir()
    assert uuids() == first
