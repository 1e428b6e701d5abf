"""YAML that says what was meant, whoever reads it."""

from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from blogcli.output.yaml import yaml_list, yaml_map

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS)


@given(st.dictionaries(st.sampled_from(["title", "content", "tags"]), VALUES))
def test_every_value_comes_back(record: dict[str, Any]) -> None:
    assert yaml.safe_load(yaml_map(record)) == record


def test_text_of_several_lines_stands_as_a_block() -> None:
    assert yaml_map({"content": "one\n\n  two\n"}) == "content: |\n  one\n\n    two\n"


def test_what_looks_like_something_else_is_quoted() -> None:
    assert list(yaml_list([{"slug": "2024", "title": "Yes"}], ())) == ["- slug: '2024'\n  title: 'Yes'\n"]
