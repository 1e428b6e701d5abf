"""HTML -> its elements, those closed that HTML lets unclosed."""

import re
import warnings
from collections.abc import Iterator
from html import unescape
from html.entities import html5
from html.parser import attrfind_tolerant, tagfind_tolerant  # type: ignore[attr-defined]
from typing import Any, Final

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
from bs4.builder._htmlparser import BeautifulSoupHTMLParser, HTMLParserTreeBuilder
from bs4.exceptions import ParserRejectedMarkup

from ...errors import InvalidError

# A text that only looks like a file name or an address is a text all the same.
warnings.filterwarnings("ignore", category=MarkupResemblesLocatorWarning)

# Python allows about a thousand nested calls, of which each level takes two.
_DEEPEST: Final = 250
# Before which an open paragraph ends.
BLOCKS: Final = str.split(
    "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main nav ol p pre section table ul"
)
# What a tag ends, and where the search for it ends. Source: HTML, section "Optional tags".
_ENDED: Final = {
    "li": ({"li"}, {"ul", "ol", "menu", "table"}),
    "dt": ({"dt", "dd"}, {"dl", "table"}),
    "dd": ({"dt", "dd"}, {"dl", "table"}),
    "option": ({"option"}, {"select"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tr": ({"tr"}, {"table"}),
    "tbody": ({"thead", "tbody"}, {"table"}),
    "tfoot": ({"thead", "tbody"}, {"table"}),
} | dict.fromkeys(BLOCKS, ({"p"}, {"table", "td", "th", "caption", "button", "object", "li", "blockquote", "div"}))

_NAMED: Final = re.compile(r"&[A-Za-z0-9]++[;=]?")


def parse_html(html: str) -> BeautifulSoup:
    """The elements of a piece of HTML; InvalidError where they are nested too deeply or no elements at all."""
    try:
        return _Soup(_with_markup_closed(html), builder=_Builder())
    except (ParserRejectedMarkup, AssertionError, ValueError) as error:
        raise InvalidError(f"HTML that cannot be read: {error}") from None


def _with_markup_closed(html: str) -> str:
    """Comments and tags that do not end as text: the parser would look for the end of each."""
    end = html.rfind("-->") + 1
    closed = html[:end] + html[end:].replace("<!--", "&lt;!--")
    end = closed.rfind(">") + 1
    return closed[:end] + closed[end:].replace("<", "&lt;")


class _Soup(BeautifulSoup):
    def handle_starttag(self, name: str, *arguments: Any, **named: Any) -> Tag | None:  # noqa: ANN401 - passed on
        if len(self.tagStack) > _DEEPEST:
            raise InvalidError("HTML that is nested too deeply")
        ended, borders = _ENDED.get(name, ((), ()))
        for tag in reversed(self.tagStack) if ended else ():
            if tag.name in ended:
                self.handle_endtag(tag.name)
                break
            if tag.name in borders:
                break
        return super().handle_starttag(name, *arguments, **named)


class _Parser(BeautifulSoupHTMLParser):
    def handle_starttag(self, tag: str, attrs: Any, handle_empty_element: bool = True) -> None:  # noqa: ANN401 - passed on
        # Python's parser takes &section= for a sign and the rest of a word.
        text = self.get_starttag_text() or ""
        if "&" in text:
            values = zip(attrs, _values_in(text), strict=False)
            attrs = [(name, _unescaped(raw) if value and raw else value) for (name, value), raw in values]
        super().handle_starttag(tag, attrs, handle_empty_element)


class _Builder(HTMLParserTreeBuilder):
    def feed(self, markup: str | bytes, _parser_class: type[BeautifulSoupHTMLParser] = _Parser) -> None:
        super().feed(markup, _parser_class)


def _values_in(tag: str) -> Iterator[str | None]:
    """The values of its attributes as they stand in a tag, found as the parser finds them."""
    found = tagfind_tolerant.match(tag, 1)
    while found and (found := attrfind_tolerant.match(tag, found.end())):
        yield found[3]


def _unescaped(value: str) -> str:
    """An attribute without references; those that do not end are texts before = and within a word.

    Source: HTML, section "Named character reference state".
    """
    plain = value[1:-1] if value[0] in "\"'" and value[:1] == value[-1:] else value
    return unescape(_NAMED.sub(lambda found: found[0] if found[0][1:] in html5 else f"&amp;{found[0][1:]}", plain))
