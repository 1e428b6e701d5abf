"""The elements of HTML in Markdown, one kind after the other."""
# ruff: noqa: ARG002, D102, N802 - markdownify calls them by their names, all with the same arguments

import re
from html import escape
from typing import Any, Final

from bs4.element import NavigableString, Tag
from markdownify import MarkdownConverter

from .escaping import ends_number, escaped, escaped_start, image, is_autolink, link
from .inline_context import EMPHASES, RAW, is_at_start, is_behind_number, is_beside_code, needs_tags
from .lists import Lists, indented
from .tables import has_headings, is_complex, rows_of, table_of

_Tags = set[str]

_SYMBOLS: Final = {"strong": "**", "em": "*", "del": "~~"}
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|brush:\s*)([\w+#.-]{1,30})(?=$|[\s;])", re.IGNORECASE
)
_FENCE: Final = re.compile(r"^[ ]*(`{3,})", re.MULTILINE)
_BETWEEN_BLOCKS: Final = re.compile(r"(\n\s*\n\s*(?:#+ )?|\A#+ )")
# Characters of an address, with which many links would fill the memory.
_MOST_REPEATED: Final = 100_000
_EMPTY_LINES: Final = re.compile(r"\n[ \t]*(?=\n)")


class HtmlConverter(MarkdownConverter):
    """What a document becomes; for one document only."""

    def __init__(self) -> None:
        # A line end is a blank in HTML, and what follows one could be markup in Markdown.
        lines: Any = {"wrap": True, "wrap_width": None}
        super().__init__(heading_style="ATX", bullets="-", sub_symbol="<sub>", sup_symbol="<sup>", **lines)
        self._lists = Lists()
        self._cells: dict[int, str] = {}

    def process_tag(self, node: Tag, parent_tags: _Tags | None = None) -> str:
        if _is_raw(node, parent_tags or set()):
            self._lists.end()
            return _raw(node, parent_tags or set())
        self._lists.enter(node)
        text: str = super().process_tag(node, parent_tags)  # type: ignore[misc]
        self._lists.leave(node, text)
        return text

    def process_text(self, el: NavigableString, parent_tags: _Tags | None = None) -> str:
        text: str = super().process_text(el, parent_tags)  # type: ignore[misc]
        if text.strip():
            self._lists.end()
        if "_noformat" in (parent_tags or ()):
            return text
        before = el.previous_sibling
        if isinstance(before, Tag) and before.name == "br":
            text = text.lstrip(" ")
        if is_at_start(el) and not (parent_tags or set()) & {"td", "th"}:
            text = escaped_start(text)
        if ends_number(text) and is_behind_number(el):
            text = f"\\{text}"
        # An image it would be.
        is_before_link = isinstance(el.next_sibling, Tag) and text.endswith("!")
        return f"{text[:-1]}\\!" if is_before_link else text

    def escape(self, text: str, parent_tags: _Tags) -> str:
        return escaped(text, is_in_link="a" in parent_tags)

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: _Tags) -> str:
        title = " ".join(text.split())
        if "_inline" in parent_tags or not title:
            return title
        # It would be taken for the end of the heading.
        title = re.sub(r" (#+)$", r" \\\1", title)
        return f"\n\n{'#' * max(1, min(6, n))} {title}\n\n"

    def convert_a(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" in parent_tags:
            return text
        address, anchor = _attribute(el, "href"), _attribute(el, "id") or _attribute(el, "name")
        if not address or "a" in parent_tags:
            return f'<a id="{anchor}"></a>{text}' if re.fullmatch(r"[\w:.-]+", anchor) else text
        if not text.strip():
            return text
        title = _attribute(el, "title")
        if is_autolink(address) and el.get_text() == address and not title:
            return f"<{address}>"
        # Within headings and paragraphs, not around them.
        parts = _BETWEEN_BLOCKS.split(text.strip())
        if el.find("pre") or len(parts) * len(address + title) > _MOST_REPEATED:
            parts = [text.strip()]
        linked = [
            part if _BETWEEN_BLOCKS.match(part) else link(part.rstrip(), address, title) for part in parts if part
        ]
        return text.replace(text.strip(), "".join(linked), 1)

    def convert_img(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        address, alternative = _attribute(el, "src"), _attribute(el, "alt")
        is_image = address and "_noformat" not in parent_tags
        return image(alternative, address, _attribute(el, "title")) if is_image else alternative

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
        plain = text.strip()
        if not plain:
            return text
        parts = re.split(r"(\n\s*\n\s*)", plain)
        is_html = needs_tags(el, plain, text)
        before, after = (f"<{kind}>", f"</{kind}>") if is_html else (_SYMBOLS[kind],) * 2
        wrapped = "".join(part if part.isspace() else f"{before}{part}{after}" for part in parts if part)
        return text.replace(plain, wrapped, 1)

    convert_b = convert_em = convert_i = convert_del = convert_s = convert_strike = convert_strong

    def convert_code(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" not in parent_tags and is_beside_code(el):
            # Their signs would run together.
            return f"<code>{escaped(text)}</code>"
        is_of_lines = el.find("br") and el.parent is not None and el.parent.name in {"p", "div", "li", "[document]"}
        if "_noformat" in parent_tags or "_inline" in parent_tags or not is_of_lines:
            inline: str = super().convert_code(el, text, parent_tags)  # type: ignore[misc]
            return inline
        # A line end within it is none but behind a break.
        return self.convert_pre(el, re.sub(r"\n\s*\n", "\n", text), parent_tags)

    def convert_ins(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        is_plain = "_noformat" in parent_tags or not text.strip() or "\n\n" in text
        return text if is_plain else _wrapped(text, f"<{el.name}>", f"</{el.name}>")

    convert_u = convert_mark = convert_small = convert_ins

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_abbr(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        title = escape(_attribute(el, "title"))
        is_plain = not title or "_noformat" in parent_tags or not text.strip()
        return text if is_plain else _wrapped(text, f'<abbr title="{title}">', "</abbr>")

    convert_acronym = convert_abbr

    def convert_pre(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        code = text.removeprefix("\n").removesuffix("\n")
        if not code.strip():
            return ""
        fence = "`" * max((len(run) + 1 for run in _FENCE.findall(code)), default=3)
        return f"\n\n{fence}{_language(el)}\n{code}\n{fence}\n\n"

    def convert_list(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if not text.strip():
            return ""
        if bullet := self._lists.last_bullet(el.parent):
            # Old editors put it behind the item that it belongs to.
            return "\n".join(["", *indented(text.strip("\n").split("\n"), bullet), ""])
        found: str = super().convert_list(el, text, parent_tags)  # type: ignore[misc]
        return found

    convert_ul = convert_ol = convert_list

    def convert_li(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        bullet = self._lists.next_bullet(el.parent)
        first, *lines = text.strip().split("\n")
        return "\n".join([f"{bullet}{first}".rstrip(), *indented(lines, bullet)]) + "\n"

    def convert_figure(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        plain = text.strip()
        return f" {plain} " if "_inline" in parent_tags or not plain else f"\n\n{plain}\n\n"

    convert_address = convert_aside = convert_center = convert_figure
    convert_footer = convert_header = convert_main = convert_nav = convert_figure

    def convert_table(self, el: Tag, text: str, parent_tags: _Tags) -> str:
        if "_noformat" in parent_tags:
            return text
        rows = rows_of(el)
        cells = [[self._cells.pop(id(cell)) for cell in row] for row in rows]
        if parent_tags & {"_inline", "a"}:
            return " ".join([text.strip(), *(cell for row in cells for cell in row)])
        # Markdown has no table without headings.
        headings = [] if has_headings(rows[0]) else [[""]]
        table = f"\n\n{table_of([*headings, *cells])}\n\n"
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
        # Markdown knows nothing within code.
        links = node.find_all(["a", "img"]) if "_noformat" not in parent_tags else []
        return any(_attribute(one, "href" if one.name == "a" else "src") for one in links)
    return node.name in RAW or (node.name == "table" and is_complex(node))


def _raw(node: Tag, parent_tags: _Tags) -> str:
    html = str(node)
    if "_inline" in parent_tags or "a" in parent_tags:
        return " ".join(html.split())
    if node.name not in {"script", "style", "pre"}:
        # An empty line would end it; in <pre> it must not get lost.
        html = _EMPTY_LINES.sub("&#10;" if node.find(["pre", "textarea"]) else "", html)
    return f"\n\n{html.strip()}\n\n"


def _wrapped(text: str, before: str, after: str) -> str:
    """The text between two signs, which blanks would keep from being any."""
    return text.replace(text.strip(), f"{before}{text.strip()}{after}", 1)


def _attribute(tag: Tag, name: str) -> str:
    found: Any = tag.get(name)
    return " ".join(found) if isinstance(found, list) else str(found or "")


def _language(pre: Tag) -> str:
    for tag in (pre, pre.find("code")):
        if isinstance(tag, Tag):
            found = _LANGUAGE.search(_attribute(tag, "class"))
            named = found[1] if found else _attribute(tag, "data-lang") or _attribute(tag, "data-language")
            named = named or _attribute(tag, "lang")
            if re.fullmatch(r"[\w+#.-]{1,30}", named):
                return named.lower()
    return ""
