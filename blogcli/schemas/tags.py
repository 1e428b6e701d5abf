"""Tags, coming in and going out."""

from typing import Annotated

from pydantic import AfterValidator

from ..text.limits import tag_name
from .base import Schema, Text

TagName = Annotated[Text, AfterValidator(tag_name)]


class TagCreate(Schema):
    """A tag to be added: NFC, trimmed, with single spaces."""

    name: TagName


class TagSummary(Schema):
    """A tag as listed; `posts` counts those outside the trash."""

    id: int
    name: str
    posts: int
