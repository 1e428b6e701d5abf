"""Find the unsaved drafts of the editor for `--recover`."""

from contextlib import suppress
from pathlib import Path

from ...cli.context import CliContext
from ...cli.fields import DRAFTS
from ...cli.results import RecordList
from ...errors import BlogError, NotFoundError, TryAgainError, UsageError
from ...urls import parse_database_url
from .drafts import TEXT_ENDING, Draft, drafts_folder, locked, open_draft
from .editor import require_terminal


def recovered_draft(context: CliContext, command: str, name: str | None) -> Draft | RecordList:
    """Return the draft with a name or, without a name, the only draft; return a list if there is not exactly one.

    Without a terminal for the editor, a call without a name always returns the list.
    """
    if name is None:
        drafts = list_drafts(command)
        if len(drafts) != 1 or not context.console.is_interactive:
            message = "" if drafts else "Nothing to do: there is no unsaved draft."
            return RecordList(records=[draft.record() for draft in drafts], columns=DRAFTS, message=message)
        draft = drafts[0]
    else:
        draft = find_draft(command, name)
    require_terminal(context)
    if draft.origin.database not in ("", database_name(context)):
        raise UsageError(
            f"{draft.name} belongs to another database: {draft.origin.database}",
            hint=f"Name that database with --database-url or --profile. {draft.recovery}",
        )
    return draft


def database_name(context: CliContext) -> str:
    """Return the URL of the database without passwords, which is stored with a draft."""
    return parse_database_url(context.settings.database_url).masked


def list_drafts(command: str) -> list[Draft]:
    """Return the unsaved drafts of a command, oldest first, without those that another command is editing."""
    try:
        paths = sorted(drafts_folder().glob(f"[!.]*{TEXT_ENDING}"), key=lambda path: path.stat().st_mtime)
    except (OSError, RuntimeError):
        return []
    drafts = map(open_draft, paths)
    return [draft for draft in drafts if draft.origin.command == command and not _is_in_use(draft)]


def find_draft(command: str, name: str) -> Draft:
    """Return the draft with a name, or the draft of the post with an id or slug; the draft is not locked.

    Raises NotFoundError if there is no such draft, UsageError if there are several, and TryAgainError if another
    command is editing it.
    """
    drafts = list_drafts(command)
    reference = name.removeprefix("id:").removeprefix("slug:")
    matches = [draft for draft in drafts if draft.name == Path(name).name.removesuffix(TEXT_ENDING)]
    if not matches:
        matches = [draft for draft in drafts if reference in (draft.origin.slug, str(draft.origin.post_id))]
    if len(matches) > 1:
        raise UsageError(
            f"There are several unsaved drafts of {name}",
            hint=f"Name one of {', '.join(draft.name for draft in matches)}.",
        )
    if matches:
        return matches[0]
    with suppress(OSError, RuntimeError):
        if (drafts_folder() / f"{name}{TEXT_ENDING}").exists():
            raise TryAgainError(f"{name} is being edited by another command")
    raise NotFoundError.of("draft", [name], hint=f"`blogcli post {command} --recover` lists the unsaved drafts.")


def _is_in_use(draft: Draft) -> bool:
    try:
        with locked(draft):
            return False
    except TryAgainError:
        return True
    except BlogError:
        return False
