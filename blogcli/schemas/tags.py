"""Tags, coming in and going out."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator

from .base import Schema, Text


def _tag_name(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in text):
        raise ValueError(f"{text!r} has a control character")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise ValueError("must not be empty")
    if len(name) > 50:
        raise ValueError(f"has {len(name)} characters; 50 are the most")
    if "," in name:
        raise ValueError(f"{name!r} has a comma, which separates tags in lists")
    return name


TagName = Annotated[Text, AfterValidator(_tag_name)]


class TagCreate(Schema):
    """A tag to be added: NFC, trimmed, with single spaces."""

    name: TagName


class TagSummary(Schema):
    """A tag as listed; `posts` counts those outside the trash."""

    id: int
    name: str
    posts: int
