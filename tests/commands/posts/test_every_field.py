"""Every field of a document means the same wherever a document is read."""

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

pytestmark = pytest.mark.untraced

DATE = "2020-05-01T10:00:00Z"
FUTURE = "2999-01-01T00:00:00Z"
# The lines that replace those of the post as it is, and the fields that they change.
ROWS: list[tuple[dict[str, str], dict[str, Any]]] = [
    ({"title": "New"}, {"title": "New"}),
    ({"slug": "new"}, {"slug": "new"}),
    ({"status": "published"}, {"status": "published", "published_at": DATE}),
    ({"status": "draft"}, {"status": "draft"}),
    ({"status": "scheduled", "date": FUTURE}, {"status": "scheduled", "published_at": FUTURE}),
    ({"status": "published", "date": FUTURE}, {"status": "scheduled", "published_at": FUTURE}),
    ({"status": "draft", "hidden": "true"}, {"status": "draft", "extra": {"hidden": "true"}}),
    ({"date": "2021-02-03 04:05"}, {"published_at": "2021-02-03T04:05:00Z"}),
    ({"author": "bob@example.org"}, {"author": "bob@example.org"}),
    ({"author": "Bob <BOB@example.org>"}, {"author": "bob@example.org"}),
    ({"author": "Carol Ray"}, {"author": "carol-ray@authors.invalid"}),
    ({"author": "{name: Bob, email: bob@example.org}"}, {"author": "bob@example.org"}),
    ({"tags": "[x, Y]"}, {"tags": ["x", "Y"]}),
    ({"tags": "open data"}, {"tags": ["open data"]}),
    ({"tags": "p, q"}, {"tags": ["p", "q"]}),
    ({"excerpt": "Short."}, {"excerpt": "Short."}),
    ({"mood": "good", "list": "[1, 2]"}, {"extra": {"mood": "good", "list": ["1", "2"]}}),
]
BASE = {"title": "Base", "slug": "base", "status": "draft", "date": DATE, "author": "ann@example.org", "tags": "[a]"}
FIELDS = ("title", "slug", "status", "published_at", "author", "tags", "excerpt", "content", "extra")


@cli_snapshot
def blog(cli: Cli) -> None:
    for email, name in (("ann@example.org", "Ann"), ("bob@example.org", "Bob"), ("carol@example.org", "C")):
        cli.ok("user", "create", email, "--full-name", name, "--no-password")
    # An import has made a user of a name.
    cli.ok("import", "markdown", "-", stdin="---\ntitle: x\nauthor: Carol Ray\nslug: x\n---\nx\n", BLOGCLI_AUTHOR="1")


def document(lines: dict[str, str]) -> str:
    front_matter = "".join(f"{name}: {value}\n" for name, value in (BASE | lines).items())
    return f"---\n{front_matter}---\nText.\n"


def shown(cli: Cli, reference: str | int) -> dict[str, Any]:
    post = cli.json("post", "show", reference)
    return {name: post[name] for name in FIELDS}


def test_every_field_means_the_same_to_create_edit_update_and_import(
    blog: Cli, engine_name: str, tmp_path: Path
) -> None:
    base = tmp_path / "base.md"
    base.write_text(document({}))
    # Documents are read in the same way for both databases: on the second, some rows show that they are stored.
    for number, (lines, changed) in enumerate(ROWS if engine_name == "sqlite" else ROWS[::3]):
        file = tmp_path / f"row{number}.md"
        file.write_text(document(lines))
        results = {}
        for way in ("create", "edit", "update", "import"):
            if way == "create":
                post = blog.ok("post", "create", str(file)).stdout.strip()
            elif way == "import":
                blog.ok("import", "markdown", str(file), BLOGCLI_AUTHOR="1")
                post = str(changed.get("slug", "base"))
            else:
                post = blog.ok("post", "create", str(base)).stdout.strip()
                if way == "update":
                    blog.ok("post", "update", post, "--file", str(file))
                else:
                    edited = blog("post", "edit", post, terminal=True, EDITOR=f"cp {file}")
                    assert edited.exit_code == 0, (lines, edited.stderr)
            results[way] = shown(blog, post)
            blog.ok("post", "delete", post, "--purge", "--yes")
        assert results["create"] == results["edit"] == results["update"] == results["import"], lines
        expected = {"title": "Base", "slug": "base", "status": "draft", "published_at": DATE} | changed
        assert expected.items() <= results["create"].items()


def test_lines_that_are_removed_are_removed_by_edit_and_left_by_update(blog: Cli, tmp_path: Path) -> None:
    more = {"excerpt": "Short.", "mood": "good"}
    file = tmp_path / "less.md"
    file.write_text("---\ntitle: Base\nslug: base\nstatus: draft\nauthor: ann@example.org\n---\nText.\n")
    post = blog.ok("post", "create", "-", stdin=document(more)).stdout.strip()
    before = shown(blog, post)
    assert blog.ok("post", "update", post, "--file", str(file)).stderr == "Nothing to do: 1 post unchanged.\n"
    assert shown(blog, post) == before
    assert blog("post", "edit", post, terminal=True, EDITOR=f"cp {file}").exit_code == 0
    removed: dict[str, Any] = {"published_at": None, "tags": [], "excerpt": None, "extra": {}}
    assert shown(blog, post) == before | removed


@pytest.mark.parametrize("status", ["published", "scheduled"])
def test_a_public_post_keeps_its_date(blog: Cli, status: str) -> None:
    date = DATE if status == "published" else FUTURE
    post = blog.ok("post", "create", "-", stdin=document({"status": status, "date": date})).stdout.strip()
    result = blog("post", "edit", post, terminal=True, EDITOR="sed -i /^date/d")
    assert result.exit_code == 7
    assert "date" in result.stderr
    assert shown(blog, post)["published_at"] == date


def test_what_a_post_carries_besides_is_not_taken_for_more(blog: Cli) -> None:
    """Fields of other systems stay in `extra`, whatever they mean in a file that comes in."""
    record = (
        '{"type": "blogcli", "version": 1}\n{"type": "post", "uuid": "00000000-0000-0000-0000-000000000001", '
        '"title": " Odd ", "slug": "odd", "status": "published", "published_at": "2020-05-01T10:00:00Z", '
        '"author": "ann@example.org", "excerpt": "Two\\n", "tags": ["a"], "content": "Old.\\n", "extra": '
        '{"draft": true, "description": "d", "categories": ["c"], "hidden": true, "number": 5, "status": "kept"}}\n'
    )
    blog.ok("import", "jsonl", "-", stdin=record, BLOGCLI_AUTHOR="1")
    before = shown(blog, "odd")
    assert blog("post", "edit", "odd", terminal=True, EDITOR="sed -i s/Old/New/").stderr == "Updated post 2 (odd).\n"
    assert shown(blog, "odd") == before | {"content": "New.\n"}
    assert blog("post", "edit", "odd", terminal=True, EDITOR="sed -i /^excerpt/,/^[a-z]*:/d").exit_code == 0
    assert blog.json("post", "show", "odd")["extra"]["status"] == "kept"
    assert blog("post", "edit", "odd", terminal=True, EDITOR="sed -i /^number/d").exit_code == 0
    assert "number" not in blog.json("post", "show", "odd")["extra"]


@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
def test_a_file_that_export_wrote_can_be_created_and_applied(blog: Cli, tmp_path: Path, flavor: str) -> None:
    post = blog.ok("post", "create", "-", stdin=document({"excerpt": "Short.", "mood": "good"})).stdout.strip()
    before = shown(blog, post)
    blog.ok("export", "markdown", str(tmp_path / "out"), "--flavor", flavor, "--status", "draft")
    (file,) = (tmp_path / "out").rglob("*base.md")
    assert "author: Ann\n" in file.read_text()
    assert blog.ok("post", "update", post, "--file", str(file)).stderr == "Nothing to do: 1 post unchanged.\n"
    blog.ok("post", "delete", post, "--purge", "--yes")
    created = blog.ok("post", "create", str(file)).stdout.strip()
    assert shown(blog, created) == before


def test_authors_are_found_by_name_or_the_choices_are_listed(blog: Cli) -> None:
    def create(author: str) -> Any:
        return blog("post", "create", "-", "--format", "json", stdin=f"---\ntitle: T\nauthor: {author}\n---\nx\n")

    assert create("Ann").json["author"] == "ann@example.org"
    assert create("Carol Ray").json["author"] == "carol-ray@authors.invalid"
    blog.ok("user", "create", "second@example.org", "--full-name", "Ann", "--no-password")
    several = create("Ann")
    assert (several.exit_code, several.error["message"]) == (5, "More than one user is called Ann")
    assert several.error["hint"] == "Write ann@example.org or second@example.org."
    unknown = create("Nobody")
    assert (unknown.exit_code, unknown.error["message"]) == (5, "No such user: Nobody")
    assert "ann@example.org or bob@example.org" in unknown.error["hint"]
    assert blog("post", "create", "--title", "T", "--author", "Bob", "--content", "x").exit_code == 5


def test_a_post_that_goes_public_is_never_hidden_by_its_other_fields_without_a_word(blog: Cli) -> None:
    result = blog("post", "create", "-", stdin=document({"status": "published", "private": "true"}))
    assert result.exit_code == 0
    assert "Warning: -: not public, by its private; it became a draft" in result.stderr
    assert shown(blog, result.stdout.strip())["status"] == "draft"


@pytest.mark.parametrize("text", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_no_text_is_no_document(blog: Cli, tmp_path: Path, text: bytes) -> None:
    file = tmp_path / "empty.md"
    file.write_bytes(text)
    post = blog.ok("post", "create", "-", stdin=document({})).stdout.strip()
    for arguments in (("update", post, "--file", "-"), ("create", "-", "--title", "T"), ("create", str(file))):
        result = blog("post", *arguments, stdin=text)
        assert (result.exit_code, "--content ''" in result.stderr) == (2, True)
    only_front_matter = "---\ntitle: New\n---\n\n"
    blog.ok("post", "update", post, "--file", "-", stdin=only_front_matter)
    assert blog.json("post", "show", post)["content"] == "Text.\n"
    blog.ok("post", "update", post, "--content", "")
    assert blog.json("post", "show", post)["content"] == ""


def test_an_update_with_a_blank_title_is_refused(blog: Cli) -> None:
    post = blog.ok("post", "create", "-", stdin=document({})).stdout.strip()
    result = blog("post", "update", post, "--file", "-", stdin="---\ntitle: ''\n---\n# Heading\n")
    assert (result.exit_code, "Title" in result.stderr) == (7, True)
    blog.ok("post", "update", post, "--file", "-", stdin="# Heading\n")
    assert blog.json("post", "show", post)["title"] == "Base"
