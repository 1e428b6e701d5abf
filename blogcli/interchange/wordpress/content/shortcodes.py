"""Shortcodes and the comments that WordPress takes for marks: those that stay as they are, and those around code."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

from ..character_references import unescaped

# Sources: the shortcodes of SyntaxHighlighter Evolved and of WordPress.com.
_LANGUAGES: Final = str.split(
    "actionscript3 applescript arduino as3 bash c cf clojure coldfusion cpp csharp css dart delphi diff elixir "
    "erl erlang fsharp go golang groovy haskell html java javafx javascript jfx js json jscript julia kotlin "
    "latex lua matlab objc pas pascal patch perl php pl plain powershell ps py python r rails rb ror ruby rust "
    "sass scala scss shell sql swift text ts typescript vb vbnet xhtml xml xslt yaml yml"
)
_OF_ANY_LANGUAGE: Final = ("code", "sourcecode", "source")
_ATTRIBUTE: Final = r"""(?:[A-Za-z_][\w:-]*\s*=\s*)? (?:"[^"\[\]<>]*" | '[^'\[\]<>]*')
    | [A-Za-z_][\w:-]*\s*=\s*[^\s"'\[\]<>]+ | [A-Za-z]+://[^\s\[\]<>]+ | \d[\w.,%-]*"""
# Any shortcode with a name that WordPress allows; other brackets are what somebody wrote.
MARK: Final = re.compile(
    rf"""<!--(?:more[^<>]*|nextpage|noteaser|\s+wp:[^<>]*/)-->
    | \[/?[A-Za-z][\w-]*(?:\s+(?:{_ATTRIBUTE}))*\s*/?\](?![(\[:])""",
    re.IGNORECASE | re.VERBOSE,
)
_EXACT: Final = re.compile(
    rf"""<(?P<tag>pre|code|script|style|textarea)(?=[\s>])
    | (?<!\[)\[(?P<shortcode>{"|".join([*_OF_ANY_LANGUAGE, *_LANGUAGES])})(?P<attributes>\s[^\[\]]*)?(?<!/)\]""",
    re.IGNORECASE | re.VERBOSE,
)
_LANGUAGE: Final = re.compile(r"""\slang(?:uage)?\s*=\s*["']?([\w+\#.-]{1,30})(?![\w+\#.-])""", re.IGNORECASE)


def with_code(content: str) -> str:
    """The content with the code that stands in shortcodes in <pre>."""
    return "".join(_with_code(content))


def exact_parts(content: str) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Start and end of what is shown as it is: of elements, and of shortcodes around code."""
    at, unclosed = 0, set[str]()
    while found := _EXACT.search(content, at):
        at = found.end()
        tag, shortcode = found["tag"], found["shortcode"]
        end = rf"</{tag}\s*>" if tag else rf"\[/{shortcode}\]"
        if end.lower() in unclosed:
            continue
        closed = re.compile(end, re.IGNORECASE).search(content, at)
        if closed is None:
            unclosed.add(end.lower())
        else:
            yield found, closed
            at = closed.end()


def _with_code(content: str) -> Iterator[str]:
    at = 0
    for start, end in exact_parts(content):
        code = content[start.end() : end.start()]
        if start["shortcode"] and code.strip():
            yield content[at : start.start()]
            yield f"<pre{_class(start)}>{escape(unescaped(code), quote=False)}</pre>"
            at = end.end()
    yield content[at:]


def _class(start: re.Match[str]) -> str:
    name, told = start["shortcode"].lower(), _LANGUAGE.search(start["attributes"] or "")
    language = told[1].lower() if told else "" if name in _OF_ANY_LANGUAGE else name
    return f' class="language-{language}"' if language else ""
