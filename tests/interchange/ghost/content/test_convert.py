"""Tests of converting the content of Ghost posts to Markdown."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blogcli.interchange.notes import NoteCode
from tests.interchange.ghost.exports import KEEP_HTML_OPTIONS, read_post

CONVERTED = NoteCode.CONTENT_CONVERTED
INCOMPLETE = NoteCode.CONTENT_LOSSY
EXACT_TEXTS = ["# Hi\r\n\r\n* a\t \n", "", " \n", "<b>&amp;</b>\n\n\n", "\\*\\ud83d \x07"]


def make_mobiledoc(*sections: Any, **tables: Any) -> str:
    return json.dumps({"version": "0.3.1", "atoms": [], "cards": [], "markups": [], "sections": sections, **tables})


def make_lexical(*nodes: Any) -> str:
    return json.dumps({"root": {"type": "root", "version": 1, "children": nodes}})


def make_text(value: str, format_: int = 0) -> dict[str, Any]:
    return {"type": "text", "text": value, "format": format_}


def make_paragraph(*children: Any) -> dict[str, Any]:
    return {"type": "paragraph", "children": children}


def make_list(kind: str, *items: Any, **values: Any) -> dict[str, Any]:
    return {"type": "list", "listType": kind, "children": [{"type": "listitem", **item} for item in items], **values}


def convert_node(node: dict[str, Any]) -> tuple[str, list[NoteCode]]:
    post, notes = read_post(lexical=make_lexical(node))
    return post.content, notes


@pytest.mark.parametrize("markdown", EXACT_TEXTS)
def test_single_markdown_card_is_exact(markdown: str) -> None:
    card = {"type": "markdown", "version": 1, "markdown": markdown}
    empty = {"type": "paragraph", "children": []}
    for name in ("markdown", "card-markdown"):
        doc = make_mobiledoc([10, 0], [1, "p", []], cards=[[name, {"markdown": markdown}]])
        assert (read_post(mobiledoc=doc)[0].content, read_post(mobiledoc=doc)[1]) == (markdown, [])
    assert (read_post(lexical=make_lexical(card, empty))[0].content, convert_node(card)) == (markdown, (markdown, []))


def test_markdown_of_ghost_0_is_exact() -> None:
    post, notes = read_post(markdown="*a*\r\n", html="<p><em>a</em></p>")
    assert (post.content, notes) == ("*a*\r\n", [])


@pytest.mark.parametrize(
    ("node", "markdown"),
    [
        (make_paragraph(make_text("a "), make_text("b", 1), make_text(" or "), make_text("c", 2)), "a **b** or *c*"),
        (make_paragraph(make_text("a", 3), make_text("b", 1)), "***a*b**"),
        (make_paragraph(make_text("a*b"), {"type": "linebreak"}, make_text("x<y", 16)), "a\\*b  \n`x<y`"),
        (
            make_paragraph(
                {"type": "link", "url": "https://a.example/?b&c", "title": "e", "children": [make_text("d")]}
            ),
            '[d](https://a.example/?b&c "e")',
        ),
        ({"type": "heading", "tag": "h3", "children": [make_text("Head")]}, "### Head"),
        ({"type": "aside", "children": [make_text("said")]}, "> said"),
        ({"type": "horizontalrule"}, "---"),
        (make_list("number", {"children": [make_text("a")]}, {"children": [make_text("b")]}, start=3), "3. a\n4. b"),
        (
            make_list("check", {"checked": True, "children": [make_text("a")]}, {"children": [make_text("b")]}),
            "- [x] a\n- [ ] b",
        ),
        (
            make_list(
                "bullet",
                {"children": [make_text("a")]},
                {"children": [make_list("bullet", {"children": [make_text("b")]})]},
            ),
            "- a\n  - b",
        ),
        ({"type": "image", "src": "a.png", "alt": "b", "title": "c", "caption": "<i>d</i>"}, '![b](a.png "c")\n\n*d*'),
        ({"type": "image", "src": "a.png", "href": "https://a.example"}, "[![](a.png)](https://a.example)"),
        ({"type": "gallery", "images": [{"src": "1.png"}, {"src": "2.png"}]}, "![](1.png)\n\n![](2.png)"),
        ({"type": "codeblock", "code": "a\n```\nb", "language": "sh"}, "````sh\na\n```\nb\n````"),
        ({"type": "html", "html": "\n  <div>\n\n<b>a</b></div>"}, "<div>\n<b>a</b></div>"),
        ({"type": "embed", "html": " <iframe></iframe>\n\n<p>a</p>", "url": "u"}, "<iframe></iframe>\n<p>a</p>"),
        ({"type": "embed", "url": "https://a.example"}, "<https://a.example>"),
        ({"type": "bookmark", "url": "u", "metadata": {"title": "a", "description": "b"}}, "> [a](u)\n>\n> b"),
        ({"type": "callout", "calloutEmoji": "!", "calloutText": "<p>a</p>"}, "> ! a"),
        ({"type": "callout", "calloutEmoji": "!", "calloutText": '\n<p dir="ltr">a</p><p>b</p>'}, "> ! a\n>\n> b"),
        ({"type": "callout", "calloutEmoji": "!", "calloutText": "a"}, "> ! a"),
        ({"type": "callout", "calloutText": "<pre>a</pre>"}, "> ```\n> a\n> ```"),
        (
            {"type": "bookmark", "url": "u", "metadata": {"author": "a & b", "publisher": "p", "thumbnail": "t.png"}},
            "> [u](u)\n>\n> p · a & b\n>\n> ![](t.png)",
        ),
        (
            {"type": "toggle", "heading": "a", "content": "<p>b</p>"},
            "<details>\n<summary>a</summary>\n\nb\n\n</details>",
        ),
        ({"type": "button", "buttonText": "a", "buttonUrl": "u"}, "[a](u)"),
        ({"type": "video", "src": "a.mp4"}, '<video src="a.mp4" controls></video>'),
        ({"type": "audio", "src": "a.mp3", "title": "b"}, '<audio src="a.mp3" controls></audio>\n\nb'),
        ({"type": "file", "src": "a.pdf", "fileTitle": "b", "fileCaption": "c"}, "[b](a.pdf)\n\nc"),
        ({"type": "header", "header": "a", "subheader": "b"}, "## a\n\nb"),
        ({"type": "product", "productTitle": "a", "productDescription": "<p>b</p>"}, "#### a\n\nb"),
        ({"type": "call-to-action", "textValue": "<p>a</p>", "sponsorLabel": "<p>By b</p>"}, "By b\n\na"),
        ({"type": "call-to-action", "textValue": "a", "sponsorLabel": "b", "hasSponsorLabel": False}, "a"),
    ],
)
def test_lexical_nodes_become_markdown(node: dict[str, Any], markdown: str) -> None:
    assert convert_node(node) == (markdown, [CONVERTED])


@pytest.mark.parametrize(
    ("node", "markdown"),
    [
        ({"type": "signup", "header": "a--b"}, '<!-- ghost:signup {"header": "a-\\u002db"} -->'),
        ({"type": "new-card", "html": "<p>a</p>"}, "<p>a</p>"),
        ({"type": "new-card", "html": "<p>a</p>", "visibility": {"web": {}}, "width": 5, "b": ""}, "<p>a</p>"),
        ({"type": "new-card", "html": "a", "caption": "b", "c": "d"}, 'a\n\nb\n\n<!-- ghost:new-card {"c": "d"} -->'),
        ({"a": 1}, '<!-- ghost:nameless {"a": 1} -->'),
    ],
)
def test_unknown_card_becomes_html_or_comment_and_is_reported(node: dict[str, Any], markdown: str) -> None:
    assert convert_node(node) == (markdown, [CONVERTED, INCOMPLETE])


@pytest.mark.parametrize("name", ["email", "email-cta"])
def test_email_cards_are_stored_in_extra_and_reported(name: str) -> None:
    card = {"html": "<p>secret</p>"}
    columns = {"lexical": make_lexical(make_paragraph(make_text("a")), {"type": name, **card})}
    post, notes = read_post(**columns)
    assert (post.content, post.extra["ghost"], notes) == ("a", columns, [CONVERTED, INCOMPLETE])
    columns = {"mobiledoc": make_mobiledoc([10, 0], cards=[[name, card]])}
    post, notes = read_post(**columns)
    assert (post.content, post.extra["ghost"], notes) == ("", columns, [INCOMPLETE])


@pytest.mark.parametrize("name", ["email", "email-cta"])
@pytest.mark.parametrize("column", ["lexical", "mobiledoc"])
def test_email_cards_are_stored_in_extra_if_content_is_in_another_column(name: str, column: str) -> None:
    card = {"html": "<p>secret</p>"}
    is_lexical = column == "lexical"
    document = make_lexical({"type": name, **card}) if is_lexical else make_mobiledoc([10, 0], cards=[[name, card]])
    columns = {column: document}
    post, notes = read_post(**columns, html="<p>a</p>")
    assert (post.content, post.extra["ghost"], notes) == ("a", columns, [INCOMPLETE, CONVERTED])
    post, notes = read_post(KEEP_HTML_OPTIONS, **columns, html="<p>a</p>")
    assert (post.content, notes) == ("<p>a</p>", [INCOMPLETE])
    assert post.extra["ghost"] == {**columns, "content_format": "html"}
    post, notes = read_post(**columns, markdown="*a*")
    assert (post.content, post.extra["ghost"], notes) == ("*a*", columns, [INCOMPLETE])
    post, notes = read_post(**columns, plaintext="a")
    assert (post.content, post.extra["ghost"], notes) == ("a", columns, [INCOMPLETE, INCOMPLETE])


def test_email_cards_in_mobiledoc_are_stored_if_lexical_contains_text() -> None:
    doc = make_mobiledoc([10, 0], cards=[["email", {"html": "<p>secret</p>"}]])
    post, notes = read_post(lexical=make_lexical(make_paragraph(make_text("a"))), mobiledoc=doc)
    assert (post.content, post.extra, notes) == ("a", {"ghost": {"mobiledoc": doc}}, [CONVERTED, INCOMPLETE])


@pytest.mark.parametrize("other", [{"mobiledoc": make_mobiledoc([1, "p", [[0, [], 0, "a"]]])}, {"plaintext": "a"}])
def test_other_column_is_read_if_lexical_is_empty(other: dict[str, str]) -> None:
    assert read_post(lexical=make_lexical(make_paragraph()), **other)[0].content == "a"


GATED = {"visibility": {"web": {"nonMember": False, "memberSegment": "status:-free"}}}
GATE = '<!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" -->\n\n{}\n\n<!--kg-gated-block:end-->'


@pytest.mark.parametrize(
    ("columns", "markdown"),
    [
        ({"lexical": make_lexical({"type": "html", "html": "<p>a</p>", **GATED})}, GATE.format("<p>a</p>")),
        ({"lexical": make_lexical({"type": "call-to-action", "textValue": "<p>a</p>", **GATED})}, GATE.format("a")),
        ({"html": GATE.format("<p>a</p>")}, GATE.format("a")),
        ({"lexical": make_lexical(make_paragraph(make_text("a")), {"type": "paywall"})}, "a\n\n<!--members-only-->"),
        ({"html": "<p>a</p><!--members-only--><p>b</p>"}, "a\n\n<!--members-only-->\n\nb"),
    ],
)
def test_gated_parts_are_enclosed_in_comments(columns: dict[str, Any], markdown: str) -> None:
    post, notes = read_post(**columns)
    assert (post.content, notes) == (markdown, [CONVERTED, NoteCode.NOT_PUBLIC])


def test_mobiledoc_sections_become_markdown() -> None:
    doc = make_mobiledoc(
        [1, "h2", [[0, [], 0, "Head"]]],
        [1, "p", [[0, [0], 0, "a"], [0, [1], 2, "b"], [1, [], 0, 0], [0, [2], 1, "c"]]],
        [3, "ol", [[[0, [], 0, "one"]], [[0, [], 0, "two"]]]],
        [10, 0],
        [2, "b.png"],
        [1, "aside", [[0, [], 0, "said"]]],
        atoms=[["soft-return", "", {}]],
        cards=[["image", {"src": "a.png"}]],
        markups=[["a", ["rel", "x", "href", "u", "title", '"t"']], ["b"], ["em"]],
    )
    post, notes = read_post(mobiledoc=doc, html="<p>other</p>")
    parts = ["## Head", '[a**b**](u "\\"t\\"")  \n*c*', "1. one\n2. two", "![](a.png)\n\n![](b.png)", "> said"]
    assert (post.content, notes) == ("\n\n".join(parts), [CONVERTED])


def test_html_card_after_list_is_separate() -> None:
    post, _ = read_post(
        lexical=make_lexical(make_list("bullet", {"children": [make_text("a")]}), {"type": "html", "html": "    <hr>"})
    )
    assert post.content == "- a\n\n<hr>"


def test_markdown_card_between_texts_keeps_position() -> None:
    card = {"type": "markdown", "markdown": "* md"}
    post, _ = read_post(lexical=make_lexical(make_paragraph(make_text("a")), card, make_paragraph(make_text("b"))))
    assert post.content == "a\n\n* md\n\nb"


def test_html_is_converted_or_kept() -> None:
    html = "<p>a <b>b</b></p>"
    assert (read_post(html=html)[0].content, read_post(html=html)[1]) == ("a **b**", [CONVERTED])
    post, notes = read_post(KEEP_HTML_OPTIONS, html=html, lexical=make_lexical(make_paragraph(make_text("a"))))
    assert (post.content, notes, post.extra) == (html, [], {"ghost": {"content_format": "html"}})


def test_unconvertible_html_stays_html() -> None:
    html = "<div>" * 300
    post, notes = read_post(html=html)
    assert (post.content, notes, post.extra) == (html, [INCOMPLETE], {"ghost": {"content_format": "html"}})


def test_content_format_column_is_ignored() -> None:
    post, _ = read_post(KEEP_HTML_OPTIONS, markdown="*a*", content_format="html")
    assert (post.content, post.extra) == ("*a*", {})


def test_plaintext_is_used_and_reported() -> None:
    post, notes = read_post(plaintext="a\nb")
    assert (post.content, notes) == ("a\nb", [INCOMPLETE])


INVALID = ["{", "[]", "1", '{"root": 1}', '{"sections": 1}', '{"root":{"children":[' * 9_000, "{" + "," * 2_000_001]


@pytest.mark.parametrize("name", ["lexical", "mobiledoc"])
@pytest.mark.parametrize("value", INVALID)
def test_html_replaces_unreadable_content(name: str, value: str) -> None:
    post, notes = read_post(**{name: value, "html": "<p>a</p>"})
    assert (post.content, notes) == ("a", [INCOMPLETE, CONVERTED])
    assert post.extra == {"ghost": {name: value}}


HUGE_DOCUMENTS = [
    make_mobiledoc(*[[10, 0], [2, "x"]] * 3_000, cards=[["html", {"html": "y" * 100_000}]]),
    make_mobiledoc([1, "p", [[1, [], 0, 0]] * 3_000], atoms=[["x", "z" * 100_000, {}]]),
    make_mobiledoc([1, "p", [[0, [0], 0, "a"]] * 3_000], markups=[["b"]]),
]


@pytest.mark.parametrize("doc", HUGE_DOCUMENTS)
def test_content_that_multiplies_in_size_is_stored_in_extra(doc: str) -> None:
    post, notes = read_post(mobiledoc=doc)
    assert (post.content, post.extra, notes) == ("", {"ghost": {"mobiledoc": doc}}, [INCOMPLETE])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 200) | st.sampled_from(["p", "list", "text", "link", "image", "u"]),
    lambda values: (
        st.lists(values, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "children", "text", "format", "url", "images", "src"]), values)
    ),
    max_leaves=20,
)


@settings(max_examples=60)
@given(st.lists(VALUES, max_size=4), st.sampled_from([make_mobiledoc, make_lexical]))
def test_values_of_any_type_do_not_raise(parts: list[Any], document: Any) -> None:
    name = "mobiledoc" if document is make_mobiledoc else "lexical"
    assert isinstance(read_post(**{name: document(*parts)})[0].content, str)
