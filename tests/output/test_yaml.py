"""Tests of the YAML output."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from blogcli.output.yaml import yaml_list, yaml_map

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
VALUES = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS)


@given(st.dictionaries(st.sampled_from(["title", "content", "tags"]), VALUES))
def test_yaml_map_is_read_back_unchanged(record: dict[str, Any]) -> None:
    assert yaml.safe_load(yaml_map(record)) == record


def test_yaml_map_writes_text_of_several_lines_as_a_block() -> None:
    assert yaml_map({"content": "one\n\n  two\n"}) == "content: |\n  one\n\n    two\n"


def test_yaml_list_quotes_text_that_looks_like_another_type() -> None:
    assert list(yaml_list([{"slug": "2024", "title": "Yes"}], ())) == ["- slug: '2024'\n  title: 'Yes'\n"]


@pytest.mark.parametrize("text", ["1e3", "0o17", "y", "1_000", "12:30:45", ".5", "1,000"])
def test_yaml_map_quotes_text_that_other_parsers_read_as_a_number_or_a_boolean(text: str) -> None:
    assert yaml_map({"title": text}) == f"title: '{text}'\n"


def test_yaml_map_does_not_escape_emoji() -> None:
    assert yaml_map({"title": "Hello 😀"}) == "title: Hello 😀\n"
