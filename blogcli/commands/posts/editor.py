"""Edit a draft in the editor of the user, and save the text in the database."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import typer

from ...cli.context import CliContext
from ...cli.prompts import is_filled
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
from .drafts import Draft, lock_draft

T = TypeVar("T")

# The errors that the user can correct by editing the text again.
_CORRECTABLE_ERRORS = (InvalidError, NotFoundError, ConflictError, UsageError)
# The number of seconds that the editor has to save the text and exit after this process received a termination signal.
_MAX_EXIT_SECONDS = 5


def require_terminal(context: CliContext) -> None:
    """Raise UsageError if there is no terminal on which an editor can run."""
    if not context.console.is_interactive:
        raise UsageError("There is no terminal for an editor", hint="Give the text as FILE, - or --content.")


def edit_and_save(
    context: CliContext,
    draft: Draft,
    save: Callable[[bytes], T],
    *,
    may_ask: bool,
    dry_run: bool,
    save_as_draft: Callable[[bytes], T] | None = None,
) -> T | None:
    """Edit a draft in the editor, save the text with `save`, and return the result. Return None for an unchanged text.

    After the text was saved, the draft is removed, except in a dry run. If an error is raised, its hint contains the
    path of the draft. If `may_ask` is set and the text contains an error, the user chooses whether to edit the text
    again, to create a draft post with `save_as_draft`, or to exit and keep the file.
    """
    if draft.is_temporary:
        context.console.warn(f"Warning: the state directory cannot be used; your text is in {draft.path}")
    with raising_on_termination(), lock_draft(draft), _draft_named_on_exit(context, draft):
        text = _edit(context, draft)
        save_text = save
        while not draft.is_original(text):
            try:
                result = save_text(text)
            except _CORRECTABLE_ERRORS as error:
                if not may_ask or isinstance(error, EditConflictError):
                    raise
                if _ask_to_edit_again(context, draft, error, can_save=save_as_draft is not None):
                    text = _edit(context, draft)
                    save_text = save
                else:
                    save_text = save_as_draft or save
            else:
                if dry_run:
                    context.console.warn(draft.recovery)
                else:
                    draft.remove()
                return result
        draft.remove()
        return None


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


def _ask_to_edit_again(context: CliContext, draft: Draft, error: BlogError, *, can_save: bool) -> bool:
    """Show an error and ask the user what to do.

    Returns true if the text is to be edited again, and false if it is to be saved as a draft post. Raises typer.Exit if
    the user chooses to leave the text in the file.
    """
    error.hint = draft.hint_after(error)
    context.console.show_error(error, as_json=False)
    question = (
        "Edit it again (e), save it as a draft (d), or leave it in the file (l)? "
        if can_save
        else "Edit it again (e), or leave it in the file (l)? "
    )
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        choice = answer.strip().lower()
        # An empty string means that the input has ended. After an empty line, the question is repeated.
        if not answer or choice in ("l", "leave"):
            raise typer.Exit(error.exit_code)
        if choice in ("e", "edit"):
            return True
        if can_save and choice in ("d", "draft"):
            return False
