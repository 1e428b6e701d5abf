"""Edit a draft in the editor of the user, and save the text in the database."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import typer

from ...cli.context import CliContext
from ...cli.prompts import is_filled
from ...enums import OutputFormat
from ...errors import (
    BlogError,
    ConflictError,
    EditConflictError,
    ExitCode,
    InvalidError,
    NotFoundError,
    TerminatedError,
    UsageError,
)
from ...output.programs import command_line
from ...signals import raising_on_termination
from .draft_lock import LockedDraft, lock_draft
from .drafts import Draft

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# The errors that the user can correct by editing the text again.
_CORRECTABLE_ERRORS = (InvalidError, NotFoundError, ConflictError, UsageError)
# The number of seconds that the editor has to save the text and exit after this process received a termination signal.
_MAX_EXIT_SECONDS = 5


def require_terminal(context: CliContext) -> None:
    """Raise UsageError if there is no terminal on which an editor can run."""
    if not context.console.is_interactive:
        raise UsageError("There is no terminal for an editor", hint="Give the text as FILE, - or --content.")


class Action(StrEnum):
    """What is done next with a text. The values are the keys with which the user chooses an action."""

    CHECK = "c"
    MERGE = "m"
    EDIT = "e"
    SAVE_DRAFT = "d"
    KEEP = "k"


# The phrases for the actions in questions.
_PHRASES = {
    Action.MERGE: "merge it with the stored post",
    Action.EDIT: "edit it again",
    Action.SAVE_DRAFT: "save it as a draft",
    Action.KEEP: "keep it in the file",
}


class TextStore(Protocol[T_co]):
    """A place in the database in which an edited text is saved."""

    @property
    def choices(self) -> Sequence[Action]:
        """The actions that the user can choose if a text cannot be saved."""

    @property
    def conflict_choices(self) -> Sequence[Action]:
        """The actions that the user can choose if another command has changed the stored post."""

    def check(self) -> None:
        """Raise BlogError if the post cannot be saved with any text, for example because another command changed it."""

    def save(self, text: bytes) -> T_co:
        """Save a text. Raises BlogError if it cannot be saved."""

    def save_as_draft(self, text: bytes) -> T_co:
        """Save a text that `save` has rejected as a draft post. Raises BlogError if it cannot be saved."""

    def merge(self, draft: LockedDraft) -> bool:
        """Merge the text of a draft with the stored post, and return whether the user has to resolve conflicts."""


def may_ask(context: CliContext) -> bool:
    """Return whether questions may be asked. A program that reads JSON cannot answer them."""
    return context.output.format not in (OutputFormat.JSON, OutputFormat.JSONL)


def edit_and_save(
    context: CliContext,
    draft: Draft,
    store: TextStore[T],
    *,
    may_ask: bool,
    dry_run: bool,
    first_action: Action = Action.EDIT,
) -> T | None:
    """Edit a draft in the editor, save the text in `store`, and return the result. Return None for an unchanged text.

    After the text was saved, the draft is removed, except in a dry run. If an error is raised, its hint contains the
    path of the draft. If `may_ask` is set and the text cannot be saved, the user chooses the next action. With the
    first action `Action.CHECK`, the post is checked before the editor is started.
    """
    if draft.is_temporary:
        context.console.warn(f"Warning: the state directory cannot be used; your text is in {draft.path}")
    with raising_on_termination(), lock_draft(draft) as locked, _draft_named_on_exit(context, draft):
        action = first_action
        while True:
            try:
                text = _prepare_text(context, locked, store, action)
                if locked.draft.is_original(text):
                    draft.remove()
                    return None
                result = store.save_as_draft(text) if action is Action.SAVE_DRAFT else store.save(text)
            except _CORRECTABLE_ERRORS as error:
                if not may_ask or (action is Action.CHECK and not isinstance(error, EditConflictError)):
                    raise
                action = _ask_for_action(context, locked.draft, error, store)
            else:
                if dry_run:
                    context.console.warn(draft.recovery)
                else:
                    draft.remove()
                return result


def _prepare_text(context: CliContext, locked: LockedDraft, store: TextStore[T], action: Action) -> bytes:
    """Do the action, and return the text to save."""
    if action is Action.CHECK:
        store.check()
    if action in (Action.CHECK, Action.EDIT) or (action is Action.MERGE and store.merge(locked)):
        return _edit(context, locked.draft)
    return locked.draft.read()


def _edit(context: CliContext, draft: Draft) -> bytes:
    """Run the editor and return the edited text.

    If the editor leaves an empty text, the text of the draft is restored. Raises BlogError if the editor leaves an
    empty text, or if the editor fails.
    """
    is_original = draft.is_original(draft.read())
    if not is_original:
        draft.back_up()
    try:
        _run_editor(context.settings.editor, draft.path)
    except BlogError:
        if draft.is_original(draft.read()):
            draft.remove()
        raise
    finally:
        # Some editors replace the file with a new file. Other users must not be able to read the new file.
        with suppress(OSError):
            draft.path.chmod(0o600)
    text = draft.read()
    draft.restore()
    if is_filled(text):
        return text
    if is_original:
        draft.remove()
    raise BlogError("The editor left an empty file; nothing was changed")


def _run_editor(editor: str, path: Path) -> None:
    # In a command such as `id=$(blogcli post create --edit)`, stdout is captured, so the editor writes to stderr.
    stdout = None if sys.stdout.isatty() else 2
    try:
        with _keyboard_signals_ignored():
            status = _wait(subprocess.Popen(command_line(editor, str(path)), stdout=stdout))  # noqa: S603 - the user chose the editor
    except (OSError, ValueError) as error:
        raise BlogError(
            f"Cannot run the editor {editor!r}: {error}", hint="Set EDITOR, or editor in the config file."
        ) from None
    if status in (-signal.SIGINT, 128 + signal.SIGINT):
        raise KeyboardInterrupt
    if status:
        raise BlogError(f"The editor {editor!r} failed with status {status}")


@contextmanager
def _keyboard_signals_ignored() -> Iterator[None]:
    """Ignore SIGINT and SIGQUIT inside the block, because the keys that send them are meant for the editor."""
    previous = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _ignore(_number: int, _frame: object) -> None:
    """Ignore a signal. This handler is used instead of SIG_IGN, because the editor would inherit SIG_IGN."""


def _wait(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait()
    except TerminatedError:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_MAX_EXIT_SECONDS)
        raise


@contextmanager
def _draft_named_on_exit(context: CliContext, draft: Draft) -> Iterator[None]:
    """Add the path of the draft to the hint of an error in the block, or print the path if a signal ends the block."""
    try:
        yield
    except BlogError as error:
        error.hint = draft.hint_after(error)
        raise
    except typer.Exit:
        raise
    except BaseException:
        if draft.path.exists():
            context.console.warn(draft.recovery)
        raise


def _ask_for_action(context: CliContext, draft: Draft, error: BlogError, store: TextStore[T]) -> Action:
    """Show an error, and return what the user wants to do.

    Raises typer.Exit if the user chooses to keep the text in the file.
    """
    error.hint = draft.hint_after(error)
    context.console.show_error(error, as_json=False)
    choices = store.conflict_choices if isinstance(error, EditConflictError) else store.choices
    phrases = [f"{_PHRASES[choice]} ({choice})" for choice in choices]
    question = f"{', '.join(phrases)}, or {_PHRASES[Action.KEEP]} ({Action.KEEP})? "
    answers = {answer: choice for choice in choices for answer in (choice.value, choice.name.partition("_")[0].lower())}
    while True:
        sys.stderr.write(context.prompt(question[0].upper() + question[1:]))
        sys.stderr.flush()
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        choice = answer.strip().lower()
        # An empty string means that the input has ended. After an empty line, the question is repeated.
        if not answer or choice in ("k", "keep"):
            raise typer.Exit(error.exit_code)
        if choice in answers:
            return answers[choice]
