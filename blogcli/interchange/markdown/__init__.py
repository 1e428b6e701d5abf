"""Markdown files with front matter: folders of generators, read and written, and single documents."""

from .folders import recognises, survey
from .own_files import OwnFiles
from .posts import read
from .writing import write

__all__ = ["OwnFiles", "read", "recognises", "survey", "write"]
