"""Tests that exported files are distinguished from files that a user wrote."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blogcli.enums import Flavor
from blogcli.interchange.items import WriteOptions
from blogcli.interchange.markdown.owned_files import OwnedFiles
from blogcli.interchange.markdown.writer import write
from blogcli.interchange.records import PostRecord
from tests.interchange import strategies

NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
POST = PostRecord(uuid=UUID(int=1), title="x", slug="x", excerpt="a\n---\nb", extra={"b": "1"}, content="A\n---\nB\n")
FOREIGN = "not exported by blogcli"


def exported(post: PostRecord, flavor: Flavor = Flavor.PLAIN) -> tuple[str, str]:
    ((name, text),) = write([post], WriteOptions(now=NOW, flavor=flavor))
    return name, text


EXPORTED = exported(POST)[1]
UUID_LINE = f"uuid: {POST.uuid}\n"


def rejection_reason(folder: Path, text: str | bytes) -> str | None:
    path = folder / "post.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return OwnedFiles(Flavor.PLAIN).rejection_reason(path)


@given(strategies.posts(), st.sampled_from(Flavor))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=50)
def test_exported_file_is_accepted_for_its_flavor_only(tmp_path: Path, post: PostRecord, flavor: Flavor) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(exported(post, flavor)[1].encode())
    reasons = {checked: OwnedFiles(checked).rejection_reason(path) for checked in Flavor}
    reason = f"exported by blogcli as {flavor}"
    assert reasons == {checked: None if checked is flavor else reason for checked in Flavor}


@pytest.mark.parametrize(
    "text",
    [
        EXPORTED.replace("\n", "\r\n"),
        EXPORTED.replace("A\n", "Edited\n"),
        EXPORTED.replace("title: x", "title: Edited"),
        EXPORTED.replace("  flavor: plain", "  flavor: plain # comment"),
        EXPORTED.encode() + b"\xff\0",
    ],
)
def test_edited_exported_file_is_accepted(tmp_path: Path, text: str | bytes) -> None:
    assert text != EXPORTED
    assert rejection_reason(tmp_path, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "---\n",
        f"---\n{UUID_LINE}",
        f"---\n{UUID_LINE}title: Mine\n---\n",
        f"---\ntitle: Mine\n---\n{EXPORTED}",
        f"---\ntitle: Mine\n{UUID_LINE}blogcli:\n  flavor: plain\n---\n",
        f"---\n{UUID_LINE}title: Mine\n---\nblogcli:\n  flavor: plain\n---\n",
        f"---\n{UUID_LINE}text: |\n  blogcli:\n    flavor: plain\n---\n",
        f"---\n{UUID_LINE}blogcli: plain\n---\n",
        f"---\n{UUID_LINE}blogcli:\n  flavor: other\n---\n",
        f"---\n{UUID_LINE}blogcli: [\n---\n",
        EXPORTED.replace(UUID_LINE, "uuid: 1\n"),
        EXPORTED.replace(UUID_LINE, f"uuid: {'-' * 36}\n"),
        EXPORTED.replace(UUID_LINE, f"id: 1\n{UUID_LINE}"),
        EXPORTED.encode().replace(b"title: x", b"title: \xff"),
        f"\n{EXPORTED}",
    ],
)
def test_foreign_file_is_rejected(tmp_path: Path, text: str | bytes) -> None:
    assert text != EXPORTED
    assert rejection_reason(tmp_path, text) == FOREIGN


def test_links_folders_and_missing_files_are_rejected(tmp_path: Path) -> None:
    owned_files = OwnedFiles(Flavor.PLAIN)
    assert rejection_reason(tmp_path, EXPORTED) is None
    (tmp_path / "link.md").symlink_to(tmp_path / "post.md")
    assert [owned_files.rejection_reason(tmp_path / name) for name in ("link.md", ".", "missing.md")] == [FOREIGN] * 3


@pytest.mark.parametrize("flavor", Flavor)
def test_candidates_are_in_folders_of_flavor_only(tmp_path: Path, flavor: Flavor) -> None:
    name, text = exported(POST, flavor)
    for top in ("", "below", ".git", "node_modules"):
        path = tmp_path / top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / name).with_suffix(".txt").write_text(text)
    (tmp_path / name).with_name(".hidden.md").write_text(text)
    assert list(OwnedFiles(flavor).candidates(tmp_path)) == [tmp_path / name]


@pytest.mark.parametrize(("flavor", "link"), [(Flavor.HUGO, "content"), (Flavor.JEKYLL, "_drafts")])
def test_candidates_skip_linked_folders(tmp_path: Path, flavor: Flavor, link: str) -> None:
    site = tmp_path / "site"
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "posts").mkdir(parents=True)
    site.mkdir()
    for folder in (elsewhere, elsewhere / "posts"):
        (folder / "x.md").write_text(EXPORTED)
    (site / link).symlink_to(elsewhere)
    assert list(OwnedFiles(flavor).candidates(site)) == []
