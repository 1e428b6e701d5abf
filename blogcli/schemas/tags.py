"""Input and output with tags."""

from typing import Annotated

from pydantic import AfterValidator

from ..text.limits import normalize_tag_name
from .base import Schema, Text

TagName = Annotated[Text, AfterValidator(normalize_tag_name)]


class TagCreate(Schema):
    """A new tag, whose name is normalized to NFC without surrounding or repeated spaces."""

    name: TagName


class TagSummary(Schema):
    """A tag in a list, with the number of its posts that are not trashed."""

    id: int
    name: str
    posts: int
