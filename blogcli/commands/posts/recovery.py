"""Find the unsaved draft that `--recover` opens in the editor again."""

from contextlib import suppress
from pathlib import Path

from ...cli.context import CliContext
from ...cli.fields import DRAFTS
from ...cli.results import RecordList
from ...errors import BlogError, NotFoundError, TryAgainError, UsageError
from ...urls import parse_database_url
from .draft_lock import lock_draft
from .drafts import TEXT_SUFFIX, Draft, drafts_folder, open_draft
from .editor import require_terminal


def select_draft(context: CliContext, command: str, name: str | None) -> Draft | RecordList:
    """Return the draft to open in the editor, or a list of the drafts of a command.

    If `name` is given, the draft that `find_draft` finds is returned. Otherwise, the only draft of the command is
    returned. If the command has no draft or several drafts, or if there is no terminal, a list is returned instead.
    Raises UsageError if `name` is given without a terminal, or if the draft belongs to another database.
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
            hint=f"Select that database with --database-url or --profile. {draft.recovery}",
        )
    return draft


def database_name(context: CliContext) -> str:
    """Return the name by which a draft identifies its database: the path of the file, or the URL without passwords."""
    return parse_database_url(context.settings.database_url).masked


def list_drafts(command: str) -> list[Draft]:
    """Return the unsaved drafts of a command, oldest first, except drafts that are open in an editor."""
    try:
        paths = sorted(drafts_folder().glob(f"[!.]*{TEXT_SUFFIX}"), key=lambda path: path.stat().st_mtime)
    except (OSError, RuntimeError):
        return []
    drafts = map(open_draft, paths)
    return [draft for draft in drafts if draft.origin.command == command and not _is_in_use(draft)]


def find_draft(command: str, name: str) -> Draft:
    """Return the draft with the given name.

    If no draft has the name, the name is the id or slug of a post, and the draft of this post is returned. The draft is
    not locked. Raises NotFoundError if no draft matches, UsageError if several drafts match, and TryAgainError if
    another command is editing the draft.
    """
    drafts = list_drafts(command)
    reference = name.removeprefix("id:").removeprefix("slug:")
    matches = [draft for draft in drafts if draft.name == Path(name).name.removesuffix(TEXT_SUFFIX)]
    if not matches:
        matches = [draft for draft in drafts if reference in (draft.origin.slug, str(draft.origin.post_id))]
    if len(matches) > 1:
        raise UsageError(
            f"There are several unsaved drafts of {name}",
            hint=f"Choose one of {', '.join(draft.name for draft in matches)}.",
        )
    if matches:
        return matches[0]
    with suppress(OSError, RuntimeError):
        if (drafts_folder() / f"{name}{TEXT_SUFFIX}").exists():
            raise TryAgainError(f"{name} is being edited by another command")
    raise NotFoundError.of("draft", [name], hint=f"`blogcli post {command} --recover` lists the unsaved drafts.")


def _is_in_use(draft: Draft) -> bool:
    try:
        with lock_draft(draft):
            return False
    except TryAgainError:
        return True
    except BlogError:
        return False
