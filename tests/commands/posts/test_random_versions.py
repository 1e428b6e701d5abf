"""Property test that every version of every post can be rebuilt after random commands."""

import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from blogcli.errors import ExitCode
from tests.command_line import Cli, environment
from tests.commands.imports.jsonl_records import jsonl, post
from tests.databases import ENGINES, Templates, fetch
from tests.stress import IS_FULL

# These tests are not traced, because measuring coverage would multiply their time, and other tests cover the same code.
pytestmark = pytest.mark.untraced

# Few names are drawn, so that posts, tags and users often have the name of another one before.
POSTS = st.sampled_from(["id:1", "id:2", "id:3"])
TAGS = st.sampled_from(["py", "python", 'quo"te', "tab\\n"])
EMAILS = st.sampled_from(["ann@example.org", "bob@example.org", "eve@example.org"])
OPERATIONS = st.sampled_from(["4", "5", "6", "7", "8"])
SLUGS = st.sampled_from(["one", "two", "three"])
TEXTS = st.sampled_from(
    ["one two", "", 'quotes " \' \\ "', "tab\tand\n\nlines", "\u2028 \U0001f600 e\u0301", "one\x7f[b]"]
)


def import_text(title: str, content: str, tag: str) -> str:
    """Return the text of a JSON Lines file with a post that each import creates or updates."""
    extra = {"a": 1.5, "b": None, "c": "\u2028"}
    return jsonl(post(1, author="eve@example.org", title=title, content=content, tags=[tag], extra=extra))


def command(*words: str | st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    """Return a strategy of command lines, in which each strategy among the words draws one argument."""
    return st.tuples(*(word if isinstance(word, st.SearchStrategy) else st.just(word) for word in words)).map(list)


COMMANDS = st.one_of(
    command("post", "create", "--title", SLUGS, "--author", EMAILS, "--tag", TAGS, "--content", TEXTS),
    command("post", "update", POSTS, "--content", TEXTS, "--title", SLUGS),
    command("post", "update", POSTS, "--excerpt", TEXTS, "--slug", SLUGS),
    command("post", "update", POSTS, "--author", EMAILS, "--add-tag", TAGS),
    command("post", "tag", "set", TAGS, POSTS),
    command("post", "publish", POSTS),
    command("post", "unpublish", POSTS),
    command("post", "schedule", POSTS, "--at", "2999-01-01"),
    command("post", "expire", POSTS, "--at", "2999-01-01"),
    command("post", "delete", POSTS),
    command("post", "restore", POSTS),
    command("post", "delete", POSTS, "--purge", "--yes"),
    command("post", "revert", POSTS, "--to", "-1"),
    command("post", "revert", POSTS, "--to", OPERATIONS, "--all"),
    command("undo", OPERATIONS, "--yes"),
    command("redo", OPERATIONS, "--yes"),
    command("tag", "rename", TAGS, TAGS),
    command("tag", "merge", TAGS, TAGS, "--yes"),
    command("tag", "delete", TAGS, "--yes"),
    command("user", "update", EMAILS, "--email", EMAILS),
    command("user", "delete", EMAILS, "--reassign-to", EMAILS, "--yes"),
    st.builds(import_text, SLUGS, TEXTS, TAGS).map(
        lambda line: ["import", "jsonl", "-", "--on-conflict", "update", line]
    ),
)
START = [
    ["user", "create", "ann@example.org", "--no-password"],
    ["user", "create", "bob@example.org", "--no-password"],
    *(["post", "create", "--title", slug, "--author", "ann@example.org", "--content", slug] for slug in ("one", "two")),
]


def run_line(cli: Cli, line: list[str]) -> None:
    """Run a valid command line, which may fail. The last argument of an import is its input."""
    result = cli(*line[:-1], stdin=line[-1]) if line[0] == "import" else cli(*line)
    expected = (ExitCode.DONE, ExitCode.NOT_FOUND, ExitCode.CONFLICT)
    assert result.exit_code in expected or re.search("into itself|one of the users to delete", result.stderr), result


def all_posts(cli: Cli) -> dict[int, Any]:
    """Return all fields of all posts by id."""
    ids = cli.ok("post", "list", "--status", "draft,scheduled,published,trashed", "--format", "ids").lines
    # A single reference is printed as an object, and several references as a list.
    posts = cli.json("post", "show", *ids) if len(ids) > 1 else [cli.json("post", "show", id_) for id_ in ids]
    return {post["id"]: post for post in posts}


@pytest.mark.parametrize("engine_name", ENGINES)
# Examples are not shrunk, because each of them takes seconds.
@settings(max_examples=100 if IS_FULL else 2, phases=[Phase.explicit, Phase.generate])
@given(lines=st.lists(COMMANDS, min_size=4, max_size=14))
def test_every_version_equals_post_after_its_operation(
    engine_name: str, templates: Templates, lines: list[list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = templates.new(engine_name, Path(folder))
        cli = Cli(environment(url, Path(folder)))
        posts_by_operation: dict[int, dict[int, Any]] = {}
        for line in [*START, *lines]:
            run_line(cli, line)
            ((operation,),) = fetch(url, "SELECT max(id) FROM journal_operations")
            posts_by_operation[operation] = all_posts(cli)
        check_versions(cli, posts_by_operation)
        templates.drop(url)


def check_versions(cli: Cli, posts_by_operation: dict[int, dict[int, Any]]) -> None:
    """Compare all versions of all posts with the posts as they were after each operation."""
    for post_id in {id_ for posts in posts_by_operation.values() for id_ in posts}:
        for operation, posts in posts_by_operation.items():
            result = cli("post", "show", f"id:{post_id}", "--at", str(operation), "--format", "json")
            assert (result.json if result.exit_code == 0 else None) == posts.get(post_id), result.stderr
        check_history(cli, post_id, posts_by_operation)


def check_history(cli: Cli, post_id: int, posts_by_operation: dict[int, dict[int, Any]]) -> None:
    """Check that the history of a post lists each change of the post, and which versions are equal."""
    versions = cli.json("post", "history", f"id:{post_id}")
    assert versions[-1]["changed"][0] == "created"
    listed = {version["operation"]: version for version in versions}
    for version in versions:
        post = posts_by_operation[version["operation"]].get(post_id)
        assert version["words"] == (post and post["words"])
        if version["same_as"]:
            assert post
            other = posts_by_operation[version["same_as"]][post_id]
            assert content_of(post) == content_of(other)
            assert version["same_as"] < version["operation"]
    previous: Any = None
    for operation, posts in posts_by_operation.items():
        post = posts.get(post_id)
        if bool(post) is not bool(previous) or (post and previous and post["version"] != previous["version"]):
            assert operation in listed
            if post and previous and post["content"] != previous["content"]:
                assert "content" in listed[operation]["changed"]
        previous = post


def content_of(post: Any) -> Any:
    # The names of tags and users may have changed since.
    omitted = ("version", "created_at", "updated_at", "tags", "author")
    return {name: value for name, value in post.items() if name not in omitted}
