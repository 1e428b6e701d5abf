"""HTML -> its elements, those closed that HTML lets unclosed."""

import warnings
from typing import Any, Final

from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning, Tag
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


def parse_html(html: str) -> BeautifulSoup:
    """The elements of a piece of HTML; InvalidError where they are nested too deeply or no elements at all."""
    try:
        return _Soup(_with_comments_closed(html), "html.parser")
    except (ParserRejectedMarkup, AssertionError, ValueError) as error:
        raise InvalidError(f"HTML that cannot be read: {error}") from None


def _with_comments_closed(html: str) -> str:
    """Comments that do not end as text: the parser would look for the end of each."""
    end = html.rfind("-->") + 1
    return html[:end] + html[end:].replace("<!--", "&lt;!--")


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
