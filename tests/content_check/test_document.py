"""Tests of the parts of a Markdown text that the rules read."""

import pytest

from blogcli.content_check.document import Image, Link, parse_document


@pytest.mark.parametrize(
    ("content", "links"),
    [
        ("[a](/b)", [Link(1, "/b")]),
        ("one\n\ntwo\nthree [a](/b)", [Link(4, "/b")]),
        ("- one\n- [a](/b)", [Link(2, "/b")]),
        ("> one\n> [a](/b)", [Link(2, "/b")]),
        ("| a | b |\n|---|---|\n| c | [a](/b) |", [Link(3, "/b")]),
        ("[a][r] and [r]\n\n[r]: /b", [Link(1, "/b"), Link(1, "/b")]),
        ("[![x](/i.png)\ny](/b)\n[c](/d)", [Link(1, "/b"), Link(3, "/d")]),
        ("one <a href='/b'>a</a>", [Link(1, "/b")]),
        ("<div>\n\n<p\nclass=x>\n<A HREF=/b>a</A>", [Link(5, "/b")]),
        ('<a\nhref="/b?x=1&amp;y=2">a</a>', [Link(1, "/b?x=1&y=2")]),
        ("<!-- <a href='/b'> -->", []),
        ("<script>\nx = \"<a href='/b'>\"\n</script>", []),
        ("<a data-href='/b'>a</a>", []),
        ("`[a](/b)`", []),
        ("    [a](/b)", []),
        ("```\n[a](/b)\n```", []),
        ("[a](/写真)", [Link(1, "/写真")]),
    ],
)
def test_links_have_lines(content: str, links: list[Link]) -> None:
    assert parse_document(content).links == links


@pytest.mark.parametrize(
    ("content", "images"),
    [
        ("![](/i.png)", [Image(1, "/i.png", "")]),
        ("![a *red* `tram`](/i.png)", [Image(1, "/i.png", "a red tram")]),
        ("one\n[![ ](/i.png)](/b)", [Image(2, "/i.png", " ")]),
        ("<img src=/i.png>", [Image(1, "/i.png", None)]),
        ("<p>\n<img src='/i.png' alt='a tram'>", [Image(2, "/i.png", "a tram")]),
        ("<img src='/i.png' alt=''>", []),
        ("<img src='/i.png' role='presentation'>", []),
        ("<img src='/i.png' aria-hidden='true'>", []),
        ("`![](/i.png)`", []),
    ],
)
def test_images_have_alternative_texts(content: str, images: list[Image]) -> None:
    assert parse_document(content).images == images


def test_headings_and_ids_are_found() -> None:
    document = parse_document(
        "# One *two*\n\nThree\n---\n\n## Four {#five}\n\n<a name=six></a><b id='seven'>x</b>\n\n{: .x #eight}"
    )
    assert document.headings == ["One two", "Three", "Four {#five}"]
    assert document.ids == {"five", "six", "seven", "eight"}


def test_code_is_found() -> None:
    document = parse_document("one `two`\n\n    three\n\n```\nfour\n```\nfive")
    assert [line for line in range(1, 10) if document.is_code(line, "x")] == [3, 5, 6, 7]
    assert document.is_code(1, "two")
