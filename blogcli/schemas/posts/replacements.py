"""The replacement of text in posts, and its results."""

from dataclasses import dataclass, field
from typing import NamedTuple

from ...enums import TextField
from ...text.limits import MAX_EXPRESSION_SECONDS
from ..base import Changes


@dataclass(frozen=True, kw_only=True)
class TextReplacement:
    """The text to replace in the given fields of posts, the new text, and how the text is found.

    The values have the same meaning as in `ReplacementRule`. `preview_posts` is the number of changed posts of which
    the first changed lines are returned.
    """

    old: str
    new: str
    fields: list[TextField] = field(default_factory=lambda: list(TextField))
    is_regex: bool = False
    ignore_case: bool = False
    whole_word: bool = False
    skip_code: bool = False
    max_seconds: float = MAX_EXPRESSION_SECONDS
    preview_posts: int = 0


@dataclass(frozen=True, kw_only=True)
class PostReplacement:
    """A post in which text was replaced, with the number of replacements in total and in each field."""

    id: int
    slug: str
    title: str
    replacements: int
    in_title: int
    in_content: int
    in_excerpt: int


class ChangedLine(NamedTuple):
    """A line of a text in which text was replaced: the field, the number of the line, and its parts.

    The first element of a part is `-` for old text, `+` for new text, and an empty string for unchanged text.
    """

    field: TextField
    number: int
    parts: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class ReplacementPreview:
    """The first changed lines of a post, and the number of replacements that are not in these lines."""

    id: int
    slug: str
    lines: list[ChangedLine]
    omitted: int


@dataclass(frozen=True, kw_only=True)
class Replacements(Changes[PostReplacement]):
    """The posts in which text was replaced, the number of all replacements, and previews of the first posts."""

    total: int = 0
    previews: list[ReplacementPreview] = field(default_factory=list)
