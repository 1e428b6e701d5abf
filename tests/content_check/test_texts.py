"""Tests of the rules about missing text and about front matter in the text."""

import pytest

from blogcli.content_check.texts import check_emptiness, check_front_matter


@pytest.mark.parametrize(
    "content",
    ["", " \n\t", "<!-- more -->", "<!-- unclosed", "<p>&nbsp;</p>\n<br/>", "\u200b\ufeff", "<div class='x'>\n</div>"],
)
def test_text_without_visible_characters_is_empty(content: str) -> None:
    issue = check_emptiness(content)
    assert issue
    assert issue.rule == "empty-post"


@pytest.mark.parametrize(
    "content",
    ["a", "![](a.png)", "<img src=a>", "<iframe src=a></iframe>", "{{< youtube x >}}", "<!-- a --> b", "---", "."],
)
def test_text_with_visible_parts_is_not_empty(content: str) -> None:
    assert check_emptiness(content) is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("---\ntitle: Hello\n---\nText", 1),
        ("\n\n---\ntitle: Hello\ntags: [a]\n---\nText", 3),
        ("+++\ntitle = 'Hello'\n+++\n", 1),
        ("---\n# comment\nlayout: post\nother: x\n---", 1),
        ("title: Hello\ndate: 2024-05-31\n---\nText", 1),
        ("\n\ntitle: Hello\ndate: 2024-05-31\n---\nText", 3),
        ("\ufeff---\ndate: 2024-05-31\n---\n", 1),
    ],
)
def test_front_matter_at_start_is_reported(content: str, line: int) -> None:
    issue = check_front_matter(content)
    assert issue
    assert (issue.rule, issue.line) == ("front-matter-in-body", line)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "Text",
        "---\n\nText between rules\n\n---\n",
        "---\nText: not a field\n---\n",
        "---\nBuy the title: now\n---\n",
        "Title: one line\n---\nText",
        "Text\n\n---\ntitle: Hello\n---\n",
        "```yaml\n---\ntitle: Hello\n---\n```",
        "---\ntitle: Hello\n",
        "Tags: how to use them\n\nDate: when to use it\n\n---\n",
        "+++",
    ],
)
def test_other_text_is_not_front_matter(content: str) -> None:
    assert check_front_matter(content) is None
