"""Tests of the output of `blogcli post create`, `list`, `search`, `show` and `exists`."""

import csv
import io
import json

import pytest
import yaml

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

TITLES = ["Plain", 'Tab\\and, "comma"', "Größe 日本"]
DUMB_TERMINAL = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
TEXT = "  Line *one*\r\n\r\n\tline two\n\n---\nno end"


@cli_snapshot
def empty_blog(cli: Cli) -> None:
    """Create a user, but no posts."""
    cli.ok("user", "create", "ann@example.org", "--no-password")


@cli_snapshot
def blog(cli: Cli) -> None:
    """Create a user, and posts whose titles and excerpts contain special characters."""
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in TITLES:
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--excerpt", "a\tb\nc\\d")


def list_posts(cli: Cli, format_: str, *options: str) -> str:
    """Return the output of `post list` in a format."""
    return cli.ok("post", "list", "--sort", "id", "--format", format_, *options).stdout


def test_create_prints_the_id_and_list_shows_the_post(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    created = cli.ok("post", "create", "--title", "Hello", "--author", "ANN@example.org", "--tag", "b", "--tag", "A")
    assert created.stdout == "1\n"
    assert created.stderr == "Created post 1 (hello).\n"
    (listed,) = cli.json("post", "list")
    assert listed["title"] == "Hello"
    assert listed["author"] == "ann@example.org"
    assert listed["tags"] == ["A", "b"]


def test_list_as_json_jsonl_and_yaml_contains_equal_records(blog: Cli) -> None:
    records = json.loads(list_posts(blog, "json"))
    assert [record["title"] for record in records] == TITLES
    assert [json.loads(line) for line in list_posts(blog, "jsonl").splitlines()] == records
    assert yaml.safe_load(list_posts(blog, "yaml")) == records


def test_list_as_csv_has_a_header_and_quotes_values(blog: Cli) -> None:
    text = list_posts(blog, "csv", "--fields", "title,id,excerpt")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [
        ["title", "id", "excerpt"],
        *([title, str(id_), "a\tb\nc\\d"] for id_, title in enumerate(TITLES, 1)),
    ]
    assert text.startswith("title,id,excerpt\r\n")


def test_list_as_tsv_escapes_tabs_newlines_and_backslashes(blog: Cli) -> None:
    lines = list_posts(blog, "tsv", "--fields", "excerpt,title").split("\n")
    assert lines[:2] == ["a\\tb\\nc\\\\d\tPlain", 'a\\tb\\nc\\\\d\tTab\\\\and, "comma"']
    assert blog.ok("post", "list", "--sort", "id").stdout == list_posts(blog, "tsv")


def test_list_as_ids_or_count_prints_no_other_fields(blog: Cli) -> None:
    assert list_posts(blog, "ids") == "1\n2\n3\n"
    assert list_posts(blog, "count") == "3\n"


@pytest.mark.parametrize(
    ("format_", "output"),
    [("json", "[]\n"), ("jsonl", ""), ("csv", "id,slug\r\n"), ("tsv", ""), ("yaml", "[]\n"), ("count", "0\n")],
)
def test_list_without_posts_prints_an_empty_list_in_each_format(cli: Cli, format_: str, output: str) -> None:
    assert list_posts(cli, format_, "--fields", "id,slug") == output


def test_fields_are_printed_in_the_given_order(blog: Cli) -> None:
    assert list(json.loads(list_posts(blog, "json", "--fields", "slug,id,title"))[0]) == ["slug", "id", "title"]
    assert blog("post", "list", "--fields", "id,nothing").exit_code == 2


def test_field_prints_values_unchanged(blog: Cli) -> None:
    assert blog.ok("post", "list", "--sort", "id", "--field", "title").lines == TITLES
    assert blog.ok("post", "show", 1, "--field", "excerpt").stdout == "a\tb\nc\\d\n"


def test_list_on_a_terminal_is_a_table_without_escape_sequences_from_titles(blog: Cli) -> None:
    blog.ok("post", "create", "--title", "Evil \x1b[31mred", "--author", "ann@example.org")
    result = blog("post", "list", terminal=True, **DUMB_TERMINAL)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert result.lines[0].split()[:3] == ["ID", "Title", "Status"]
    assert "Größe 日本" in result.stdout
    assert max(map(len, result.lines)) <= 80
    assert result.stderr == "4 posts\n"


def test_show_raw_prints_the_content_unchanged(empty_blog: Cli) -> None:
    empty_blog.ok("post", "create", "--title", "Raw", "--author", "ann@example.org", "--content", TEXT)
    assert empty_blog.ok("post", "show", "raw", "--raw").stdout == TEXT


def test_create_reads_the_output_of_show_front_matter(empty_blog: Cli) -> None:
    options = ("--tag", "x: y", "--excerpt", "yes", "--status", "published", "--published-at", "2020-01-02T03:04:05Z")
    empty_blog.ok(
        "post", "create", "--title", "- [odd]: #1", "--author", "ann@example.org", "--content", TEXT, *options
    )
    document = empty_blog.ok("post", "show", 1, "--front-matter").stdout
    original = empty_blog.json("post", "show", 1)
    empty_blog.ok("post", "delete", 1, "--purge", "--yes")
    created = empty_blog.json("post", "create", "-", stdin=document)
    # A document does not contain these fields, so the values differ after the post is created from the document.
    for field in ("id", "uuid", "created_at", "updated_at", "version"):
        del original[field]
        del created[field]
    assert created == original


def test_show_rendered_prints_no_markdown_syntax(empty_blog: Cli) -> None:
    empty_blog.ok("post", "create", "--title", "T", "--author", "ann@example.org", "--content", "Some **bold** text.")
    result = empty_blog("post", "show", "t", "--rendered", terminal=True, **DUMB_TERMINAL)
    assert "Some bold text." in result.stdout
    assert "\x1b" not in result.stdout
    assert empty_blog("post", "show", "t", "--rendered", "--raw").exit_code == 2


def test_create_options_override_front_matter(empty_blog: Cli) -> None:
    document = "---\ntitle: Theirs\nslug: theirs\ntags: [a]\nmood: good\n---\nBody\n"
    empty_blog.ok("post", "create", "-", "--author", "ann@example.org", "--title", "Mine", stdin=document)
    post = empty_blog.json("post", "show", "theirs")
    assert (post["title"], post["tags"], post["content"]) == ("Mine", ["a"], "Body\n")
    assert post["extra"] == {"mood": "good"}


@pytest.mark.parametrize("options", [("--title", "T"), ("--author", "ann@example.org"), ("-", "--content", "x")])
def test_create_without_title_or_author_or_with_two_texts_is_a_usage_error(
    empty_blog: Cli, options: tuple[str, ...]
) -> None:
    assert empty_blog("post", "create", *options, stdin="Body").exit_code == 2
    assert list_posts(empty_blog, "count") == "0\n"


def test_search_finds_posts_with_every_word_in_title_or_content(empty_blog: Cli) -> None:
    for title, content in (("Red fox", "runs"), ("Red", "a FOX"), ("Red", "hen")):
        empty_blog.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", content)
    for words in (("fox", "red"), ("fox red",)):
        assert empty_blog.ok("post", "search", *words, "--format", "ids", "--sort", "id").stdout == "1\n2\n"
    assert empty_blog.ok("post", "search", "fox", "runs", "--format", "count").stdout == "1\n"


def test_exists_sets_the_exit_code(blog: Cli) -> None:
    assert blog("post", "exists", "plain", 2).exit_code == 0
    missing = blog("post", "exists", "plain", "nowhere")
    assert (missing.exit_code, missing.stdout) == (5, "")


@pytest.mark.parametrize("sort", ["-date", "title", "-words"])
def test_list_pages_contain_every_post_once(empty_blog: Cli, sort: str) -> None:
    empty_blog.ok("db", "seed", "--force", "--posts", 7, "--users", 2, "--tags", 2)
    ids: list[int] = []
    cursor_options: list[str] = []
    while True:
        page = empty_blog.json("post", "list", "--sort", sort, "--limit", 3, "--page-info", *cursor_options)
        ids += [post["id"] for post in page["items"]]
        if page["next"] is None:
            break
        cursor_options = ["--after", page["next"]]
    assert ids == [post["id"] for post in empty_blog.json("post", "list", "--sort", sort)]
    assert len(set(ids)) == 7


def test_list_that_was_truncated_prints_how_to_see_all(empty_blog: Cli) -> None:
    empty_blog.ok("db", "seed", "--force", "--posts", 21, "--users", 21, "--tags", 21)
    for noun, total in (("post", 21), ("tag", 21), ("user", 22)):
        assert empty_blog(noun, "list", terminal=True).stderr == f"20 of {total}; --limit 0 for all\n"
        assert empty_blog(noun, "list", "--limit", "0", "--no-pager", terminal=True).stderr == f"{total} {noun}s\n"
        assert empty_blog.ok(noun, "list", "--limit", "5").stderr == ""


def test_show_on_a_terminal_formats_the_post(empty_blog: Cli) -> None:
    options = ("--title", "Hello", "--author", "1", "--content", "Some *text*.\n\n- one", "--tag", "b", "--tag", "a")
    empty_blog.ok("post", "create", *options, "--published-at", "2020-01-31T23:30Z", "--status", "published")
    variables = DUMB_TERMINAL | {"BLOGCLI_TIMEZONE": "Asia/Tokyo"}
    result = empty_blog("post", "show", "1", terminal=True, **variables)
    assert result.lines == [
        "Hello",
        "published · 2020-02-01 08:30 · ann@example.org · a, b",
        "id 1 · slug hello",
        "",
        "Some text.",
        "",
        " • one",
    ]
    for output_options in (("--format", "table"), ("--fields", "uuid,version")):
        detailed = empty_blog("post", "show", "1", *output_options, terminal=True, **variables).stdout
        assert "UUID" in detailed
        assert "Version" in detailed
    empty_blog.ok("post", "create", "--title", "Draft", "--author", "1", "--content", "Second")
    both = empty_blog("post", "show", "1", "2", terminal=True, **variables).lines
    assert [line for line in both if line.startswith(("id", "draft"))][1].startswith("draft · created 20")
    assert "Second" in both


@pytest.mark.parametrize(("when", "zone"), [("0001-01-01T00:00Z", "America/New_York"), ("9999-12-31", "Asia/Tokyo")])
def test_list_on_a_terminal_prints_the_first_and_last_dates(empty_blog: Cli, when: str, zone: str) -> None:
    empty_blog.ok("post", "create", "--title", "Old", "--author", "1", "--published-at", when)
    result = empty_blog("post", "list", terminal=True, BLOGCLI_TIMEZONE=zone)
    assert (result.exit_code, when[:10] in result.stdout) == (0, True)
