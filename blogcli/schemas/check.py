"""Records of the content check, which services return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..enums import CheckLevel, CheckRule


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A violation of a rule by a post or a tag, with a way to repair it.

    `id` and `slug` name the post, and are None for a tag that several posts have. `tag` is the name of a tag, and None
    for a finding about a post. `line` is the number of a line in the content of the post, or None.
    """

    rule: CheckRule
    level: CheckLevel
    id: int | None
    slug: str | None
    tag: str | None
    line: int | None
    text: str
    repair: str


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """The rules to check, each with the level of its findings, and the paths of pages that are not posts."""

    levels: Mapping[CheckRule, CheckLevel]
    pages: Sequence[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CheckedBatch:
    """The number of posts that were checked since the previous batch, and the findings."""

    posts: int
    findings: Sequence[Finding]
