"""Parse the Markdown text of a post into the links, images, anchors and code that the rules read."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

# Matches comments and the elements whose content is not HTML, and otherwise the start tags of elements.
_HTML = re.compile(
    r"<!--(?>.*?-->|.*\Z)"
    r"|<(?P<raw>script|style|textarea)\b(?>.*?</(?P=raw)|.*\Z)"
    r"|<(?P<name>[a-z][a-z0-9-]*+)(?P<attributes>[^<>]*+)>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?<![^\s\"'])(?P<name>href|src|alt|id|name|role|aria-hidden)\s*+"
    r"(?:=\s*+(?>\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s\"'>]++)))?",
    re.IGNORECASE,
)
# Matches the attributes that kramdown, Hugo and Pandoc read after a heading or below a block, such as {#install}.
_ATTRIBUTE_LIST = re.compile(r"\{[^{}\n]*+\}")
_LISTED_ID = re.compile(r"#([^\s{}#.]+)")
_CODE_BLOCKS = ("fence", "code_block")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the text."""

    line: int
    href: str


@dataclass(frozen=True, slots=True)
class Image:
    """An image in the text. `alt` is None if an HTML element has no attribute `alt`."""

    line: int
    source: str
    alt: str | None


@dataclass(slots=True)
class Document:
    """The parts of a Markdown text that the rules read. The first line of the text has the number 1."""

    links: list[Link] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    # The ids that HTML elements and attribute lists define.
    ids: set[str] = field(default_factory=set)
    # The numbers of the lines in code blocks, and the texts of inline code.
    code_lines: set[int] = field(default_factory=set)
    code_spans: list[str] = field(default_factory=list)

    def is_code(self, line: int, text: str) -> bool:
        """Return whether a text on the given line is in a code block, or equal to a part of inline code."""
        return line in self.code_lines or any(text in span for span in self.code_spans)


class _Parser(MarkdownIt):
    """A parser that returns the URLs of links unchanged and accepts any URL."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it names the method
        return url

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - markdown-it names the method
        return True


@cache
def _make_parser() -> MarkdownIt:
    return _Parser("commonmark").enable(["table", "strikethrough"])


def parse_document(content: str) -> Document:
    """Parse a text in CommonMark, extended by tables and strikethrough."""
    document = Document()
    line = 1
    is_heading = False
    for token in _make_parser().parse(content):
        if token.map:
            line = token.map[0] + 1
        if token.type in _CODE_BLOCKS and token.map:
            document.code_lines.update(range(token.map[0] + 1, token.map[1] + 1))
        elif token.type == "html_block":
            _read_html(document, token.content, line)
        elif token.type == "inline":
            _read_inline(document, token.children or [], line)
            if is_heading:
                document.headings.append("".join(_plain_texts(token.children or [])))
        is_heading = token.type == "heading_open"
    document.ids.update(_listed_ids(content))
    return document


def _read_inline(document: Document, tokens: list[Token], line: int) -> None:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "link_open":
            document.links.append(Link(line, str(token.attrs.get("href", ""))))
        elif token.type == "image":
            alt = "".join(_plain_texts(token.children or []))
            document.images.append(Image(line, str(token.attrs.get("src", "")), alt))
            _read_inline(document, token.children or [], line)
            line += _count_breaks(token.children or [])
        elif token.type == "code_inline":
            document.code_spans.append(token.content)
        elif token.type == "html_inline":
            _read_html(document, token.content, line)
            line += token.content.count("\n")


def _count_breaks(tokens: list[Token]) -> int:
    return sum(token.type in ("softbreak", "hardbreak") for token in tokens)


def _plain_texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _plain_texts(token.children or [])


def _read_html(document: Document, text: str, line: int) -> None:
    counted = 0
    for tag in _HTML.finditer(text):
        line += text.count("\n", counted, tag.start())
        counted = tag.start()
        if not tag["name"]:
            continue
        attributes = _read_attributes(tag["attributes"])
        name = tag["name"].lower()
        document.ids.update(attributes[key] for key in ("id", "name") if key in attributes)
        if name == "a" and "href" in attributes:
            document.links.append(Link(line, attributes["href"]))
        elif name == "img" and not _is_decorative(attributes):
            document.images.append(Image(line, attributes.get("src", ""), attributes.get("alt")))


def _is_decorative(attributes: dict[str, str]) -> bool:
    """Return whether an image is marked as decoration, which needs no alternative text."""
    is_hidden = attributes.get("aria-hidden") == "true"
    return is_hidden or attributes.get("role") in ("presentation", "none") or attributes.get("alt") == ""


def _read_attributes(text: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match["double"] or match["single"] or match["bare"] or ""
        attributes.setdefault(match["name"].lower(), html.unescape(value))
    return attributes


def _listed_ids(content: str) -> Iterator[str]:
    for attributes in _ATTRIBUTE_LIST.finditer(content):
        yield from _LISTED_ID.findall(attributes[0])
