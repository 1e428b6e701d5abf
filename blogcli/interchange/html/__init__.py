"""Convert HTML to Markdown and render Markdown as HTML."""

from .conversion import html_to_markdown, render_html, render_trusted
from .sanitize import sanitize

__all__ = ["html_to_markdown", "render_html", "render_trusted", "sanitize"]
