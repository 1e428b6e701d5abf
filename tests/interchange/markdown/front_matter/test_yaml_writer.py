"""Tests that the written front matter has the same meaning for the parsers of every version of YAML."""

import pytest

from blogcli.interchange.markdown.front_matter.parser import split_front_matter
from blogcli.interchange.markdown.front_matter.yaml_writer import document_text, to_plain_scalars
from blogcli.interchange.markdown.values import Fields

YAML_1_2 = [
    "1e3",
    "1E-3",
    "-1e3",
    "1.5e3",
    "0o7",
    ".5",
    "-.5",
    "+.5",
    "+1",
    "-0",
    "0x1F",
    ".inf",
    "-.Inf",
    ".NaN",
]
YAML_1_1 = ["y", "N", "yes", "Off", "07", "0b1", "1_000", "1:30", "0:30", "1:30.5", "2024-05-31", "=", "<<"]
RUBY = ["1,000", "-1,000.5"]
UNAMBIGUOUS = [
    "e3",
    "1e",
    "1.2.3",
    "0o",
    "1:75",
    "1,",
    "inf",
    ".",
    "yy",
    "no 1",
    "\u0661",
    "1 000",
    "C++",
    "2024-05",
]


@pytest.mark.parametrize("text", [*YAML_1_2, *YAML_1_1, *RUBY, "null", "~"])
def test_ambiguous_text_is_quoted(text: str) -> None:
    written = document_text({"title": text, "tags": [text], text: "x"}, "")
    assert written == f"---\ntitle: '{text}'\ntags:\n- '{text}'\n'{text}': x\n---\n"
    assert split_front_matter(written)[:2] == ({"title": text, "tags": [text], text: "x"}, "")


@pytest.mark.parametrize("text", UNAMBIGUOUS)
def test_unambiguous_text_is_not_quoted(text: str) -> None:
    assert document_text({"title": text}, "") == f"---\ntitle: {text}\n---\n"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        *((text, text) for text in ["1.10", "-5", "true", "2024-05-31", "1e3", "1.5e3", "0o7", "-.5", "y", "1,000"]),
        *((text, f"'{text}'") for text in ["07", "+1", ".5", "yes", "1:30", ".inf", "0x1F"]),
    ],
)
def test_typed_values_are_written_unchanged(typed: str, written: str) -> None:
    assert (
        document_text({"x": to_plain_scalars({"version": [typed]})}, "") == f"---\nx:\n  version:\n  - {written}\n---\n"
    )


@pytest.mark.parametrize("text", ["\n", "a\n\n", "a\n", "\n\n", " \n\n\n", "a\r\n\r\n"])
def test_text_with_trailing_empty_lines_does_not_end_front_matter(text: str) -> None:
    for fields in (Fields(x=text), Fields(x=[text]), Fields(x={"y": text})):
        assert split_front_matter(document_text(fields, "content"))[:2] == (fields, "content")


@pytest.mark.parametrize("number", [2**63, -(10**999), 1e300, 10**300])
def test_large_numbers_are_read_back(number: float) -> None:
    assert split_front_matter(document_text({"x": number}, ""))[0] == {"x": number}


@pytest.mark.parametrize("text", ["1" * 100_000 + "x", "1,1" * 50_000 + "x", "1:1" * 50_000 + "x", ".1_" * 50_000])
def test_long_text_is_written_in_linear_time(text: str) -> None:
    assert document_text({"x": text, "y": to_plain_scalars(text)}, "").count(text) == 2
