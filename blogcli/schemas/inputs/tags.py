"""Tags to create or rename."""

from typing import Annotated

from pydantic import AfterValidator

from ...text.limits import normalize_tag_name
from .base import Input, Text

TagName = Annotated[Text, AfterValidator(normalize_tag_name)]


class TagCreate(Input):
    """A new tag. The name is normalized to NFC and stripped, and each run of whitespace is replaced by one space."""

    name: TagName
