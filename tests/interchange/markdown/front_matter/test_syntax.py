"""Tests of less common syntaxes of front matter, such as JSON, fields without delimiters, and tags in YAML."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.errors import InvalidError
from blogcli.interchange.markdown.front_matter.parser import FrontMatter, split_front_matter

LINES = st.lists(
    st.sampled_from(
        ["title: x", "Title: x", "date: 2020", "tags:", "- a", "  b", "---", "", "{", '{"a": 1}', ".. title: x"]
    )
    | st.text(max_size=12),
    max_size=6,
)


def outcome(text: str) -> FrontMatter | InvalidError:
    try:
        return split_front_matter(text)
    except InvalidError as error:
        return error


def error_of(text: str) -> str:
    with pytest.raises(InvalidError) as caught:
        split_front_matter(text)
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "fields", "body"),
    [
        ('{"title": "x", "weight": 5}\nbody\n', {"title": "x", "weight": 5}, "body\n"),
        (
            '{\n  "title": "x",\n  "n": [1.5, true, null]\n}\r\n\r\nbody',
            {"title": "x", "n": [1.5, True, None]},
            "\r\nbody",
        ),
        ("{}\nbody", {}, "body"),
        ('{"inf": 1e999, "nan": NaN}', {"inf": "1e999", "nan": "NaN"}, ""),
        ('---json\n{"title": "x"}\n---\nbody', {"title": "x"}, "body"),
        ("---toml\ntitle = 'x'\n---\nbody", {"title": "x"}, "body"),
        ("---yaml\ntitle: x\n---\nbody", {"title": "x"}, "body"),
        ("title: x\ndate: 2013-12-26 22:52:56\n---\n\nbody", {"title": "x", "date": "2013-12-26 22:52:56"}, "\nbody"),
        ("title: x\r\ntags:\r\n- a\r\n- b\r\n---\r\nbody", {"title": "x", "tags": ["a", "b"]}, "body"),
        ("date: 2013-12-25\ntags:\n---\nbody\n---\n", {"date": "2013-12-25", "tags": None}, "body\n---\n"),
        ("Title: My: title\nTags: a, b\n\nbody\n\nmore", {"title": "My: title", "tags": "a, b"}, "body\n\nmore"),
        ("title: x\nSummary: one\n    two\n\nbody", {"title": "x", "summary": "one\ntwo"}, "body"),
        ("Date: 2020-01-01\nTitle: x\nstatus:\n", {"date": "2020-01-01", "title": "x", "status": ""}, ""),
        ("<!--\n.. title: x\n.. tags: a, b\n-->\n\nbody", {"title": "x", "tags": "a, b"}, "\nbody"),
        (".. title: x: y\n.. slug:\n\nbody", {"title": "x: y", "slug": ""}, "body"),
    ],
)
def test_front_matter_is_split_into_fields_and_body(text: str, fields: dict[str, Any], body: str) -> None:
    assert split_front_matter(text)[:2] == (fields, body)


@pytest.mark.parametrize(
    "text",
    [
        "Note: this is a text\n\nbody",
        "Tags: are what this text is about\n\nIt has no title.",
        "Title: x\nbut this line is no field\n\nbody",
        "Title: underlined\n---\nbody",
        "{% raw %}\nbody",
        '{{< figure src="x" >}}\n',
        "{: .class}\nbody",
        "{\nbody\n}\n",
        ".. note::\n\n   body",
        "<!-- comment -->\nbody",
    ],
)
def test_text_that_resembles_front_matter_is_all_body(text: str) -> None:
    assert split_front_matter(text)[:2] == ({}, text)


@pytest.mark.parametrize("language", ["js", "JS", " js", "javascript", "ts", "coffee", "ruby", "perl"])
def test_program_code_is_refused(language: str) -> None:
    message = error_of(f"---{language}\nconst title = 'x'\n---\nbody")
    assert message == "Front matter: program code is not run (line 1)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"title": "x",\n "a" 1}\nbody', "Front matter: not JSON: Expecting ':' delimiter (line 2)"),
        ('{"title": "x"} body', "Front matter: text after the closing } (line 1)"),
        ('{"a": ' + "[" * 100_000, "Front matter: nested more than 110 levels deep"),
        ('{"a": ' + "9" * 5000 + "}", "Front matter: a number has too many digits"),
        (f'{{"a": {10**1_000}}}', "Front matter: a number has too many digits"),
        ('{"a": "\\ud800"}', "Front matter: the character U+D800 is not allowed"),
        ("---json\n[1]\n---\n", "Front matter: not a JSON object (line 2)"),
        ('---json\n{"a": 1} x\n---\n', "Front matter: text after the closing } (line 2)"),
        ("title: a: b\n---\nbody", "Front matter: mapping values are not allowed in this context (line 1)"),
    ],
)
def test_invalid_front_matter_is_refused(text: str, message: str) -> None:
    assert error_of(text) == message


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("!!int 5", 5),
        ("!!int -9223372036854775808", -(2**63)),
        ("!!float 5.0", 5.0),
        ("!!float 1e300", 1e300),
        ("!!float .inf", ".inf"),
        ("!!bool true", True),
        ("!!bool FALSE", False),
        ("!!int five", "five"),
        ("!!bool maybe", "maybe"),
        ("5", "5"),
    ],
)
def test_yaml_tags_determine_type(typed: str, value: object) -> None:
    parsed = split_front_matter(f"---\na: {typed}\n---\n")[0]["a"]
    assert (type(parsed), parsed) == (type(value), value)


def test_long_text_without_front_matter_takes_linear_time() -> None:
    text = "title: x\n" + "- a\n" * 200_000 + "end"
    assert split_front_matter(text)[:2] == ({}, text)


@given(LINES)
def test_any_lines_are_parsed_or_refused(lines: list[str]) -> None:
    text = "\n".join(lines)
    result = outcome(text)
    if isinstance(result, InvalidError):
        assert result.message.startswith("Front matter: ")
        assert "\n" not in result.message
    else:
        fields, body, _ = result
        assert text.endswith(body)
        assert json.loads(json.dumps(fields)) == fields
