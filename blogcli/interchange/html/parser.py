"""Parse HTML into a Beautiful Soup tree. End tags that HTML allows authors to omit are added."""

import re
from html.entities import html5
from html.parser import HTMLParser
from itertools import pairwise
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, Script, Stylesheet, TemplateString

from ...errors import InvalidError

# The maximum depth of nested elements. Python allows about a thousand nested calls, and the converter needs two nested
# calls for each level of elements.
_MAX_DEPTH: Final = 250
# The names of the elements whose start tags close an open `<p>`.
BLOCKS: Final = str.split(
    "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr main nav ol p pre section table ul"
)
# Maps the name of a start tag to two sets of names. The start tag closes the innermost open element with a name in the
# first set, unless an open element with a name in the second set is inside that element. Source: HTML standard, section
# "Optional tags".
_IMPLIED_ENDS: Final = {
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
# Maps the name of an element to the Python class of the strings in the element. Beautiful Soup does not count strings
# of these classes as text.
_STRING_TYPES: Final = {"script": Script, "style": Stylesheet, "template": TemplateString}

# Stands for a character that html.parser must not interpret. The placeholder is a lone surrogate, which cannot occur in
# valid text.
_PLACEHOLDER: Final = "\udfff"
_MISREAD: Final = re.compile(r"&[A-Za-z0-9]++[;=]?|<!\[")


def parse_html(html: str) -> BeautifulSoup:
    """Parse an HTML fragment or an HTML document.

    Raises InvalidError if elements are nested too deeply or if the parser rejects the markup.
    """
    parser = _TreeParser()
    try:
        parser.feed(_MISREAD.sub(_protect, _escape_unclosed_markup(html)))
        return parser.finish()
    except (AssertionError, ValueError) as error:
        raise InvalidError(f"Cannot parse HTML: {error}") from None


def _escape_unclosed_markup(html: str) -> str:
    """Escape the `<` of each unclosed comment or tag, so that the comment or tag becomes text.

    For each unclosed comment or tag, html.parser would search the rest of the HTML for the end and then drop the
    markup.
    """
    end = html.rfind("-->") + 1
    closed = html[:end] + html[end:].replace("<!--", "&lt;!--")
    end = closed.rfind(">") + 1
    return closed[:end] + closed[end:].replace("<", "&lt;")


def _protect(match: re.Match[str]) -> str:
    """Put a placeholder into markup that html.parser interprets differently from browsers or WordPress.

    In a URL, `&copy=1` and `&section` are plain text, but html.parser would read `&copy` and `&sect` as character
    references. In browsers, a section such as `<![if x]>` ends at the first `>`, but html.parser searches for `]]>` or
    fails. The section is therefore changed to a processing instruction, which ends at the first `>` too.
    """
    text = match[0]
    if text == "<![":
        return f"<?{_PLACEHOLDER}["
    return text if text[1:] in html5 else f"{_PLACEHOLDER}{text[1:]}"


def _restore(text: str) -> str:
    return text.replace(f"?{_PLACEHOLDER}[", "![").replace(_PLACEHOLDER, "&")


class _TreeParser(HTMLParser):
    """Builds a Beautiful Soup tree from the events of html.parser."""

    def __init__(self) -> None:
        super().__init__()
        self._soup = BeautifulSoup("", "html.parser")
        # The open elements, outermost first.
        self._open: list[Tag] = [self._soup]
        self._texts: list[str] = []

    def finish(self) -> BeautifulSoup:
        """Finish parsing, and return the tree."""
        self._escape_unclosed_tag()
        # Some versions of html.parser drop the text of an unclosed script, so the innermost open element is closed
        # here. A <plaintext> element has no end tag.
        if len(self._open) > 1 and self._open[-1].name != "plaintext":
            self.feed(f"</{self._open[-1].name}>")
        self.close()
        self._append_text()
        self._close(1)
        return self._soup

    def _escape_unclosed_tag(self) -> None:
        """Change the `<` of a tag that has no end, because of an unclosed quotation mark, to text.

        Some versions of html.parser drop such a tag and all following text. The rest is parsed again. If another tag in
        it has no end either, all of the rest becomes text, so that the time does not grow with the number of such tags.
        """
        for count in (1, -1):
            if self.rawdata.startswith("<"):
                rest = self.rawdata.replace("<", "&lt;", count)
                self.rawdata = ""
                self.feed(rest)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, and close the element at once if it is a void element."""
        self._append_text()
        self._end_implied(tag)
        if len(self._open) > _MAX_DEPTH:
            raise InvalidError("HTML is nested too deeply")
        attributes: dict[str, str] = {}
        for name, value in attrs:
            attributes.setdefault(name, _restore(value or ""))
        element = self._soup.new_tag(tag, attrs=attributes)
        self._open.append(element)
        if element.is_empty_element:
            self._close(-1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Append an element without content, because a tag such as `<a/>` represents an empty element in XHTML."""
        self.handle_starttag(tag, attrs)
        self._end(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost open element with the name `tag`, and all open elements inside it."""
        self._append_text()
        self._end(tag)

    def handle_data(self, data: str) -> None:
        """Store a part of a text until the whole text is known."""
        self._texts.append(_restore(data))

    def handle_comment(self, data: str) -> None:
        """Append a comment."""
        self._append_text()
        self._open[-1].append(Comment(_restore(data)))

    def handle_pi(self, data: str) -> None:
        """Append a CDATA section or program code such as `<?php ... >` as text, and other markup as a comment."""
        cdata = f"{_PLACEHOLDER}[CDATA["
        if data.startswith(cdata):
            self.handle_data(data.removeprefix(cdata).removesuffix("]]"))
        elif data.startswith((_PLACEHOLDER, "xml")):
            # Office programs write `<![if x]>` and `<?xml:namespace>`. Browsers do not display this markup, so it
            # becomes a comment.
            self.handle_comment(data)
        else:
            self.handle_data(f"<?{data}>")

    def _append_text(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        if text:
            parent = self._open[-1]
            parent.append(_STRING_TYPES.get(parent.name, NavigableString)(text))

    def _end_implied(self, tag: str) -> None:
        """Close the open element, if any, whose end tag may be omitted before the start tag `tag`."""
        ended, limits = _IMPLIED_ENDS.get(tag, ((), ()))
        for element in reversed(self._open) if ended else ():
            if element.name in ended:
                self._end(element.name)
                break
            if element.name in limits:
                break

    def _end(self, name: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].name == name:
                self._close(index)
                break

    def _close(self, index: int) -> None:
        """Close the open elements from `index` to the innermost one, and append each element to its parent.

        The innermost element is appended first. An element is appended to its parent only when the element is closed,
        because appending to a parent that is already in the tree takes time proportional to the depth of the parent.
        """
        closed = self._open[index:]
        del self._open[index:]
        for parent, element in reversed(list(pairwise([self._open[-1], *closed]))):
            parent.append(element)
