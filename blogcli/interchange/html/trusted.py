"""Render Markdown as HTML for WordPress. WordPress also interprets shortcodes and line breaks in this HTML."""
# ruff: noqa: ARG002 - markdown-it passes all arguments to every rule

from collections.abc import Sequence
from html import escape

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict


class TrustedRenderer(RendererHTML):
    """Renders Markdown as HTML, and overrides some rules of markdown-it."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render text without escaping quotation marks, because shortcodes need them."""
        return escape(tokens[idx].content, quote=False)

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render a line break in a paragraph as a space, because WordPress would insert a `<br>`."""
        return " "

    def code_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render inline code."""
        return f"<code>{escape_code(tokens[idx].content)}</code>"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Render indented code."""
        return f"<pre><code>{escape_code(tokens[idx].content)}</code></pre>\n"


def escape_code(text: str, language: str = "", attributes: str = "") -> str:  # noqa: ARG001 - markdown-it passes all arguments
    """Escape code, except its quotation marks."""
    return escape(text, quote=False)
