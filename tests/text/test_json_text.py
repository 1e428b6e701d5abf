"""Tests that JSON of other programs is parsed with a limit of nesting."""

import pytest

from blogcli.text.json_text import MAX_LEVELS, parse_json


@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_values_are_nested_up_to_the_limit(start: str, end: str) -> None:
    count = MAX_LEVELS // (2 if start.startswith("[{") else 1)
    assert parse_json(start * count + "1" + end * count)
    with pytest.raises(ValueError, match="nested more than 500 levels deep"):
        parse_json(f"[{start * count}1{end * count}]")


@pytest.mark.parametrize("levels", [501, 900, 5_000, 1_000_000])
def test_deeper_values_are_refused_in_texts_and_bytes(levels: int) -> None:
    text = "[" * levels + "]" * levels
    for value in (text, text.encode()):
        with pytest.raises(ValueError, match="nested more than 500 levels deep"):
            parse_json(value)


def test_wide_values_and_brackets_in_texts_are_not_refused() -> None:
    assert len(parse_json("[" + "[]," * 1_000 + '"' + "[" * 1_000 + '"]')) == 1_001


def test_parser_of_constants_is_called() -> None:
    assert parse_json("[NaN]", parse_constant=str) == ["NaN"]
