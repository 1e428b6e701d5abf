"""`blogcli post`."""

from tests.cli import Cli


def test_a_post_is_created_listed_and_shown(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--generate-password")
    created = cli.ok("post", "create", "--title", "Hello", "--author", "ANN@example.org", "--tag", "b", "--tag", "A")
    assert created.stdout == "1\n"
    assert created.stderr == "Created post 1 (hello).\n"
    (listed,) = cli.json("post", "list")
    assert listed["title"] == "Hello"
    assert listed["author"] == "ann@example.org"
    assert listed["tags"] == ["A", "b"]
