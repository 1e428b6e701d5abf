"""`blogcli post`: create, list, search, show, exists."""

import csv
import io
import json
from typing import Any

import pytest
import yaml

from tests.command_line import Cli
from tests.snapshots import cli_snapshot

_TITLES = ["Plain", 'Tab\\and, "comma"', "Größe 日本"]
_DUMB = {"COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
_TEXT = "  Line *one*\r\n\r\n\tline two\n\n---\nno end"


@cli_snapshot
def ann(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")


@cli_snapshot
def blog(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    for title in _TITLES:
        cli.ok("post", "create", "--title", title, "--author", "ann@example.org", "--excerpt", "a\tb\nc\\d")


def _list(cli: Cli, format_: str, *more: str) -> str:
    return cli.ok("post", "list", "--sort", "id", "--format", format_, *more).stdout


def test_a_post_is_created_listed_and_shown(cli: Cli) -> None:
    cli.ok("user", "create", "ann@example.org", "--no-password")
    created = cli.ok("post", "create", "--title", "Hello", "--author", "ANN@example.org", "--tag", "b", "--tag", "A")
    assert created.stdout == "1\n"
    assert created.stderr == "Created post 1 (hello).\n"
    (listed,) = cli.json("post", "list")
    assert listed["title"] == "Hello"
    assert listed["author"] == "ann@example.org"
    assert listed["tags"] == ["A", "b"]


def test_json_jsonl_and_yaml_say_the_same(blog: Cli) -> None:
    records = json.loads(_list(blog, "json"))
    assert [record["title"] for record in records] == _TITLES
    assert [json.loads(line) for line in _list(blog, "jsonl").splitlines()] == records
    assert yaml.safe_load(_list(blog, "yaml")) == records


def test_csv_has_a_header_and_quotes(blog: Cli) -> None:
    text = _list(blog, "csv", "--fields", "title,id,excerpt")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["title", "id", "excerpt"], *([t, str(n), "a\tb\nc\\d"] for n, t in enumerate(_TITLES, 1))]
    assert text.startswith("title,id,excerpt\r\n")


def test_tsv_escapes_what_would_break_a_line(blog: Cli) -> None:
    lines = _list(blog, "tsv", "--fields", "excerpt,title").split("\n")
    assert lines[:2] == ["a\\tb\\nc\\\\d\tPlain", 'a\\tb\\nc\\\\d\tTab\\\\and, "comma"']
    assert blog.ok("post", "list", "--sort", "id").stdout == _list(blog, "tsv")


def test_ids_and_count(blog: Cli) -> None:
    assert _list(blog, "ids") == "1\n2\n3\n"
    assert _list(blog, "count") == "3\n"


@pytest.mark.parametrize(
    ("format_", "printed"),
    [("json", "[]\n"), ("jsonl", ""), ("csv", "id,slug\r\n"), ("tsv", ""), ("yaml", "[]\n"), ("count", "0\n")],
)
def test_every_format_of_nothing(cli: Cli, format_: str, printed: str) -> None:
    assert _list(cli, format_, "--fields", "id,slug") == printed


def test_fields_come_in_the_order_asked_for(blog: Cli) -> None:
    assert list(json.loads(_list(blog, "json", "--fields", "slug,id,title"))[0]) == ["slug", "id", "title"]
    assert blog("post", "list", "--fields", "id,nothing").exit_code == 2


def test_field_prints_raw_values(blog: Cli) -> None:
    assert blog.ok("post", "list", "--sort", "id", "--field", "title").lines == _TITLES
    assert blog.ok("post", "show", 1, "--field", "excerpt").stdout == "a\tb\nc\\d\n"


def test_a_terminal_gets_a_table_without_escape_codes(blog: Cli) -> None:
    blog.ok("post", "create", "--title", "Evil \x1b[31mred", "--author", "ann@example.org")
    result = blog("post", "list", terminal=True, **_DUMB)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert result.lines[0].split()[:3] == ["ID", "Title", "Status"]
    assert "Größe 日本" in result.stdout
    assert max(map(len, result.lines)) <= 80
    assert result.stderr == "4 posts\n"


def test_raw_is_byte_for_byte(ann: Cli) -> None:
    ann.ok("post", "create", "--title", "Raw", "--author", "ann@example.org", "--content", _TEXT)
    assert ann.ok("post", "show", "raw", "--raw").stdout == _TEXT


def test_front_matter_round_trip(ann: Cli) -> None:
    options = ("--tag", "x: y", "--excerpt", "yes", "--status", "published", "--published-at", "2020-01-02T03:04:05Z")
    ann.ok("post", "create", "--title", "- [odd]: #1", "--author", "ann@example.org", "--content", _TEXT, *options)
    document = ann.ok("post", "show", 1, "--front-matter").stdout
    before = ann.json("post", "show", 1)
    ann.ok("post", "delete", 1, "--purge", "--yes")
    after = ann.json("post", "create", "-", stdin=document)
    own = {"id", "uuid", "created_at", "updated_at", "version"}
    assert {k: v for k, v in after.items() if k not in own} == {k: v for k, v in before.items() if k not in own}


def test_rendered_markdown_loses_its_marks(ann: Cli) -> None:
    ann.ok("post", "create", "--title", "T", "--author", "ann@example.org", "--content", "Some **bold** text.")
    result = ann("post", "show", "t", "--rendered", terminal=True, **_DUMB)
    assert "Some bold text." in result.stdout
    assert "\x1b" not in result.stdout
    assert ann("post", "show", "t", "--rendered", "--raw").exit_code == 2


def test_options_go_before_front_matter(ann: Cli) -> None:
    document = "---\ntitle: Theirs\nslug: theirs\ntags: [a]\nmood: good\n---\nBody\n"
    ann.ok("post", "create", "-", "--author", "ann@example.org", "--title", "Mine", stdin=document)
    post = ann.json("post", "show", "theirs")
    assert (post["title"], post["tags"], post["content"]) == ("Mine", ["a"], "Body\n")
    assert post["extra"] == {"mood": "good"}


@pytest.mark.parametrize("options", [("--title", "T"), ("--author", "ann@example.org"), ("-", "--content", "x")])
def test_create_needs_a_title_an_author_and_one_text(ann: Cli, options: tuple[str, ...]) -> None:
    assert ann("post", "create", *options, stdin="Body").exit_code == 2
    assert _list(ann, "count") == "0\n"


def test_search_wants_every_word_in_title_or_content(ann: Cli) -> None:
    for title, content in (("Red fox", "runs"), ("Red", "a FOX"), ("Red", "hen")):
        ann.ok("post", "create", "--title", title, "--author", "ann@example.org", "--content", content)
    for words in (("fox", "red"), ("fox red",)):
        assert ann.ok("post", "search", *words, "--format", "ids", "--sort", "id").stdout == "1\n2\n"
    assert ann.ok("post", "search", "fox", "runs", "--format", "count").stdout == "1\n"


def test_exists_answers_by_exit_code(blog: Cli) -> None:
    assert blog("post", "exists", "plain", 2).exit_code == 0
    missing = blog("post", "exists", "plain", "nowhere")
    assert (missing.exit_code, missing.stdout) == (5, "")


@pytest.mark.parametrize("sort", ["-date", "title", "-words"])
def test_paging_visits_every_post_once(ann: Cli, sort: str) -> None:
    ann.ok("db", "seed", "--force", "--posts", 7, "--users", 2, "--tags", 2)
    seen: list[int] = []
    more: list[Any] = []
    while True:
        page = ann.json("post", "list", "--sort", sort, "--limit", 3, "--page-info", *more)
        seen += [post["id"] for post in page["items"]]
        if page["next"] is None:
            break
        more = ["--after", page["next"]]
    assert seen == [post["id"] for post in ann.json("post", "list", "--sort", sort)]
    assert len(set(seen)) == 7


def test_a_shortened_list_says_how_to_see_all(ann: Cli) -> None:
    ann.ok("db", "seed", "--force", "--posts", 21, "--users", 21, "--tags", 21)
    for noun, total in (("post", 21), ("tag", 21), ("user", 22)):
        assert ann(noun, "list", terminal=True).stderr == f"20 of {total}; --limit 0 for all\n"
        assert ann(noun, "list", "--limit", "0", "--no-pager", terminal=True).stderr == f"{total} {noun}s\n"
        assert ann.ok(noun, "list", "--limit", "5").stderr == ""


def test_a_terminal_shows_a_post_as_it_is_read(ann: Cli) -> None:
    written = ("--title", "Hello", "--author", "1", "--content", "Some *text*.\n\n- one", "--tag", "b", "--tag", "a")
    ann.ok("post", "create", *written, "--published-at", "2020-01-31T23:30Z", "--status", "published")
    variables = _DUMB | {"BLOGCLI_TIMEZONE": "Asia/Tokyo"}
    shown = ann("post", "show", "1", terminal=True, **variables)
    assert shown.lines == [
        "Hello",
        "published · 2020-02-01 08:30 · ann@example.org · a, b",
        "id 1 · slug hello",
        "",
        "Some text.",
        "",
        " • one",
    ]
    for options in (("--format", "table"), ("--fields", "uuid,version")):
        detailed = ann("post", "show", "1", *options, terminal=True, **variables).stdout
        assert "UUID" in detailed
        assert "Version" in detailed
    ann.ok("post", "create", "--title", "Draft", "--author", "1", "--content", "Second")
    both = ann("post", "show", "1", "2", terminal=True, **variables).lines
    assert [line for line in both if line.startswith(("id", "draft"))][1].startswith("draft · created 20")
    assert "Second" in both


@pytest.mark.parametrize(("when", "zone"), [("0001-01-01T00:00Z", "America/New_York"), ("9999-12-31", "Asia/Tokyo")])
def test_the_ends_of_the_calendar_can_be_shown(ann: Cli, when: str, zone: str) -> None:
    ann.ok("post", "create", "--title", "Old", "--author", "1", "--published-at", when)
    shown = ann("post", "list", terminal=True, BLOGCLI_TIMEZONE=zone)
    assert (shown.exit_code, when[:10] in shown.stdout) == (0, True)
