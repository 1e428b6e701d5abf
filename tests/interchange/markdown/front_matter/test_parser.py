"""Tests that front matter in YAML and TOML is parsed or refused."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from blogcli.errors import InvalidError
from blogcli.interchange.markdown.front_matter import yaml_reader
from blogcli.interchange.markdown.front_matter.parser import split_front_matter

# Random text of characters that are common in YAML and TOML. The parsers reach more cases in such text than in other
# text.
SYNTAX = st.text(alphabet="ab01 \t\n\r-+.:,[]{}'\"&*!%<>|?#=~\\xuU_é\x00\x85\u2028", max_size=80)
MARKS = st.sampled_from(["---", "+++"])


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test with libyaml, and with the parser in Python that PyYAML uses on systems without libyaml."""
    monkeypatch.setattr(yaml_reader, "_Loader", getattr(yaml, request.param))


def yaml_fields(*lines: str) -> object:
    return split_front_matter("\n".join(["---", *lines, "---", ""]))[0]


def toml_fields(*lines: str) -> object:
    return split_front_matter("\n".join(["+++", *lines, "+++", ""]))[0]


def outcome(text: str) -> object:
    try:
        return split_front_matter(text)[0]
    except InvalidError as error:
        return error


def error_of(text: str) -> str:
    with pytest.raises(InvalidError) as caught:
        split_front_matter(text)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: x\n---\nbody\n", "body\n"),
        ("---\ntitle: x\n---\n\n  body  \n\n", "\n  body  \n\n"),
        ("---\r\ntitle: x\r\n---\r\nbody\r\n", "body\r\n"),
        ("--- \t\ntitle: x\n---  \nbody", "body"),
        ("---\ntitle: x\n---", ""),
        ("---\ntitle: x\n---\r", ""),
        ("---\ntitle: x\n---\n---\nrule\n---\n", "---\nrule\n---\n"),
        ("---\ntitle: x\n\n---\n+++\n", "+++\n"),
        ("+++\ntitle = 'x'\n+++\nbody\n", "body\n"),
        ("+++\r\ntitle = 'x'\r\n+++\r\nbody\r\n", "body\r\n"),
    ],
)
def test_body_begins_below_closing_delimiter(text: str, body: str) -> None:
    assert split_front_matter(text)[:2] == ({"title": "x"}, body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Just text.\n",
        "---",
        "---\n",
        "Title: Underlined\n---\nbody\n",
        "note: x\n---\nbody\n",
        "http://a.example\nmailto:b@c.example\n\nbody\n",
        "---\nA rule: and the text below it.\n",
        "***\ntitle: x\n",
    ],
)
def test_text_without_front_matter_is_all_body(text: str) -> None:
    assert split_front_matter(text)[:2] == ({}, text)


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\n...\nbody",
        "----\ntitle: x\n----\nbody",
        "\n---\ntitle: x\n---\nbody",
        "\ufeff\ufeff---\ntitle: x\n---\nbody",
        "---\rtitle: x\r---\rbody",
        '"title": "x"\n;;;\nbody',
        ';;;\n"title": "x"\n;;;\nbody',
        "cover: a.png\ntitle: x\n---\nbody",
        "Image: a.png\nTitle: x\n\nbody",
        "Title:x\nStatus:draft\n\nbody",
    ],
)
def test_every_delimiter_and_header_is_recognized(text: str) -> None:
    fields, body, _ = split_front_matter(text)
    assert {name.lower(): value for name, value in fields.items() if name.lower() == "title"} == {"title": "x"}
    assert body == "body"


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: x\ndraft: true\n\nbody",
        "---\ntitle: x\n",
        "---\ntitle: x\n ---\n",
        "---\ntitle: x\n---more\n",
        "---\ntitle: x\n+++\n",
        " ---\ntitle: x\n---\n",
        "+++\ntitle = 'x'\n",
        "---unknown\ntitle: x\n---\n",
    ],
)
def test_missing_closing_delimiter_is_refused(text: str) -> None:
    assert error_of(text) == "Front matter: no closing delimiter (line 1)"


@pytest.mark.parametrize("block", ["", "\n", "# a comment\n", "\r\n"])
@pytest.mark.parametrize("mark", ["---", "+++"])
def test_empty_front_matter_has_no_fields(mark: str, block: str) -> None:
    assert split_front_matter(f"{mark}\n{block}{mark}\nbody")[:2] == ({}, "body")


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "word",
    "Yes no on off true False y 2024 07 1_000 0x1f 0b1 1:30 1e3 .5 .inf .nan + = << 2020-01-01 -1 NUll n/a".split(),  # noqa: SIM905 - a list of literals takes a line per word
)
def test_yaml_scalars_stay_text(word: str) -> None:
    assert yaml_fields(f"value: {word}", f"list: [{word}]", f"{word}: x") == {"value": word, "list": [word], word: "x"}


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("word", ["", " ~", " null", " Null", " NULL", " # comment"])
def test_yaml_null_is_none(word: str) -> None:
    assert yaml_fields(f"value:{word}") == {"value": None}


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("typed", ["''", '""', "'~'", '"null"', "!!str null", "!!str"])
def test_quoted_yaml_null_is_text(typed: str) -> None:
    text = typed.removeprefix("!!str").strip(" '\"")
    assert yaml_fields(f"value: {typed}") == {"value": text}


@pytest.mark.usefixtures("loader")
def test_yaml_timestamps_stay_text() -> None:
    assert yaml_fields("date: 2013-05-06 02:12:52 +0200") == {"date": "2013-05-06 02:12:52 +0200"}


@pytest.mark.usefixtures("loader")
def test_yaml_collections_and_block_scalars_are_parsed() -> None:
    fields = yaml_fields(
        "tags:", "- a", "- [b, {c: 1}]", "map: {x: {y: ~}}", "text: |", "  one", "  two", "folded: >-", "  a", "  b"
    )
    assert fields == {
        "tags": ["a", ["b", {"c": "1"}]],
        "map": {"x": {"y": None}},
        "text": "one\ntwo\n",
        "folded": "a b",
    }


@pytest.mark.usefixtures("loader")
def test_yaml_names_become_text() -> None:
    assert yaml_fields("2024: a", "~: b", "true: c", "? d", ": e") == {"2024": "a", "~": "b", "true": "c", "d": "e"}


@pytest.mark.usefixtures("loader")
def test_duplicate_field_with_different_values_is_refused() -> None:
    message = "Front matter: the field 'title' occurs twice with different values (line 3)"
    assert error_of("---\ntitle: a\ntitle: b\n---\n") == message
    assert yaml_fields("title: a", "b: c", "title: a") == {"title": "a", "b": "c"}
    assert error_of("Title: a\nDate: b\ntitle: a\n  c\n\n") == message
    fields, _, _ = split_front_matter("Title: a\n  c\nDate: b\ntitle: a\n c\n\n")
    assert fields == {"title": "a\nc", "date": "b"}


@pytest.mark.usefixtures("loader")
def test_yaml_aliases_are_resolved() -> None:
    fields = yaml_fields("a: &a [x, &b y]", "c: *a", "*b : *b")
    assert fields == {"a": ["x", "y"], "c": ["x", "y"], "y": "y"}


@pytest.mark.usefixtures("loader")
def test_standard_yaml_tags_are_accepted() -> None:
    assert yaml_fields("a: !!int 07", "b: !!bool yes", "c: !!str 1", "d: !!seq [x]", "e: ! z") == {
        "a": 7,
        "b": "yes",
        "c": "1",
        "d": ["x"],
        "e": "z",
    }


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.system", "!!python/name:os.system", "!ruby/object:Post", "!!set", "!!binary", "!x"],
)
def test_yaml_tags_of_objects_are_refused(tag: str) -> None:
    for value in (f"{tag} text", f"{tag} [a]", f"{tag} {{a: b}}", f"[{tag} a]"):
        assert error_of(f"---\na: b\nvalue: {value}\n---\n") == f"Front matter: the tag {tag} is not allowed (line 3)"


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("block", "line"),
    [
        ("title: a: b", 2),
        ("a: b\ntitle: @x", 3),
        ("a: b\n\ttitle: x", 3),
        ("a: b\n c: d", 3),
        ("title: {{ page.title }}", 2),
        ("a: b\n\ntitle: *important*", 4),
        ("a: b\nself: &a [*a]", 3),
        ("- a\n- b", 2),
        ("# comment\nJust a sentence", 3),
        ("~", 2),
        ("a: b\n--- c\nd: e", 3),
        ("a: b\nbell: \x07", 3),
        ("a: b\nseparator: x\u2028y", 3),
        ("a: b\r\n\r\ntitle: c: d", 4),
    ],
)
def test_invalid_yaml_is_refused_with_line_number(block: str, line: int) -> None:
    message = error_of(f"---\n{block}\n---\nbody\n")
    assert message.startswith("Front matter: ")
    assert message.endswith(f" (line {line})")


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("escape", [r"\0", r"\ud800", r"\ud83d\ude00", r"\UFFFFFFFF", r"\U00110000"])
def test_yaml_escapes_of_unstorable_characters_are_refused(escape: str) -> None:
    assert error_of(f'---\ntitle: "{escape}"\n---\n').startswith("Front matter: ")


def test_horizontal_rule_above_text_gets_hint() -> None:
    with pytest.raises(InvalidError) as caught:
        split_front_matter("---\nA thought between two rules.\n\n---\n")
    assert "rule" in (caught.value.hint or "")


def test_toml_values_become_json_values() -> None:
    fields = toml_fields(
        "title = 'x'",
        "number = 7_000",
        "ratio = 1.5",
        "draft = true",
        "tags = ['a', ['b']]",
        "[extra]",
        "deep = {er = 1}",
    )
    assert fields == {
        "title": "x",
        "number": 7000,
        "ratio": 1.5,
        "draft": True,
        "tags": ["a", ["b"]],
        "extra": {"deep": {"er": 1}},
    }


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2018-11-08", "2018-11-08"),
        ("2018-11-08T07:32:00", "2018-11-08T07:32:00"),
        ("2018-11-08 07:32:00Z", "2018-11-08T07:32:00+00:00"),
        ("07:32:00", "07:32:00"),
        ("nan", "nan"),
        ("-inf", "-inf"),
        ("1e400", "1e400"),
    ],
)
def test_toml_values_without_json_type_become_text(typed: str, value: str) -> None:
    assert toml_fields(f"value = {typed}", f"list = [{typed}]") == {"value": value, "list": [value]}


@pytest.mark.parametrize(
    ("block", "ending"),
    [
        ("a = 1\nb =", " (line 3)"),
        ("a = 1\n\nb = c", " (line 4)"),
        ("a = 1\r\nb = ", " (line 3)"),
        ("a = 1\na = 2", " (line 3)"),
        ("a = '''\n", " (line 3)"),
        ("a = " + "9" * 5000, ""),
        ('a = "\\u0000"', ""),
        ('"\\u0000" = 1', ""),
    ],
)
def test_invalid_toml_is_refused_with_line_number(block: str, ending: str) -> None:
    message = error_of(f"+++\n{block}\n+++\n")
    assert message.startswith("Front matter: ")
    assert message.endswith(ending)


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    "text",
    [
        "---\na: " + "[" * 100_000 + "\n---\n",
        "---\na: " + "{a: " * 100_000 + "\n---\n",
        "---\n" + "- " * 100_000 + "\n---\n",
        "---\n" + "".join(" " * depth + "a:\n" for depth in range(200)) + "---\n",
        "---\n"
        + "".join(f"a{n}: &a{n} [[[[[[[[*a{n - 1}]]]]]]]]\n" for n in range(1, 200)).replace("*a0", "x")
        + "---\n",
        "+++\na = " + "[" * 100_000 + "\n+++\n",
        "+++\na = " + "[" * 200 + "]" * 200 + "\n+++\n",
        "+++\n" + ".".join("a" * 1000) + " = 1\n+++\n",
    ],
    ids=["flow lists", "flow maps", "block lists", "block maps", "aliases", "arrays", "closed arrays", "dotted names"],
)
def test_deep_nesting_is_refused(text: str) -> None:
    message = error_of(text)
    # libyaml limits the number of nested levels too, and may raise its own error before blogcli counts the levels.
    assert "nested more than 110 levels deep" in message or "exceeded maximum nesting depth" in message


@pytest.mark.untraced
def test_nested_aliases_are_refused_when_too_large() -> None:
    lines = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)]
    assert "expand to too much data" in error_of("---\na0: &a0 x\n" + "".join(lines) + "---\n")


def test_repeated_aliases_are_refused_when_too_large() -> None:
    assert "expand to too much data" in error_of("---\na: &a " + "x" * 1000 + "\nb: [" + "*a, " * 2000 + "]\n---\n")


def test_long_body_is_split_in_linear_time() -> None:
    body = "---\n" * 500_000
    assert split_front_matter("---\ntitle: x\n---\n" + body)[:2] == ({"title": "x"}, body)


@given(st.text())
@example("\ufeff")
def test_any_body_is_returned_unchanged(body: str) -> None:
    assert split_front_matter("---\ntitle: x\n---\n" + body)[:2] == ({"title": "x"}, body)
    assert split_front_matter("+++\ntitle = 'x'\n+++\n" + body)[:2] == ({"title": "x"}, body)


# Texts with `{` are excluded, because a text such as `{}` is a JSON object and therefore front matter.
@given(st.text().filter(lambda text: not text.startswith(("---", "+++")) and "{" not in text))
@example("a {} b")
def test_any_text_without_delimiters_is_all_body(text: str) -> None:
    assert split_front_matter(text)[:2] == ({}, text)


@given(MARKS, st.one_of(SYNTAX, st.text(alphabet=st.characters()), st.text(alphabet=st.characters(categories=["Cs"]))))
@example("---", "a: \ud800")
@example("+++", "a = '\ud800'")
@example("---", "a: !%FF b")
@example("---", "%YAML " + "9" * 5000 + ".1\n--- a")
def test_any_front_matter_is_parsed_or_refused(mark: str, block: str) -> None:
    for loader_class in (yaml.SafeLoader, yaml.CSafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yaml_reader, "_Loader", loader_class)
            result = outcome(f"{mark}\n{block}\n{mark}\nbody")
            if isinstance(result, InvalidError):
                assert result.message.startswith("Front matter: ")
                assert "\n" not in result.message
            else:
                assert json.loads(json.dumps(result, allow_nan=False)) == result


@given(st.dictionaries(st.text(max_size=20), st.recursive(st.none() | st.text(), st.lists, max_leaves=10), max_size=5))
def test_any_yaml_dump_is_read_back(fields: dict[str, object]) -> None:
    block = yaml.safe_dump(fields, default_style='"', default_flow_style=False).replace('!!null "null"', "null")
    result = outcome(f"---\n{block}---\n")
    if isinstance(result, InvalidError):
        assert "U+0000" in result.message
    else:
        assert result == fields


def test_toml_key_with_many_parts_is_refused() -> None:
    for line in ("a." * 200 + "b = 1", "[" + "a." * 200 + "b]"):
        with pytest.raises(InvalidError, match=r"more than 110 levels deep \(line 3\)"):
            split_front_matter(f"+++\ntitle = 'x'\n{line}\n+++\n")
    numbers, dots = ", ".join(["1.5"] * 200), "." * 200
    fields, _, _ = split_front_matter(f"+++\na.b = [{numbers}]\nc = '{dots}'\n+++\n")
    assert fields["c"] == dots
