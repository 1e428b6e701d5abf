"""Markdown as HTML for WordPress, which also reads shortcodes and line ends in it."""
# ruff: noqa: ARG002 - markdown-it calls them all with the same arguments

from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class WholeRenderer(RendererHTML):
    """What tokens become, where it is not what markdown-it makes of them."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A text, with the quotation marks that a shortcode needs."""
        return escape(tokens[idx].content, quote=False)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A blank, as WordPress makes a break of a line end."""
        return " "

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code within a line."""
        return f"<code>{code(tokens[idx].content)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Code that is indented."""
        return f"<pre><code>{code(tokens[idx].content)}</code></pre>\n"


def code(text: str, language: str = "", attributes: str = "") -> str:  # noqa: ARG001 - what markdown-it passes
    """Code in a fence."""
    return escape(text, quote=False)
