"""Describe which operations changed a post while it was edited."""

from textwrap import shorten
from typing import TYPE_CHECKING

from ... import output, services
from ...cli.context import CliContext
from ...errors import BlogError, EditConflictError
from ...runner import run
from .drafts import DraftOrigin

if TYPE_CHECKING:
    from ...schemas import PostVersion

# The number of operations that a message names, and the maximum number of characters of a command in the message.
_MAX_OPERATIONS = 3
_MAX_COMMAND = 60


def name_changes(context: CliContext, origin: DraftOrigin, error: EditConflictError) -> None:
    """Add the newest operations that changed the post since its text was opened to the message of an error."""
    service = services.posts.history.list_changes_since
    try:
        versions = run(context.settings, service, origin.post_id or 0, origin.base or "", limit=_MAX_OPERATIONS + 1)
    except BlogError:
        # The conflict is more important for the user than the reason why its operations cannot be read.
        return
    if versions:
        descriptions = [_describe(version) for version in versions[:_MAX_OPERATIONS]]
        if len(versions) > _MAX_OPERATIONS:
            descriptions.append("earlier operations")
        error.message = f"{error.message}: {'; '.join(descriptions)}"


def _describe(version: "PostVersion") -> str:
    record = output.values.to_json_record(version)
    command = shorten(output.operations.describe_command(record), _MAX_COMMAND, placeholder="\u2026")
    actor = f" by {version.actor}" if version.actor else ""
    changed = f" ({', '.join(version.changed)})" if version.changed else ""
    return f"operation {version.operation}{actor}, `{command}`{changed}"
