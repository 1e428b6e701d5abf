"""Unsaved drafts of an editor, which `--recover` lists and continues with."""

from contextlib import suppress
from pathlib import Path

from ...cli.context import Invocation
from ...cli.fields import DRAFTS
from ...errors import BlogError, NotFoundError, TryAgainError, UsageError
from ...output.records import Choice, show_records
from ...urls import parse_database_url
from .drafts import TEXT_ENDING, Draft, drafts_folder, locked, open_draft
from .editor import require_terminal


def recovered_draft(invocation: Invocation, command: str, name: str | None, choice: Choice) -> Draft | None:
    """Return the draft to continue with: the one that is named, or the only one; else list all, and return None."""
    console = invocation.console
    if name is None:
        left = list_drafts(command)
        if len(left) != 1 or not console.is_interactive:
            records = [draft.record() for draft in left]
            show_records(console, records, DRAFTS, choice, zone=invocation.settings.zone)
            if not left:
                console.say("Nothing to do: there is no unsaved draft.")
            return None
    draft = left[0] if name is None else find_draft(command, name)
    require_terminal(invocation)
    if draft.origin.database not in ("", database_name(invocation)):
        raise UsageError(
            f"{draft.name} belongs to another database: {draft.origin.database}",
            hint=f"Name that database with --database-url or --profile. {draft.recovery}",
        )
    return draft


def database_name(invocation: Invocation) -> str:
    """Return the URL of the database without passwords, as it is stored with a draft."""
    return parse_database_url(invocation.settings.database_url).masked


def list_drafts(command: str) -> list[Draft]:
    """Return the unsaved drafts of commands of that name, the oldest first, without those in use."""
    try:
        paths = sorted(drafts_folder().glob(f"[!.]*{TEXT_ENDING}"), key=lambda path: path.stat().st_mtime)
    except (OSError, RuntimeError):
        return []
    drafts = map(open_draft, paths)
    return [draft for draft in drafts if draft.origin.command == command and not _is_in_use(draft)]


def find_draft(command: str, name: str) -> Draft:
    """Return the draft of that name, or of the post with that id or slug; it is not locked yet.

    Raises NotFoundError where there is none, UsageError where there are several, TryAgainError for one in use.
    """
    left = list_drafts(command)
    reference = name.removeprefix("id:").removeprefix("slug:")
    found = [draft for draft in left if draft.name == Path(name).name.removesuffix(TEXT_ENDING)]
    found = found or [draft for draft in left if reference in (draft.origin.slug, str(draft.origin.post_id))]
    if len(found) > 1:
        raise UsageError(
            f"There are several unsaved drafts of {name}",
            hint=f"Name one of {', '.join(draft.name for draft in found)}.",
        )
    if found:
        return found[0]
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
