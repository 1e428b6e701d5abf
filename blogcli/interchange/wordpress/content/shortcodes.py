"""Find the shortcodes and comments that WordPress interprets, and convert shortcodes around code to <pre> elements."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from ..plain_text import unescape_references

# Some shortcodes around code have the name of a programming language. The plugin SyntaxHighlighter Evolved and
# WordPress.com define shortcodes with the following names.
_LANGUAGES: Final = str.split(
    "actionscript3 applescript arduino as3 bash c cf clojure coldfusion cpp csharp css dart delphi diff elixir "
    "erl erlang fsharp go golang groovy haskell html java javafx javascript jfx js json jscript julia kotlin "
    "latex lua matlab objc pas pascal patch perl php pl plain powershell ps py python r rails rb ror ruby rust "
    "sass scala scss shell sql swift text ts typescript vb vbnet xhtml xml xslt yaml yml"
)
_CODE_SHORTCODES: Final = ("code", "sourcecode", "source")
_ATTRIBUTE: Final = r"""(?:[A-Za-z_][\w:-]*\s*=\s*)? (?:"[^"\[\]<>]*" | '[^'\[\]<>]*')
    | [A-Za-z_][\w:-]*\s*=\s*[^\s"'\[\]<>]+ | [A-Za-z]+://[^\s\[\]<>]+ | \d[\w.,%-]*"""
# Matches shortcodes, and the comments that WordPress interprets. Plugins can define shortcodes with any name, so a text
# in brackets is a shortcode if it consists of a name and valid attributes. The text [see below] is not a shortcode,
# because `below` is not a valid attribute.
PRESERVED_MARKUP: Final = re.compile(
    rf"""<!--(?:more[^<>]*|nextpage|noteaser|\s+wp:[^<>]*/)-->
    | \[/?[A-Za-z][\w-]*(?:\s+(?:{_ATTRIBUTE}))*\s*/?\](?![(\[:])""",
    re.IGNORECASE | re.VERBOSE,
)
_PREFORMATTED: Final = re.compile(
    rf"""<(?P<tag>pre|code|script|style|textarea)(?=[\s>])
    | (?<!\[)\[(?P<shortcode>{"|".join([*_CODE_SHORTCODES, *_LANGUAGES])})(?P<attributes>\s[^\[\]]*)?(?<!/)\]""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE: Final = re.compile(r"""\slang(?:uage)?\s*=\s*["']?([\w+\#.-]{1,30})(?![\w+\#.-])""", re.IGNORECASE)


def convert_code_shortcodes(content: str) -> str:
    """Convert each shortcode around code, such as [php], to a <pre> element."""
    return "".join(_replace_code_shortcodes(content))


def find_preformatted(content: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """For each preformatted element and each shortcode around code, yield the matches of its start and end tags."""
    position = 0
    unclosed = set[str]()
    while start := _PREFORMATTED.search(content, position):
        position = start.end()
        end_pattern = rf"</{start['tag']}\s*>" if start["tag"] else rf"\[/{start['shortcode']}\]"
        if end_pattern.lower() in unclosed:
            continue
        end = re.compile(end_pattern, re.IGNORECASE).search(content, position)
        if end is None:
            unclosed.add(end_pattern.lower())
        else:
            yield start, end
            position = end.end()


def _replace_code_shortcodes(content: str) -> Iterator[str]:
    position = 0
    for start, end in find_preformatted(content):
        code = content[start.end() : end.start()]
        if start["shortcode"] and code.strip():
            yield content[position : start.start()]
            yield f"<pre{_format_class(start)}>{escape(unescape_references(code), quote=False)}</pre>"
            position = end.end()
    yield content[position:]


def _format_class(shortcode: re.Match[str]) -> str:
    """Return a class attribute for the language of a shortcode, or an empty string if the shortcode has no language."""
    name = shortcode["shortcode"].lower()
    attribute = _LANGUAGE.search(shortcode["attributes"] or "")
    default = "" if name in _CODE_SHORTCODES else name
    language = attribute[1].lower() if attribute else default
    return f' class="language-{language}"' if language else ""
