"""Tests that the names of exported files are unique and valid in every file system."""

import unicodedata
from datetime import UTC, datetime
from pathlib import PurePosixPath
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.enums import Flavor, PostStatus
from blogcli.interchange.markdown.file_names import FileNames, folders_of
from blogcli.interchange.records import PostRecord

ID = UUID(int=1)
DAY = datetime(2024, 5, 31, 23, tzinfo=UTC)
SLUGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300) | st.sampled_from(
    ["../../etc/passwd", "/etc/passwd", "C:\\x", "con", "nul.txt", "a.", ".", "..", "", "é", "e\u0301", "É", "aux", "~"]
)


def name_of(flavor: Flavor, **values: object) -> str:
    return FileNames(flavor).name_of(PostRecord(**{"uuid": ID, "title": "x", "slug": "x"} | values))  # type: ignore[arg-type]  # the values have the types of their fields


@pytest.mark.parametrize(
    ("flavor", "status", "published_at", "created_at", "name"),
    [
        (Flavor.PLAIN, "published", DAY, None, "2024-05-31-x.md"),
        (Flavor.PLAIN, "draft", None, DAY, "2024-05-31-x.md"),
        (Flavor.PLAIN, "draft", None, None, "x.md"),
        (Flavor.HUGO, "published", DAY, None, "content/posts/2024-05-31-x.md"),
        (Flavor.HUGO, "draft", None, DAY, "content/posts/2024-05-31-x.md"),
        (Flavor.JEKYLL, "published", DAY, None, "_posts/2024-05-31-x.md"),
        (Flavor.JEKYLL, "scheduled", DAY, None, "_posts/2024-05-31-x.md"),
        (Flavor.JEKYLL, "published", None, None, "_posts/1970-01-01-x.md"),
        (Flavor.JEKYLL, "draft", DAY, DAY, "_drafts/x.md"),
    ],
)
def test_file_path_depends_on_flavor_status_and_date(
    flavor: Flavor, status: str, published_at: datetime | None, created_at: datetime | None, name: str
) -> None:
    assert name == name_of(flavor, status=PostStatus(status), published_at=published_at, created_at=created_at)


def test_trashed_post_is_written_as_jekyll_draft() -> None:
    assert name_of(Flavor.JEKYLL, status=PostStatus.PUBLISHED, published_at=DAY, trashed_at=DAY) == "_drafts/x.md"


@pytest.mark.parametrize("slug", ["con", "nul.x", "com1", "lpt²"])
def test_reserved_windows_names_are_avoided(slug: str) -> None:
    assert name_of(Flavor.JEKYLL, slug=slug).startswith(f"_drafts/{slug.replace('.', '-').replace('²', '2')}-{ID}")


@given(SLUGS, st.sampled_from(Flavor))
def test_any_slug_makes_valid_file_name_in_folder_of_flavor(slug: str, flavor: Flavor) -> None:
    name = name_of(flavor, slug=slug)
    path = PurePosixPath(name)
    assert not path.is_absolute()
    assert ".." not in path.parts
    assert str(path.parent) in (".", "_drafts", "content/posts")
    assert path.parent in map(PurePosixPath, folders_of(flavor))
    assert len(path.name.encode()) < 240
    assert not set('<>:"\\|?*\n') & set(name)
    assert path.suffix == ".md"


def test_file_name_with_uuid_is_unique() -> None:
    names = FileNames(Flavor.PLAIN)
    slugs = ["a", f"a-{ID}", f"a-{ID}-2", "a"]
    posts = [PostRecord(uuid=ID, title="x", slug=slug) for slug in slugs]
    assert [names.name_of(post) for post in posts] == [*(f"{slug}.md" for slug in slugs[:3]), f"a-{ID}-3.md"]


@given(st.lists(SLUGS, max_size=6), st.sampled_from(Flavor))
def test_file_names_are_unique_without_case_and_unicode_form(slugs: list[str], flavor: Flavor) -> None:
    names = FileNames(flavor)
    posts = [PostRecord(uuid=UUID(int=number), title="x", slug=slug) for number, slug in enumerate(slugs)]
    keys = [unicodedata.normalize("NFC", names.name_of(post)).casefold() for post in posts]
    assert len(set(keys)) == len(slugs)
