"""Edit a draft in the user's editor, and save its text in the database."""

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

# The user can correct these errors by editing the text again.
_CORRECTABLE_ERRORS = (InvalidError, NotFoundError, ConflictError, UsageError)
# The number of seconds in which the editor can save its text after this process was terminated.
_MAX_EXIT_SECONDS = 5


def require_terminal(context: CliContext) -> None:
    """Raise UsageError if there is no terminal for an editor."""
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
    """Edit a draft, save its text, and return the result of `save`; return None if the text was not changed.

    The file of the draft is removed when the text was saved, and every error names the file. If `may_ask` is set and
    the text has an error, the user is asked whether to edit it again, to call `save_as_draft`, or to exit and keep the
    file.
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

    Restores the previous text and raises BlogError if the editor leaves an empty file.
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
        # Some editors replace the file with a new one, which other users might be able to read.
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
    # In `id=$(blogcli post create --edit)`, the editor must not write to the captured stdout.
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
    """Ignore SIGINT and SIGQUIT inside the block, because their keys are meant for the editor."""
    previous = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _ignore(_number: int, _frame: object) -> None:
    """Do nothing, unlike SIG_IGN, which the editor would inherit."""


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
    """Name the file of the draft if the block ends with an error or a signal."""
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
    """Show an error, and return whether the user wants to edit the text again rather than save it as a draft.

    Raises Exit if the user chooses neither.
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
        # The question is repeated after an empty line, but an empty answer is the end of the input.
        if not answer or choice in ("l", "leave"):
            raise typer.Exit(error.exit_code)
        if choice in ("e", "edit"):
            return True
        if can_save and choice in ("d", "draft"):
            return False
