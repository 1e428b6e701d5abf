"""Convert HTML elements to Markdown."""
# ruff: noqa: ARG002, D102, N802 - markdownify finds the methods by name and passes all arguments to each method

import re
from html import escape
from typing import Any, Final

from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

from .escaping import (
    escape_inline,
    escape_line_start,
    format_image,
    format_link,
    is_autolink,
    starts_with_list_delimiter,
)
from .inline_context import EMPHASES, RAW, follows_number, is_adjacent_to_code, is_line_start, needs_tags
from .lists import ListMarkers, indent
from .tables import format_table, is_complex, is_header, list_table_rows

_Tags = set[str]

_DELIMITERS: Final = {"strong": "**", "em": "*", "del": "~~"}
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*)([\w+#.-]{1,30})(?=$|[\s;])", re.IGNORECASE
)
_FENCE: Final = re.compile(r"^[ ]*(`{3,})", re.MULTILINE)
_BLOCK_SEPARATOR: Final = re.compile(r"(\n\s*\n\s*(?:#+ )?|\A#+ )")
# A link around several blocks is split into one link for each block, unless the copies of its URL and title would have
# more than this number of characters in total.
_MAX_REPEATED_CHARACTERS: Final = 100_000
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*(?=\n)")


class HtmlConverter(MarkdownConverter):
    """Converts one HTML document. The converter stores the state of lists and tables, so it cannot be reused."""

    def __init__(self) -> None:
        # Line breaks in HTML are replaced with spaces, because a new block could begin after a line break in Markdown.
        wrapping: Any = {"wrap": True, "wrap_width": None}
        super().__init__(heading_style="ATX", bullets="-", sub_symbol="<sub>", sup_symbol="<sup>", **wrapping)
        self._lists = ListMarkers()
        self._cells: dict[int, str] = {}

    def process_tag(self, node: Tag, parent_tags: _Tags | None = None) -> str:
        if _is_raw(node, parent_tags or set()):
            self._lists.separate()
            return _format_raw(node, parent_tags or set())
        self._lists.enter(node)
        text: str = super().process_tag(node, parent_tags)  # type: ignore[misc]  # markdownify has no type hints
        self._lists.leave(node, text)
        return text

    def process_text(self, el: NavigableString, parent_tags: _Tags | None = None) -> str:
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]  # markdownify has no type hints
        if text.strip():
            self._lists.separate()
        if "_noformat" in (parent_tags or ()):
            return text
        previous = el.previous_sibling
        if isinstance(previous, Tag) and previous.name == "br":
            text = text.lstrip(" ")
        if is_line_start(el) and not (parent_tags or set()) & {"td", "th"}:
            text = escape_line_start(text)
        if starts_with_list_delimiter(text) and follows_number(el):
            text = f"\\{text}"
        # An exclamation mark before a link is escaped, because Markdown would read both together as an image.
        may_start_image = isinstance(el.next_sibling, Tag) and text.endswith("!")
        return f"{text[:-1]}\\!" if may_start_image else text

    def escape(self, text: str, parent_tags: _Tags) -> str:
        return escape_inline(text, is_in_link="a" in parent_tags)

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: _Tags) -> str:
        title = " ".join(text.split())
        if "_inline" in parent_tags or not title:
            return title
        # Trailing # characters are escaped, because Markdown would drop them as the closing sequence of the heading.
        title = re.sub(r" (#+)$", r" \\\1", title)
        return f"\n\n{'#' * max(1, min(6, n))} {title}\n\n"

    def convert_a(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" in parent_tags:
            return text
        url = _get_attribute(el, "href")
        if not url or "a" in parent_tags:
            anchor = _get_attribute(el, "id") or _get_attribute(el, "name")
            return f'<a id="{anchor}"></a>{text}' if re.fullmatch(r"[\w:.-]+", anchor) else text
        if not text.strip():
            return text
        title = _get_attribute(el, "title")
        if is_autolink(url) and el.get_text() == url and not title:
            return f"<{url}>"
        # In Markdown, a link cannot contain headings or paragraphs, so a link around several blocks is split.
        parts = _BLOCK_SEPARATOR.split(text.strip())
        if el.find("pre") or len(parts) * len(url + title) > _MAX_REPEATED_CHARACTERS:
            parts = [text.strip()]
        linked = [
            part if _BLOCK_SEPARATOR.match(part) else format_link(part.rstrip(), url, title) for part in parts if part
        ]
        return text.replace(text.strip(), "".join(linked), 1)

    def convert_img(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        url = _get_attribute(el, "src")
        alternative = _get_attribute(el, "alt")
        is_image = url and "_noformat" not in parent_tags
        return format_image(alternative, url, _get_attribute(el, "title")) if is_image else alternative

    def convert_br(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" in parent_tags:
            return f"\n{text}"
        if parent_tags & {"td", "th"}:
            return f"<br>{text}"
        return f" {text}" if "_inline" in parent_tags else f"  \n{text}"

    def convert_strong(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        kind = EMPHASES[el.name]
        if "_noformat" in parent_tags or any(EMPHASES.get(name) == kind for name in parent_tags):
            return text
        stripped = text.strip()
        if not stripped:
            return text
        parts = re.split(r"(\n\s*\n\s*)", stripped)
        is_html = needs_tags(el, stripped, text)
        start, end = (f"<{kind}>", f"</{kind}>") if is_html else (_DELIMITERS[kind],) * 2
        wrapped = "".join(part if part.isspace() else f"{start}{part}{end}" for part in parts if part)
        return text.replace(stripped, wrapped, 1)

    convert_b = convert_em = convert_i = convert_del = convert_s = convert_strike = convert_strong

    def convert_code(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" not in parent_tags and is_adjacent_to_code(el):
            # HTML tags are used, because the backticks of two adjacent code spans would form one run.
            return f"<code>{escape_inline(text)}</code>"
        is_multiline = el.find("br") and el.parent is not None and el.parent.name in {"p", "div", "li", "[document]"}
        if "_noformat" in parent_tags or "_inline" in parent_tags or not is_multiline:
            inline: str = super().convert_code(el, text, parent_tags)  # type: ignore[misc]  # markdownify has no type hints
            return inline
        # Inline code with <br> becomes a code block, from which empty lines are removed.
        return self.convert_pre(el, re.sub(r"\n\s*\n", "\n", text), parent_tags)

    def convert_ins(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        is_plain = "_noformat" in parent_tags or not text.strip() or "\n\n" in text
        return text if is_plain else _wrap(text, f"<{el.name}>", f"</{el.name}>")

    convert_u = convert_mark = convert_small = convert_ins

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_abbr(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        title = escape(_get_attribute(el, "title"))
        is_plain = not title or "_noformat" in parent_tags or not text.strip()
        return text if is_plain else _wrap(text, f'<abbr title="{title}">', "</abbr>")

    convert_acronym = convert_abbr

    def convert_pre(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        code = text.removeprefix("\n").removesuffix("\n")
        if not code.strip():
            return ""
        fence = "`" * max((len(run) + 1 for run in _FENCE.findall(code)), default=3)
        return f"\n\n{fence}{_find_language(el)}\n{code}\n{fence}\n\n"

    def convert_list(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if not text.strip():
            return ""
        if bullet := self._lists.last_bullet(el.parent):
            # Old editors place a nested list after the item that should contain it, so the list is indented here.
            return "\n".join(["", *indent(text.strip("\n").split("\n"), bullet), ""])
        markdown: str = super().convert_list(el, text, parent_tags)  # type: ignore[misc]  # markdownify has no type hints
        return markdown

    convert_ul = convert_ol = convert_list

    def convert_li(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        bullet = self._lists.next_bullet(el.parent)
        first, *lines = text.strip().split("\n")
        return "\n".join([f"{bullet}{first}".rstrip(), *indent(lines, bullet)]) + "\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        stripped = text.strip()
        return f" {stripped} " if "_inline" in parent_tags or not stripped else f"\n\n{stripped}\n\n"

    convert_address = convert_aside = convert_center = convert_figure
    convert_footer = convert_header = convert_main = convert_nav = convert_figure

    def convert_table(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" in parent_tags:
            return text
        rows = list_table_rows(el)
        cells = [[self._cells.pop(id(cell)) for cell in row] for row in rows]
        if parent_tags & {"_inline", "a"}:
            return " ".join([text.strip(), *(cell for row in cells for cell in row)])
        # A Markdown table must have a header row, so an empty row is added if the first row is no header.
        header = [] if is_header(rows[0]) else [[""]]
        table = f"\n\n{format_table([*header, *cells])}\n\n"
        return f"\n\n{text.strip()}{table}" if text.strip() else table

    def convert_td(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "table" not in parent_tags or "_noformat" in parent_tags:
            return f"{text.strip()} "
        self._cells[id(el)] = " ".join(text.split()).replace("|", "\\|")
        return ""

    convert_th = convert_td

    def convert_tr(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        return text if "table" in parent_tags else f"\n\n{text.strip()}\n\n"


def _is_raw(node: Tag, parent_tags: _Tags) -> bool:
    if node.name == "pre":
        # Code in Markdown cannot contain links or images, so preformatted text with links or images remains HTML.
        links = node.find_all(["a", "img"]) if "_noformat" not in parent_tags else []
        return any(_get_attribute(tag, "href" if tag.name == "a" else "src") for tag in links)
    return node.name in RAW or (node.name == "table" and is_complex(node))


def _format_raw(node: Tag, parent_tags: _Tags) -> str:
    html = str(node)
    if "_inline" in parent_tags or "a" in parent_tags:
        return " ".join(html.split())
    if node.name not in {"script", "style", "pre"}:
        # In Markdown, an empty line ends an HTML block. Empty lines are therefore removed or, in preformatted text,
        # replaced with character references.
        html = _EMPTY_LINES.sub("&#10;" if node.find(["pre", "textarea"]) else "", html)
    return f"\n\n{html.strip()}\n\n"


def _wrap(text: str, start: str, end: str) -> str:
    """Enclose a text in a start tag and an end tag. Leading and trailing whitespace stays outside the tags."""
    return text.replace(text.strip(), f"{start}{text.strip()}{end}", 1)


def _get_attribute(tag: Tag, name: str) -> str:
    value: Any = tag.get(name)
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _find_language(pre: Tag) -> str:
    for tag in (pre, pre.find("code")):
        if isinstance(tag, Tag):
            match = _LANGUAGE.search(_get_attribute(tag, "class"))
            language = match[1] if match else _get_attribute(tag, "data-lang") or _get_attribute(tag, "data-language")
            language = language or _get_attribute(tag, "lang")
            if re.fullmatch(r"[\w+#.-]{1,30}", language):
                return language.lower()
    return ""
