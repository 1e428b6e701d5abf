"""Tests of reading and writing the documents of `post create` and `post edit`."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blogcli.enums import PostStatus
from blogcli.errors import InvalidError
from blogcli.interchange.markdown.documents import FrontMatterDocument, decode_text, read_document, write_document

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2024, 5, 31, 12, tzinfo=UTC)
NAMES = st.sampled_from(["title", "slug", "tags", "taxonomies", "author", "authors", "layout"]) | st.sampled_from(
    [
        "date",
        "publishDate",
        "published_at",
        "pubdate",
        "published",
        "draft",
        "status",
        "excerpt",
        "description",
        "summary",
    ]
)
WORDS = st.sampled_from(
    ["true", "No", "draft", "publish", "private", "2020-01-01", "2020/1/5 9:00", "today", "a, b", " "]
)


def read(text: str | bytes) -> FrontMatterDocument:
    data = text.encode() if isinstance(text, str) else text
    return read_document(data, source="post.md", zone=BERLIN, now=NOW)


def read_yaml(*lines: str) -> FrontMatterDocument:
    return read("\n".join(["---", *lines, "---", "Body"]))


def read_toml(*lines: str) -> FrontMatterDocument:
    return read("\n".join(["+++", *lines, "+++", "Body"]))


def outcome(data: bytes) -> FrontMatterDocument | InvalidError:
    try:
        return read(data)
    except InvalidError as error:
        return error


def error_of(text: str) -> InvalidError:
    with pytest.raises(InvalidError) as caught:
        read(text)
    return caught.value


def test_every_known_field_is_read() -> None:
    document = read(
        "---\ntitle: Yes\nslug: 2024\ndate: 2024-05-31 18:00\ntags: [no, 07]\nstatus: scheduled\n"
        "excerpt: Short.\nauthor: ada@example.org\nlayout: post\n---\n\nBody  \r\n"
    )
    assert document == FrontMatterDocument(
        title="Yes",
        slug="2024",
        published_at=datetime(2024, 5, 31, 16, tzinfo=UTC),
        tags=("no", "07"),
        status=PostStatus.SCHEDULED,
        excerpt="Short.",
        author="ada@example.org",
        content="\nBody  \r\n",
        extra={"layout": "post"},
        stated_title="Yes",
    )


def test_file_without_front_matter_is_all_content() -> None:
    assert read("Just text.\n") == FrontMatterDocument(None, None, None, None, None, None, None, "Just text.\n", {})


def test_front_matter_is_found_below_byte_order_mark() -> None:
    document = read(b"\xef\xbb\xbf---\ntitle: x\n---\nBody")
    assert (document.title, document.content) == ("x", "Body")


def test_decode_text_removes_one_byte_order_mark() -> None:
    assert decode_text(b"\xef\xbb\xbf\xef\xbb\xbfx", source="a.md") == "\ufeffx"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"0123456789abcdef\n\xff", "README.md: byte 17 is not UTF-8"),
        (b"\xef\xbb\xbfab\xe9", "README.md: byte 5 is not UTF-8"),
        ("é".encode() + b"\0", "README.md: byte 2 is NUL"),
        ("text".encode("utf-16"), "README.md: byte 0 is not UTF-8"),
        (b"\xed\xa0\x80", "README.md: byte 0 is not UTF-8"),
    ],
)
def test_bytes_that_are_not_text_are_refused_with_offset(data: bytes, message: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_document(data, source="README.md", zone=UTC, now=NOW)
    assert caught.value.message == message


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("# Hello\n", "Hello"),
        ("Text\n\n  #   Hello, *world*  \r\nmore", "Hello, *world*"),
        ("# Hello ##  \n", "Hello"),
        ("# C#\n", "C#"),
        ("#\tTab\n", "Tab"),
        ("#\n# #\n# Second\n", "Second"),
        ("## No\n#No\n    # No\n> # No\n", None),
        ("```\n# no\n```\n# Yes\n", "Yes"),
        ("~~~ sh\n# no\n```\n# no\n~~~~\n# Yes\n", "Yes"),
        ("````\n```\n# no\n````\n# Yes\n", "Yes"),
        ("```sh\n# no\n``` no end\n# no\n", None),
        ("```code``` in a line\n# Yes\n", "Yes"),
        ("Over\n====\n# Later\n", "Over"),
        ("Over\r\n two lines  \r\n  =\r\n", "Over two lines"),
        ("No\n---\n\n===\n\n    No\n===\n> No\n===\n- No\nno\n===\n\nYes\n===\n", "Yes"),
        ("<!-- # no -->\n<!--\n# no\nNo\n==\n-->\n# Yes\n", "Yes"),
        ("<!-- that does not end\n# No\n", None),
        ("", None),
    ],
)
def test_missing_title_is_first_heading(body: str, title: str | None) -> None:
    assert read(body).title == title
    document = read(f"---\ntitle:\nlayout: post\n---\n{body}")
    assert (document.title, document.content) == (title, body)


def test_title_field_takes_precedence_over_heading() -> None:
    assert read("---\ntitle: Mine\n---\n# Other\n").title == "Mine"


def test_long_heading_is_read_in_linear_time() -> None:
    assert read("# a" + " " * 500_000 + "b" + " " * 500_000 + "#" * 500_000 + "x").title is not None


def test_text_fields_are_stripped() -> None:
    document = read_yaml("title: >", "  Folded", "  title", "slug: ' x '", "excerpt: |", "  One.", "  Two.")
    assert (document.title, document.slug, document.excerpt) == ("Folded title", "x", "One.\nTwo.")


def test_toml_numbers_are_read_as_text() -> None:
    document = read_toml("title = 2024", "slug = 1.5", "tags = [7, 'x']")
    assert (document.title, document.slug, document.tags) == ("2024", "1.5", ("7", "x"))


@pytest.mark.parametrize("name", ["title", "slug", "excerpt", "description", "summary", "status", "date", "published"])
@pytest.mark.parametrize("value", ["[a, b]", "{a: b}"])
def test_lists_and_maps_in_text_fields_are_refused(name: str, value: str) -> None:
    message = error_of(f"---\n{name}: {value}\n---\n").message
    assert message == f"post.md: Front matter: {name} must be text, not {'a list' if value[0] == '[' else 'a map'}"


@pytest.mark.parametrize("name", ["title", "slug", "excerpt", "status", "date"])
def test_toml_booleans_in_text_fields_are_refused(name: str) -> None:
    message = error_of(f"+++\n{name} = true\n+++\n").message
    assert message == f"post.md: Front matter: {name} must be text, not true or false"


@pytest.mark.parametrize(
    ("typed", "instant"),
    [
        ("2020-12-21", "2020-12-20T23:00Z"),
        ("2020/12/21", "2020-12-20T23:00Z"),
        ("2020-1-5", "2020-01-04T23:00Z"),
        ("'2020-12-21'", "2020-12-20T23:00Z"),
        ("2018-7-24 23:31:06", "2018-07-24T21:31:06Z"),
        ("2018/7/24 9:31", "2018-07-24T07:31Z"),
        ("2019-06-06T11:11", "2019-06-06T09:11Z"),
        ("2019-06-06 11:11", "2019-06-06T09:11Z"),
        ("2013-05-06 02:12:52 +0200", "2013-05-06T00:12:52Z"),
        ("2016-10-06 11:10:38 -0700", "2016-10-06T18:10:38Z"),
        ("2023-01-29 18:30:22 2023 -0800", "2023-01-30T02:30:22Z"),
        ("2014-03-12T10:11:00-04:00", "2014-03-12T14:11Z"),
        ("2014-03-12T10:11:00.123Z", "2014-03-12T10:11:00.123Z"),
        ("today", "2024-05-30T22:00Z"),
    ],
)
def test_dates_are_read_in_formats_of_blogs(typed: str, instant: str) -> None:
    published_at = read_yaml(f"date: {typed}").published_at
    assert published_at == datetime.fromisoformat(instant)
    assert published_at.tzinfo is UTC


@pytest.mark.parametrize("typed", ["2018-11-08", "2018-11-08T00:00:00+01:00", "2018-11-07 23:00:00Z", "'2018-11-08'"])
def test_toml_dates_are_read(typed: str) -> None:
    assert read_toml(f"date = {typed}").published_at == datetime(2018, 11, 7, 23, tzinfo=UTC)


def test_most_specific_date_field_takes_precedence() -> None:
    names = ["date", "published", "pubdate", "published_at", "publishDate"]
    dates = {name: f"2020-01-0{day} 12:00" for day, name in enumerate(names, start=1)}
    for name in reversed(names):
        document = read_yaml(*(f"{name}: {date}" for name, date in dates.items()))
        assert document.published_at == datetime.fromisoformat(dates.pop(name)).replace(tzinfo=BERLIN)
        assert document.extra == dates


@pytest.mark.parametrize(
    "typed", ["soon", "2020-13-01", "2020", "2021-02-29 10:00", "2020-01-01 25:00", "yes 2020-01-01"]
)
def test_invalid_date_is_refused(typed: str) -> None:
    error = error_of(f"---\ndate: {typed}\n---\n")
    assert error.message.startswith(f"post.md: Front matter: date: Not a date or time: '{typed}'")
    assert error.hint


def test_skipped_local_time_is_refused() -> None:
    assert "the clocks go forward" in error_of("---\ndate: 2024-03-31 02:30\n---\n").message


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("draft: true", PostStatus.DRAFT),
        ("draft: Yes", PostStatus.DRAFT),
        ("draft: 'false'", PostStatus.PUBLISHED),
        ("draft: off", PostStatus.PUBLISHED),
        ("published: true", PostStatus.PUBLISHED),
        ("published: NO", PostStatus.DRAFT),
        ("status: Draft", PostStatus.DRAFT),
        ("status: publish", PostStatus.PUBLISHED),
        ("status: published", PostStatus.PUBLISHED),
        ("status: scheduled", PostStatus.SCHEDULED),
        ("draft:", None),
        ("status: ''", None),
    ],
)
def test_status_is_read_from_status_fields(line: str, status: PostStatus | None) -> None:
    document = read_yaml(line)
    assert (document.status, document.extra, document.published_at) == (status, {}, None)


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("draft = true", PostStatus.DRAFT),
        ("draft = false", PostStatus.PUBLISHED),
        ("published = false", PostStatus.DRAFT),
    ],
)
def test_status_is_read_from_toml_booleans(line: str, status: PostStatus) -> None:
    assert read_toml(line).status is status


def test_published_field_with_date_sets_date() -> None:
    document = read_yaml("published: 2020-12-21 10:00 Z")
    assert (document.status, document.published_at) == (None, datetime(2020, 12, 21, 10, tzinfo=UTC))


@pytest.mark.parametrize("word", ["private", "hidden", "members"])
def test_hiding_status_makes_draft_and_is_kept_in_extra(word: str) -> None:
    document = read_yaml(f"status: {word}")
    assert (document.status, document.extra) == (PostStatus.DRAFT, {"status": word})
    assert document.notes == (f"its status is {word}; it became a draft",)


@pytest.mark.parametrize("word", ["trashed", "pubished", "pending"])
def test_unknown_status_is_refused(word: str) -> None:
    error = error_of(f"---\nstatus: {word}\n---\n")
    assert error.message == f"post.md: Front matter: unknown status {word!r}"
    assert error.hint == "Use draft, scheduled or published."


def test_hiding_field_makes_draft() -> None:
    document = read_yaml("status: published", "hidden: true")
    assert (document.status, document.extra) == (PostStatus.DRAFT, {"hidden": "true"})
    assert document.notes == ("not public because of hidden; it became a draft",)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["status: published", "draft: true"], PostStatus.DRAFT),
        (["status: scheduled", "published: false"], PostStatus.DRAFT),
        (["status: scheduled", "draft: false", "published: true"], PostStatus.SCHEDULED),
        (["draft: true", "published: true"], PostStatus.DRAFT),
    ],
)
def test_draft_takes_precedence_over_other_statuses(lines: list[str], status: PostStatus) -> None:
    assert read_yaml(*lines).status is status


@pytest.mark.parametrize(("typed", "actual"), [("maybe", "'maybe'"), ("[a]", "a list"), ("{a: b}", "a map")])
def test_draft_that_is_not_boolean_is_refused(typed: str, actual: str) -> None:
    message = error_of(f"---\ndraft: {typed}\n---\n").message
    assert message == f"post.md: Front matter: draft must be true or false, not {actual}"


@pytest.mark.parametrize(
    ("value", "tags"),
    [
        ("[python, 'open data']", ("python", "open data")),
        ("[' a ', '', ~, b]", ("a", "b")),
        ("[]", ()),
        ("open data", ("open data",)),
        ("open data, python,", ("open data", "python")),
        ("python", ("python",)),
        ("", None),
        ("~", None),
        ("''", None),
    ],
)
def test_tags_are_read_from_lists_and_text(value: str, tags: tuple[str, ...] | None) -> None:
    document = read_yaml(f"tags: {value}")
    assert (document.tags, document.extra) == (tags, {})


def test_tags_are_read_from_zola_taxonomies() -> None:
    document = read_toml("title = 'x'", "[taxonomies]", "tags = ['a b', 'c']", "categories = ['d']")
    assert (document.tags, document.extra) == (("a b", "c"), {"taxonomies": {"categories": ["d"]}})


def test_taxonomies_field_with_only_tags_is_removed() -> None:
    assert read_toml("[taxonomies]", "tags = ['a']").extra == {}


@pytest.mark.parametrize("lines", [["[taxonomies]", "categories = ['d']"], ["taxonomies = ['x']"]])
def test_other_taxonomies_are_kept_in_extra(lines: list[str]) -> None:
    document = read_toml(*lines)
    assert document.tags is None
    assert "taxonomies" in document.extra


def test_tags_field_takes_precedence_over_taxonomies() -> None:
    document = read_yaml("tags: [a]", "taxonomies: {tags: [b]}")
    assert (document.tags, document.extra) == (("a",), {"taxonomies": {"tags": ["b"]}})


@pytest.mark.parametrize("value", ["{a: b}", "[[a]]", "[{a: b}]"])
def test_invalid_tags_are_refused(value: str) -> None:
    assert error_of(f"---\ntags: {value}\n---\n").message.startswith("post.md: Front matter: tags must be ")


def test_first_excerpt_field_takes_precedence() -> None:
    document = read_yaml("summary: c", "description: b", "excerpt: a")
    assert (document.excerpt, document.extra) == ("a", {"summary": "c", "description": "b"})
    assert read_yaml("summary: c", "description: b").excerpt == "b"
    assert read_yaml("summary: c", "excerpt:").excerpt == "c"


@pytest.mark.parametrize(
    ("lines", "author", "extra"),
    [
        (["author: Ada"], "Ada", {}),
        (["authors: [Ada]"], "Ada", {}),
        (["author: ''", "authors: [Ada]"], "Ada", {}),
        (["author: Ada", "authors: [Bo]"], "Ada", {"authors": ["Bo"]}),
        (["authors: [Ada, Bo]"], "Ada", {"authors": ["Ada", "Bo"]}),
        (["authors: [{name: Ada}]"], "Ada", {}),
        (["author: {name: Ada, email: ada@example.org}"], "ada@example.org", {}),
        (["author: [Ada, Bo]"], "Ada", {"author": ["Ada", "Bo"]}),
        (["author: Ada <ada@example.org>"], "ada@example.org", {}),
        (["authors: ['']"], None, {"authors": [""]}),
    ],
)
def test_author_is_read_from_text_lists_and_maps(lines: list[str], author: str | None, extra: dict[str, Any]) -> None:
    document = read_yaml(*lines)
    assert (document.author, document.extra) == (author, extra)


def test_unknown_fields_are_kept_in_extra() -> None:
    document = read_yaml("layout: post", "empty:", "Mood: x", "2024: [a, {b: ~}]", "comments: true")
    assert document.extra == {
        "layout": "post",
        "empty": None,
        "Mood": "x",
        "2024": ["a", {"b": None}],
        "comments": "true",
    }


def test_error_begins_with_source_and_has_hint() -> None:
    error = error_of("---\ntitle: a: b\n---\n")
    assert error.message == "post.md: Front matter: mapping values are not allowed in this context (line 2)"
    assert "quotes" in (error.hint or "")


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: f"---\n{text}\n---\n".encode()))
@example(b"---\ndate: 0001-01-01\n---\n")
@example(b"---\ndate: 9999-12-31 23:59 -1200\n---\n")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    result = outcome(data)
    if isinstance(result, InvalidError):
        assert result.message.startswith("post.md: ")
        assert "\n" not in result.message
    else:
        assert data.endswith(result.content.encode())


@given(st.text().filter(lambda text: "\0" not in text))
def test_any_body_is_content(body: str) -> None:
    document = read(f"---\ntitle: x\n---\n{body}")
    assert (document.title, document.content, document.extra) == ("x", body, {})


@given(
    st.dictionaries(NAMES, WORDS | st.lists(WORDS, max_size=3) | st.dictionaries(NAMES, WORDS, max_size=2), max_size=8)
)
def test_any_fields_are_read_or_refused(fields: dict[str, object]) -> None:
    lines = [f"{name}: {json.dumps(value)}" for name, value in fields.items()]
    result = outcome("\n".join(["---", *lines, "---", "Body"]).encode())
    if isinstance(result, InvalidError):
        assert result.message.startswith("post.md: Front matter: ")
    else:
        assert result.content == "Body"
        assert all(fields[name] == value for name, value in result.extra.items() if name != "taxonomies")
        assert result.published_at is None or result.published_at.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "x", "draft": true, "tags": ["a", "b c"]}\nBody',
        "Title: x\nDraft: true\nTags: a, b c\n\nBody",
        "title: x\ndraft: true\ntags: [a, b c]\n---\nBody",
        "<!--\n.. title: x\n.. draft: true\n.. tags: a, b c\n-->\nBody",
    ],
)
def test_every_front_matter_syntax_is_read(text: str) -> None:
    document = read(text)
    assert (document.title, document.status, document.tags) == ("x", PostStatus.DRAFT, ("a", "b c"))
    assert (document.content, document.extra) == ("Body", {})


def test_written_document_is_read_back() -> None:
    extra: dict[str, Any] = {
        "weight": 5,
        "is": True,
        "typed": "5",
        "map": {"a": [1.5, None, "no"]},
        "day": "2024-05-31",
    }
    text = write_document(
        title="Yes",
        slug="2024",
        status="published",
        published_at=NOW,
        author="ada@example.org",
        tags=["no", "07"],
        excerpt="Two\nlines",
        extra=extra | {"title": "hidden"},
        content="\nBody  \r\n",
    )
    assert read(text) == FrontMatterDocument(
        "Yes",
        "2024",
        NOW,
        ("no", "07"),
        PostStatus.PUBLISHED,
        "Two\nlines",
        "ada@example.org",
        "\nBody  \r\n",
        extra,
        "Yes",
    )
    assert "\nis: !!bool 'true'\ntyped: 5\n" in text
