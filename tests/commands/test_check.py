"""Tests of `blogcli check`."""

from pathlib import Path
from typing import Any

import pytest

from blogcli.enums import CheckRule
from tests.command_line import Cli
from tests.snapshots import cli_snapshot

FIELDS = ["rule", "level", "id", "slug", "tag", "line", "text", "repair"]
TABLE = """\
post 1 (one)
  warning  line 1: The image a.png has no alternative text (image-without-alt)
           Describe the image in its alternative text
  error    line 2: The link post.md leads to a post that does not exist (broken-link)
           Correct or remove the link

post 2 (two)
  warning  The post has no text (empty-post)
           Write the text with `blogcli post edit`, or delete the post

tags
  info     Only one post has the tag travel (tag-on-one-post)
           Add the tag to other posts, or remove it with `blogcli tag delete`
"""
SUMMARY = "Checked 3 posts: 1 error, 2 warnings, 1 info.\n"


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create posts with an error (id 1), with a warning (2), and without findings (3), and a tag on one post."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    author = ("--author", "1")
    content = "![](a.png)\n[a](post.md) [b](two)"
    cli.ok(
        "post", "create", "--title", "One", "--content", content, "--tag", "travel", *author, "--status", "published"
    )
    cli.ok("post", "create", "--title", "Two", "--content", "", *author, "--status", "published")
    cli.ok("post", "create", "--title", "Three", "--content", "Text", *author, "--status", "draft")


def rules(cli: Cli, *arguments: str) -> list[str]:
    result = cli("check", *arguments, "--field", "rule")
    assert result.exit_code in (0, 1), result.stderr
    return result.lines


def configure(cli: Cli, text: str) -> None:
    path = Path(cli.environ["HOME"]) / "config.toml"
    path.write_text(text, "utf-8")
    cli.environ["BLOGCLI_CONFIG"] = str(path)


def test_terminal_shows_groups_and_summary(blog: Cli) -> None:
    result = blog("check", terminal=True, COLUMNS="100", NO_COLOR="1", PAGER="cat")
    assert (result.exit_code, result.stdout, result.stderr) == (1, TABLE, SUMMARY)


def test_pipe_receives_tab_separated_values(blog: Cli) -> None:
    result = blog("check")
    assert (result.exit_code, result.stderr) == (1, SUMMARY)
    assert [line.split("\t")[:6] for line in result.lines] == [
        ["image-without-alt", "warning", "1", "one", "", "1"],
        ["broken-link", "error", "1", "one", "", "2"],
        ["empty-post", "warning", "2", "two", "", ""],
        ["tag-on-one-post", "info", "1", "one", "travel", ""],
    ]


def test_json_contains_all_fields(blog: Cli) -> None:
    findings: list[dict[str, Any]] = blog("check", "--json").json
    assert [list(finding) for finding in findings] == [FIELDS] * 4
    assert findings[2]["line"] is None
    assert findings[1] == {
        "rule": "broken-link",
        "level": "error",
        "id": 1,
        "slug": "one",
        "tag": None,
        "line": 2,
        "text": "The link post.md leads to a post that does not exist",
        "repair": "Correct or remove the link",
    }


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("ids", "1\n2\n1\n"),
        ("count", "4\n"),
        ("csv", "rule,line\r\nimage-without-alt,1\r\nbroken-link,2\r\nempty-post,\r\ntag-on-one-post,\r\n"),
        ("jsonl", '{"rule": "image-without-alt", "line": 1}\n'),
        ("yaml", "- rule: image-without-alt\n"),
        ("table", "Rule"),
    ],
)
def test_every_format_prints_findings(blog: Cli, format_: str, expected: str) -> None:
    fields = () if format_ in ("ids", "count") else ("--fields", "rule,line")
    result = blog("check", "--format", format_, *fields)
    assert (result.exit_code, result.stderr) == (1, SUMMARY)
    assert result.stdout.startswith(expected)


def test_ids_can_be_passed_to_other_command(blog: Cli) -> None:
    ids = blog.ok("check", "--rule", "empty-post", "--format", "ids").stdout
    blog.ok("post", "delete", "--from", "-", "--yes", stdin=ids)
    assert rules(blog, "--rule", "empty-post") == []


def test_quiet_omits_summary(blog: Cli) -> None:
    result = blog("--quiet", "check")
    assert (result.exit_code, result.stderr) == (1, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "never"), 0),
        (("--fail-on", "info", "--rule", "tag-on-one-post"), 1),
        (("--fail-on", "warning", "--rule", "tag-on-one-post"), 0),
        (("--fail-on", "warning", "--rule", "empty-post"), 1),
        (("--rule", "empty-post"), 0),
        (("--ignore", "broken-link"), 0),
    ],
)
def test_exit_code_depends_on_level(blog: Cli, arguments: tuple[str, ...], code: int) -> None:
    assert blog("check", *arguments).exit_code == code


def test_rules_are_selected_and_ignored(blog: Cli) -> None:
    assert rules(blog, "--rule", "broken-link,empty-post") == ["broken-link", "empty-post"]
    assert rules(blog, "--rule", "broken-link", "--rule", "empty-post") == ["broken-link", "empty-post"]
    assert rules(blog, "--rule", "broken-link,empty-post", "--ignore", "empty-post") == ["broken-link"]
    assert rules(blog, "--ignore", ",".join(CheckRule)) == []


@pytest.mark.parametrize("option", ["--rule", "--ignore"])
def test_unknown_rule_is_refused_with_suggestion(blog: Cli, option: str) -> None:
    result = blog("check", option, "broken-links")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "Error: Unknown rule: 'broken-links'\nHint: Did you mean 'broken-link'? Use one of "
    )


def test_unknown_level_is_refused(blog: Cli) -> None:
    assert blog("check", "--fail-on", "all").exit_code == 2


def test_filters_select_posts(blog: Cli) -> None:
    assert rules(blog, "--tag", "travel") == ["image-without-alt", "broken-link", "tag-on-one-post"]
    assert rules(blog, "--ids", "2") == ["empty-post"]
    result = blog.ok("check", "--status", "draft")
    assert (result.stdout, result.stderr) == ("", "Checked 1 post: no findings.\n")
    assert blog("check", "--tag", "unknown").exit_code == 5


def test_trashed_posts_are_checked_only_if_selected(blog: Cli) -> None:
    blog.ok("post", "delete", "two", "--yes")
    assert rules(blog) == ["image-without-alt", "broken-link", "broken-link", "tag-on-one-post"]
    assert rules(blog, "--status", "trashed") == ["empty-post"]


def test_settings_change_levels_and_turn_off_rules(blog: Cli) -> None:
    configure(blog, "[check]\nbroken-link = 'off'\nempty-post = 'error'\nimage-without-alt = 'info'")
    result = blog("check", "--fields", "rule,level")
    assert result.stdout == "image-without-alt\tinfo\nempty-post\terror\ntag-on-one-post\tinfo\n"
    assert result.exit_code == 1
    assert rules(blog, "--rule", "broken-link") == ["broken-link"]


def test_settings_name_pages(blog: Cli) -> None:
    blog.ok("post", "update", "three", "--content", "[a](/talks) [b](/projects/) [c](/blog/jobs)")
    assert rules(blog, "--rule", "unresolved-link") == ["unresolved-link"] * 3
    configure(blog, "[check]\npages = '/talks /projects'")
    assert rules(blog, "--rule", "unresolved-link") == ["unresolved-link"]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("broken-links = 'off'", "unknown key broken-links in [check]"),
        ("broken-link = 'fatal'", "unknown level 'fatal' of broken-link in [check]"),
        ("broken-link = false", "broken-link in [check] must be a string"),
        ("pages = ['/a']", "pages in [check] must be a string"),
    ],
)
def test_invalid_settings_are_refused(blog: Cli, section: str, message: str) -> None:
    configure(blog, f"[check]\n{section}")
    result = blog("check")
    assert result.exit_code == 78
    assert message in result.stderr


def test_names_of_rules_are_completed(blog: Cli) -> None:
    result = blog.ok("completion", "candidates", "zsh", "--", "blogcli", "check", "--rule", "broken-link,broken-")
    assert "broken-link,broken-anchor" in result.stdout


def test_fields_are_completed(blog: Cli) -> None:
    result = blog.ok("completion", "candidates", "zsh", "--", "blogcli", "check", "--fields", "rule,re")
    assert "rule,repair" in result.stdout


def test_control_characters_reach_no_terminal(blog: Cli) -> None:
    blog.ok("post", "update", "three", "--content", "[a](\x9b2Jx.md)")
    result = blog("check", terminal=True)
    assert "\x9b" not in result.stdout
