"""Tests of the rules about links and anchors."""

import pytest

from blogcli.content_check.checker import find_anchors
from blogcli.content_check.document import parse_document
from blogcli.content_check.link_targets import Certainty, LinkTarget
from blogcli.content_check.links import (
    TargetPost,
    check_anchor,
    check_link,
    check_missing_post,
    find_internal_links,
    has_anchor,
    is_misspelling,
    may_have_internal_link,
)
from blogcli.content_check.records import InternalLink, PostReport
from blogcli.enums import PostStatus

LINK = InternalLink(3, "/hello#install", LinkTarget("hello", ("hello",), "install", Certainty.POST_OR_PAGE))
PUBLISHED = PostReport(1, "one", is_public=True, issues=(), links=())
DRAFT = PostReport(1, "one", is_public=False, issues=(), links=())


@pytest.mark.parametrize(
    "content",
    [
        "[a](/b)",
        "[a](\n /b)",
        "[a](</b>)",
        "[a]\n\n[a]: b",
        "<a href='/b'>",
        "<a HREF = b>",
        "{% post_url b %}",
        '{{< ref "b" >}}',
    ],
)
def test_text_with_internal_link_is_parsed(content: str) -> None:
    assert may_have_internal_link(content)
    assert list(find_internal_links(content, parse_document(content)))


@pytest.mark.parametrize(
    "content",
    ["", "a [b] c", "[a](https://b.org)", "[a]: HTTP://b.org", "<a href='https://b.org'>", "[a](mailto:b@c.d)"],
)
def test_text_without_internal_link_is_not_parsed(content: str) -> None:
    assert not may_have_internal_link(content)
    assert not list(find_internal_links(content, parse_document(content)))


@pytest.mark.parametrize("content", ["`{% post_url b %}`", "```\n{% post_url b %}\n```", "{% raw %}"])
def test_reference_in_code_is_no_link(content: str) -> None:
    assert not list(find_internal_links(content, parse_document(content)))


def test_reference_has_line() -> None:
    content = 'one\n[a]({% post_url 2024-05-31-hello %})\n\n[b]({{< relref "/other" >}})'
    links = list(find_internal_links(content, parse_document(content)))
    assert [(link.line, link.target.slugs[0]) for link in links] == [(2, "hello"), (4, "other")]


@pytest.mark.parametrize(
    ("source", "status", "rule"),
    [
        (PUBLISHED, PostStatus.PUBLISHED, None),
        (PUBLISHED, PostStatus.DRAFT, "link-to-unpublished"),
        (PUBLISHED, PostStatus.SCHEDULED, "link-to-unpublished"),
        (PUBLISHED, PostStatus.TRASHED, "broken-link"),
        (DRAFT, PostStatus.DRAFT, None),
        (DRAFT, PostStatus.TRASHED, "broken-link"),
    ],
)
def test_link_to_post_depends_on_both_statuses(source: PostReport, status: PostStatus, rule: str | None) -> None:
    issue = check_link(LINK, source, TargetPost(7, "hello", status))
    assert (issue and issue.rule) == rule
    assert issue is None or (issue.line == 3 and "7" in issue.repair)


@pytest.mark.parametrize(
    ("certainty", "similar", "rule"),
    [
        (Certainty.POST, None, "broken-link"),
        (Certainty.POST_OR_PAGE, None, "unresolved-link"),
        (Certainty.POST_OR_PAGE, "hallo", "broken-link"),
        (Certainty.ANYTHING, None, None),
    ],
)
def test_link_to_missing_post_depends_on_certainty(certainty: Certainty, similar: str | None, rule: str | None) -> None:
    issue = check_missing_post(InternalLink(3, "/helo", LinkTarget("helo", ("helo",), "", certainty)), similar)
    assert (issue and issue.rule) == rule
    assert similar is None or (issue and similar in issue.repair)


@pytest.mark.parametrize(
    ("slug", "other", "expected"),
    [
        ("hello-world", "hello-wrold", True),
        ("hello-world", "hello-wrld", True),
        ("hello-world", "hello-worlds", True),
        ("hello-world", "hello-world!", True),
        ("hello-world", "hello-warld", True),
        ("hello-world", "hello_world", True),
        ("hello-world", "hello-world", False),
        ("hello-world", "hello-wdrol", False),
        ("hello-world", "hello", False),
        ("part-1-of-it", "part-2-of-it", False),
        ("about", "abort", False),
    ],
)
def test_misspelling_differs_in_one_letter(slug: str, other: str, expected: bool) -> None:
    assert is_misspelling(slug, other) is expected
    assert is_misspelling(other, slug) is (expected and len(other) > 5)


@pytest.mark.parametrize(
    "fragment",
    [
        "how-to-install",
        "how_to_install",
        "How-To-Install",
        "how-to-install-1",
        "cafe",
        "café",
        "caf-noir",
        "own",
        "six",
        "第一章",
        "top",
        "fn:1",
        "fnref1",
        "comments",
        ":~:text=any",
        "!/path",
        "",
    ],
)
def test_existing_anchor_is_found(fragment: str) -> None:
    content = "# How to install\n\n## Café\n\n## Café noir\n\n## Title {#own}\n\n<a id='six'></a>\n\n## 第一章\n"
    assert has_anchor(find_anchors(content), fragment)


def test_missing_anchor_is_reported() -> None:
    issue = check_anchor(LINK, find_anchors("# Hello\n"))
    assert issue
    assert (issue.rule, issue.line) == ("broken-anchor", 3)
    assert check_anchor(LINK, find_anchors("# Install\n")) is None


@pytest.mark.parametrize("content", ["{{ toc }}", "{% include a.md %}", "<Heading id='x' />"])
def test_anchors_of_text_with_templates_are_unknown(content: str) -> None:
    assert find_anchors(content) is None
    assert check_anchor(LINK, None) is None
