"""HTML -> Markdown and Markdown -> HTML."""

from .conversion import html_of, markdown_of, whole_html_of

__all__ = ["html_of", "markdown_of", "whole_html_of"]
