"""Tests that `create`, `edit`, `update` and `import` handle each front matter field in the same way."""

from pathlib import Path
from typing import Any

import pytest

from tests.command_line import UNDO_HINT, Cli
from tests.snapshots import cli_snapshot

pytestmark = pytest.mark.untraced

DATE = "2020-05-01T10:00:00Z"
FUTURE = "2999-01-01T00:00:00Z"
# Pairs of changed front matter fields and the resulting changes of the fields of the post.
CASES: list[tuple[dict[str, str], dict[str, Any]]] = [
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
    """Create three users, and import a post whose author becomes the fourth user."""
    for email, name in (("ann@example.org", "Ann"), ("bob@example.org", "Bob"), ("carol@example.org", "C")):
        cli.ok("user", "create", email, "--full-name", name, "--no-password")
    # The author of the imported post has a name, but no e-mail address. So the import creates a user for the author.
    cli.ok("import", "markdown", "-", stdin="---\ntitle: x\nauthor: Carol Ray\nslug: x\n---\nx\n", BLOGCLI_AUTHOR="1")


def document(changes: dict[str, str]) -> str:
    """Return a document whose front matter contains the fields of `BASE` with the given changes."""
    front_matter = "".join(f"{name}: {value}\n" for name, value in (BASE | changes).items())
    return f"---\n{front_matter}---\nText.\n"


def show(cli: Cli, reference: str | int) -> dict[str, Any]:
    """Return those fields of a post that a document can set."""
    post = cli.json("post", "show", reference)
    return {name: post[name] for name in FIELDS}


def test_field_has_the_same_effect_in_create_edit_update_and_import(
    blog: Cli, engine_name: str, tmp_path: Path
) -> None:
    base = tmp_path / "base.md"
    base.write_text(document({}))
    # Parsing does not depend on the database, so only every third case is tested with PostgreSQL.
    for number, (changes, expected_changes) in enumerate(CASES if engine_name == "sqlite" else CASES[::3]):
        file = tmp_path / f"case{number}.md"
        file.write_text(document(changes))
        results = {}
        for command in ("create", "edit", "update", "import"):
            if command == "create":
                post = blog.ok("post", "create", str(file)).stdout.strip()
            elif command == "import":
                blog.ok("import", "markdown", str(file), BLOGCLI_AUTHOR="1")
                post = str(expected_changes.get("slug", "base"))
            else:
                post = blog.ok("post", "create", str(base)).stdout.strip()
                if command == "update":
                    blog.ok("post", "update", post, "--file", str(file))
                else:
                    edited = blog("post", "edit", post, terminal=True, EDITOR=f"cp {file}")
                    assert edited.exit_code == 0, (changes, edited.stderr)
            results[command] = show(blog, post)
            blog.ok("post", "delete", post, "--purge", "--yes")
        assert results["create"] == results["edit"] == results["update"] == results["import"], changes
        expected = {"title": "Base", "slug": "base", "status": "draft", "published_at": DATE} | expected_changes
        assert expected.items() <= results["create"].items()


def test_missing_fields_are_removed_by_edit_and_unchanged_by_update(blog: Cli, tmp_path: Path) -> None:
    optional_fields = {"excerpt": "Short.", "mood": "good"}
    file = tmp_path / "required-fields.md"
    file.write_text("---\ntitle: Base\nslug: base\nstatus: draft\nauthor: ann@example.org\n---\nText.\n")
    post = blog.ok("post", "create", "-", stdin=document(optional_fields)).stdout.strip()
    original = show(blog, post)
    assert blog.ok("post", "update", post, "--file", str(file)).stderr == "Nothing to do: 1 post unchanged.\n"
    assert show(blog, post) == original
    assert blog("post", "edit", post, terminal=True, EDITOR=f"cp {file}").exit_code == 0
    removed: dict[str, Any] = {"published_at": None, "tags": [], "excerpt": None, "extra": {}}
    assert show(blog, post) == original | removed


@pytest.mark.parametrize("status", ["published", "scheduled"])
def test_edit_without_the_date_of_a_public_post_fails(blog: Cli, status: str) -> None:
    date = DATE if status == "published" else FUTURE
    post = blog.ok("post", "create", "-", stdin=document({"status": status, "date": date})).stdout.strip()
    result = blog("post", "edit", post, terminal=True, EDITOR="sed -i /^date/d")
    assert result.exit_code == 7
    assert "date" in result.stderr
    assert show(blog, post)["published_at"] == date


def test_edit_does_not_apply_fields_from_extra_to_the_post(blog: Cli) -> None:
    """Editing a post ignores the fields in `extra`.

    In a file for a new post, some of these fields have an effect. For example, `draft` makes the post a draft.
    """
    record = (
        '{"type": "blogcli", "version": 1}\n{"type": "post", "uuid": "00000000-0000-0000-0000-000000000001", '
        '"title": " Odd ", "slug": "odd", "status": "published", "published_at": "2020-05-01T10:00:00Z", '
        '"author": "ann@example.org", "excerpt": "Two\\n", "tags": ["a"], "content": "Old.\\n", "extra": '
        '{"draft": true, "description": "d", "categories": ["c"], "hidden": true, "number": 5, "status": "kept"}}\n'
    )
    blog.ok("import", "jsonl", "-", stdin=record, BLOGCLI_AUTHOR="1")
    original = show(blog, "odd")
    edited = blog("post", "edit", "odd", terminal=True, EDITOR="sed -i s/Old/New/")
    assert edited.stderr == f"Updated post 2 (odd).\n{UNDO_HINT}"
    assert show(blog, "odd") == original | {"content": "New.\n"}
    assert blog("post", "edit", "odd", terminal=True, EDITOR="sed -i /^excerpt/,/^[a-z]*:/d").exit_code == 0
    assert blog.json("post", "show", "odd")["extra"]["status"] == "kept"
    assert blog("post", "edit", "odd", terminal=True, EDITOR="sed -i /^number/d").exit_code == 0
    assert "number" not in blog.json("post", "show", "odd")["extra"]


@pytest.mark.parametrize("flavor", ["plain", "jekyll", "hugo"])
def test_create_and_update_read_an_exported_file(blog: Cli, tmp_path: Path, flavor: str) -> None:
    post = blog.ok("post", "create", "-", stdin=document({"excerpt": "Short.", "mood": "good"})).stdout.strip()
    original = show(blog, post)
    blog.ok("export", "markdown", str(tmp_path / "out"), "--flavor", flavor, "--status", "draft")
    (file,) = (tmp_path / "out").rglob("*base.md")
    assert "author: Ann\n" in file.read_text()
    assert blog.ok("post", "update", post, "--file", str(file)).stderr == "Nothing to do: 1 post unchanged.\n"
    blog.ok("post", "delete", post, "--purge", "--yes")
    created = blog.ok("post", "create", str(file)).stdout.strip()
    assert show(blog, created) == original


def test_create_with_an_unknown_or_ambiguous_author_name_lists_the_users(blog: Cli) -> None:
    def create(author: str) -> Any:
        return blog("post", "create", "-", "--format", "json", stdin=f"---\ntitle: T\nauthor: {author}\n---\nx\n")

    assert create("Ann").json["author"] == "ann@example.org"
    assert create("Carol Ray").json["author"] == "carol-ray@authors.invalid"
    blog.ok("user", "create", "second@example.org", "--full-name", "Ann", "--no-password")
    ambiguous = create("Ann")
    assert (ambiguous.exit_code, ambiguous.error["message"]) == (5, "More than one user is called Ann")
    assert ambiguous.error["hint"] == "Use ann@example.org or second@example.org."
    unknown = create("Nobody")
    assert (unknown.exit_code, unknown.error["message"]) == (5, "No such user: Nobody")
    assert "ann@example.org or bob@example.org" in unknown.error["hint"]
    assert blog("post", "create", "--title", "T", "--author", "Bob", "--content", "x").exit_code == 5


def test_create_warns_if_a_field_makes_the_post_a_draft(blog: Cli) -> None:
    result = blog("post", "create", "-", stdin=document({"status": "published", "private": "true"}))
    assert result.exit_code == 0
    assert "Warning: -: not public because of private; it became a draft" in result.stderr
    assert show(blog, result.stdout.strip())["status"] == "draft"


@pytest.mark.parametrize("text", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_empty_file_is_a_usage_error(blog: Cli, tmp_path: Path, text: bytes) -> None:
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


def test_update_with_a_blank_title_fails(blog: Cli) -> None:
    post = blog.ok("post", "create", "-", stdin=document({})).stdout.strip()
    result = blog("post", "update", post, "--file", "-", stdin="---\ntitle: ''\n---\n# Heading\n")
    assert (result.exit_code, "Title" in result.stderr) == (7, True)
    blog.ok("post", "update", post, "--file", "-", stdin="# Heading\n")
    assert blog.json("post", "show", post)["title"] == "Base"
