"""HTML -> Markdown and Markdown -> HTML."""

from .cleaning import cleaned
from .conversion import html_of, markdown_of, whole_html_of

__all__ = ["cleaned", "html_of", "markdown_of", "whole_html_of"]
