"""Render Markdown as HTML for WordPress, which also interprets shortcodes and line breaks in it."""
# ruff: noqa: ARG002 - markdown-it passes all arguments to every rule

from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class TrustedRenderer(RendererHTML):
    """Renders HTML with some rules that differ from those of markdown-it."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render text and keep its quotation marks, because shortcodes need them."""
        return escape(tokens[idx].content, quote=False)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a line break in a paragraph as a space, because WordPress would make a `<br>` of it."""
        return " "

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render inline code."""
        return f"<code>{escape_code(tokens[idx].content)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render indented code."""
        return f"<pre><code>{escape_code(tokens[idx].content)}</code></pre>\n"


def escape_code(text: str, language: str = "", attributes: str = "") -> str:  # noqa: ARG001 - markdown-it passes all arguments
    """Escape code and keep its quotation marks."""
    return escape(text, quote=False)
