"""Markdown files with front matter: folders of generators, read and written, and single documents."""

from .folders import recognises, survey
from .posts import read
from .writing import write

__all__ = ["read", "recognises", "survey", "write"]
