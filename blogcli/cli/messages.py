"""Build the messages that describe changes."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..schemas import Changes
    from .results import ChangeReport

# Maps each verb to a phrase for the planned action and a phrase for the completed action. {} stands for the records.
VERBS = {
    "activate": ("activate {}", "Activated {}"),
    "create": ("create {}", "Created {}"),
    "deactivate": ("deactivate {}", "Deactivated {}"),
    "delete": ("delete {}", "Deleted {}"),
    "expire": ("unpublish {}", "Will unpublish {}"),
    "keep": ("remove the expiry date of {}", "Removed the expiry date of {}"),
    "merge into": ("merge into {}", "Merged into {}"),
    "publish": ("publish {}", "Published {}"),
    "publish due": ("change {}", "Changed {}"),
    "purge": ("permanently delete {}", "Permanently deleted {}"),
    "rename": ("rename {}", "Renamed {}"),
    "replace": ("replace text in {}", "Replaced text in {}"),
    "restore": ("restore {}", "Restored {}"),
    "revert": ("revert {}", "Reverted {}"),
    "schedule": ("schedule {}", "Scheduled {}"),
    "set the password of": ("set the password of {}", "Set the password of {}"),
    "trash": ("move {} to the trash", "Moved {} to the trash"),
    "unpublish": ("unpublish {}", "Unpublished {}"),
    "update": ("update {}", "Updated {}"),
    "withdraw": ("unpublish {} (expired)", "Unpublished {} (expired)"),
}
# The verbs that always take published posts offline. A message with such a verb does not add how many posts were taken
# offline.
_WITHDRAWING_VERBS = ("publish due", "purge", "trash", "unpublish", "withdraw")


def amount(count: int, noun: str) -> str:
    """Return a number and a noun in the singular or plural, such as `1 post` or `2,000 posts`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def subject(records: "Sequence[Any]", *, noun: str, name_field: str, count: int | None = None) -> str:
    """Return the phrase by which a message refers to the records.

    The phrase contains the id and the name of a single record, or the number of several records. `count` is the total
    number of records if `records` contains only the first records.
    """
    number = len(records) if count is None else count
    if number != 1:
        return amount(number, noun)
    return f"{noun} {records[0].id} ({getattr(records[0], name_field)})"


def change_sentence(report: "ChangeReport") -> str:
    """Return the sentence that says what a command changed or, in a dry run, would change."""
    changes = report.changes
    noun = report.record_type.noun
    name_field = report.record_type.name_field
    if changes.existing:
        return f"Nothing to do: {subject(changes.existing, noun=noun, name_field=name_field)} exists."
    if not changes.ids:
        return f"Nothing to do: {amount(changes.unchanged, noun)} unchanged." if changes.unchanged else "Nothing to do."
    planned, completed = report.phrases or VERBS[report.verb]
    template = f"Would {planned}" if report.dry_run else completed
    changed = subject(changes.changed, noun=noun, name_field=name_field, count=len(changes.ids))
    sentence = template.format(changed)
    losses = "".join(_describe_losses(changes, report.verb))
    unchanged = f"; {changes.unchanged:,} unchanged" if changes.unchanged else ""
    return f"{sentence}{report.detail}{losses}{unchanged}."


def _describe_losses(changes: "Changes[Any]", verb: str) -> Iterator[str]:
    """Yield a phrase for the posts that were taken offline, and a phrase for the posts whose text was removed."""
    if changes.withdrawn and verb not in _WITHDRAWING_VERBS:
        yield f"; {amount(len(changes.withdrawn), 'published post')} taken offline"
    if changes.emptied:
        yield f"; {amount(len(changes.emptied), 'post')} left without text"
