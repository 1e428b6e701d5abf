"""The default level of each rule."""

from collections.abc import Mapping

from ..enums import CheckLevel, CheckRule

DEFAULT_LEVELS: Mapping[CheckRule, CheckLevel] = {
    CheckRule.BROKEN_LINK: CheckLevel.ERROR,
    CheckRule.UNRESOLVED_LINK: CheckLevel.INFO,
    CheckRule.BROKEN_ANCHOR: CheckLevel.WARNING,
    CheckRule.LINK_TO_UNPUBLISHED: CheckLevel.WARNING,
    CheckRule.IMAGE_WITHOUT_ALT: CheckLevel.WARNING,
    CheckRule.EMPTY_POST: CheckLevel.WARNING,
    CheckRule.FRONT_MATTER_IN_BODY: CheckLevel.ERROR,
    CheckRule.MOJIBAKE: CheckLevel.ERROR,
    CheckRule.INVISIBLE_SLUG_CHARACTER: CheckLevel.ERROR,
    CheckRule.OVERDUE_POST: CheckLevel.ERROR,
    CheckRule.DUPLICATE_TITLE: CheckLevel.WARNING,
    CheckRule.SIMILAR_TAGS: CheckLevel.WARNING,
    CheckRule.TAG_ON_ONE_POST: CheckLevel.INFO,
}

# The rules that read one post at a time.
POST_RULES = frozenset(CheckRule) - {CheckRule.DUPLICATE_TITLE, CheckRule.SIMILAR_TAGS, CheckRule.TAG_ON_ONE_POST}
LINK_RULES = frozenset(
    {
        CheckRule.BROKEN_LINK,
        CheckRule.UNRESOLVED_LINK,
        CheckRule.BROKEN_ANCHOR,
        CheckRule.LINK_TO_UNPUBLISHED,
    }
)
