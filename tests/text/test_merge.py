"""Tests of merging texts."""

from hypothesis import given
from hypothesis import strategies as st

from blogcli.text.merge import count_markers, merge_texts

TEXTS = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n", "d \n"]), max_size=12).flatmap(
    lambda lines: st.sampled_from(["", "end"]).map(lambda end: "".join(lines) + end)
)


@given(TEXTS, TEXTS)
def test_merge_with_an_unchanged_side_returns_the_other_side(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base) == (changed, 0)
    assert merge_texts(base, base, changed) == (changed, 0)
    assert merge_texts(base, changed, changed) == (changed, 0)


@given(TEXTS, TEXTS, TEXTS)
def test_merge_has_the_same_conflicts_if_the_sides_are_exchanged(base: str, yours: str, stored: str) -> None:
    merged = merge_texts(base, yours, stored)
    exchanged = merge_texts(base, stored, yours)
    assert merged.conflicts == exchanged.conflicts
    assert count_markers(merged.text) == 3 * merged.conflicts
    if not merged.conflicts:
        assert merged.text == exchanged.text


@given(TEXTS, TEXTS, TEXTS)
def test_merge_keeps_each_added_line_of_both_sides(base: str, yours: str, stored: str) -> None:
    lines = set(merge_texts(base, yours, stored).text.splitlines())
    for side in (yours, stored):
        assert set(side.splitlines()) - set(base.splitlines()) <= lines


@given(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
def test_merge_combines_changes_of_separate_parts(first: str, second: str, third: str, fourth: str, tail: str) -> None:
    middle = "\nunique one\nunique two\n"
    base = first + middle + second + tail
    yours = third + middle + second + tail
    stored = first + middle + fourth + tail
    assert merge_texts(base, yours, stored) == (third + middle + fourth + tail, 0)


def test_merge_encloses_both_versions_of_a_conflict_by_markers() -> None:
    merged = merge_texts("a\nb\nc", "a\nB\nc", "a\nbb\nc\nd")
    assert merged.conflicts == 1
    assert merged.text == "a\n<<<<<<< yours\nB\nc\n======= stored\nbb\nc\nd\n>>>>>>> end\n"


def test_merge_of_a_conflict_keeps_equal_lines_around_it() -> None:
    merged = merge_texts("a\nb\nc\n", "a\nB\nc\n", "a\nbb\nc\n")
    assert merged == ("a\n<<<<<<< yours\nB\n======= stored\nbb\n>>>>>>> end\nc\n", 1)


def test_merge_ends_the_last_line_before_a_marker() -> None:
    assert merge_texts("", "yours", "stored").text == "<<<<<<< yours\nyours\n======= stored\nstored\n>>>>>>> end\n"


def test_each_conflict_marker_is_counted_but_no_heading() -> None:
    assert count_markers("<<<<<<< yours\r\n======= stored \n>>>>>>> end") == 3
    assert count_markers("Title\n=======\n\n <<<<<<< yours\n") == 0
