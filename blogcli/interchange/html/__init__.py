"""HTML -> Markdown and Markdown -> HTML."""

from .conversion import html_of, markdown_of, whole_html_of
from .sanitize import cleaned

__all__ = ["cleaned", "html_of", "markdown_of", "whole_html_of"]
