"""Tests of all rules that read one post, applied to generated posts."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from blogcli.content_check.checker import check_post
from blogcli.content_check.records import CheckedPost
from blogcli.content_check.rules import POST_RULES
from blogcli.enums import CheckRule

NOW = datetime(2024, 5, 31, tzinfo=UTC)
WORDS = (
    "Die",
    "Straße",
    "l’été",
    "niño",
    "“quote”",
    "„Spaß“",
    "a",
    "Å",
    "写真",
    "привет",
    "שלום",
    "हिन्दी",
    "C++",
    "5 €",
    "«é»",
)
text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
block = st.one_of(
    text,
    text.map("## {}".format),
    text.map("- {}\n- more".format),
    text.map("> {}".format),
    text.map("[{}](https://example.org/a#b)".format),
    text.map("![{}](/img/tram.jpg)".format),
    text.map("<img src='/a.png' alt='{}'>".format),
    text.map("```\n![](a) cafÃ© [{}](/missing.md)\n```".format),
    text.map("| {} | b |\n|---|---|\n| c | d |".format),
    text.map("{} <mailto:ann@example.org> [x](mailto:ann@example.org)".format),
    st.just("---"),
    st.just("Install it, [see below](#installing-it).\n\n## Installing it"),
)
clean_contents = st.lists(block, max_size=6).map("\n\n".join).map("First line.\n\n{}".format)


def post_with(content: str, **values: str) -> CheckedPost:
    return CheckedPost(**{"id": 1, "slug": "hello", "title": "Hello", "status": "published"} | values, content=content)  # type: ignore[arg-type]  # the values are texts


@given(clean_contents)
def test_clean_post_has_no_issues(content: str) -> None:
    report = check_post(post_with(content), POST_RULES, NOW)
    assert (report.issues, report.links) == ((), ())


@pytest.mark.parametrize("line_end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        ("One.\n\n![](a)", "image-without-alt", 3),
        ("One.\n\n[b](#c)", "broken-anchor", 3),
        ("One.\n\ncafÃ©", "mojibake", 3),
        ("\n---\ntitle: Hello\n---\nOne.", "front-matter-in-body", 2),
    ],
)
def test_lines_end_at_every_line_break_of_markdown(line_end: str, content: str, rule: str, line: int) -> None:
    issues = check_post(post_with(content.replace("\n", line_end)), POST_RULES, NOW).issues
    assert [(issue.rule, issue.line) for issue in issues] == [(rule, line)]


@given(clean_contents, st.text(), clean_contents)
@example("First line.", "\r0", "Last line.")
def test_every_line_number_is_in_content(start: str, middle: str, end: str) -> None:
    content = f"{start}\n\n{middle}\n\n{end}\n\n![](a)"
    report = check_post(post_with(content, title=middle, slug=middle), POST_RULES, NOW)
    lines = len(re.split(r"\r\n?|\n", content))
    assert all(1 <= issue.line <= lines for issue in report.issues if issue.line is not None)
    assert all(1 <= link.line <= lines for link in report.links)


@given(clean_contents)
def test_line_number_is_that_of_link_and_image(content: str) -> None:
    report = check_post(post_with(f"{content}\n\n![](a) [b](/c)"), POST_RULES, NOW)
    line = content.count("\n") + 3
    assert [(issue.rule, issue.line) for issue in report.issues] == [("image-without-alt", line)]
    assert [link.line for link in report.links] == [line]


@pytest.mark.parametrize("rule", sorted(POST_RULES))
def test_only_selected_rules_are_checked(rule: CheckRule) -> None:
    post = post_with("---\ntitle: cafÃ©\n---\n![](a) [b](#c)", slug="a\u3164b")
    issues = check_post(post, frozenset({rule}), NOW).issues
    assert {issue.rule for issue in issues} <= {rule}
    if rule in ("image-without-alt", "mojibake", "broken-anchor", "front-matter-in-body", "invisible-slug-character"):
        assert issues
