"""Editing of a text in the user's editor until it is saved, kept in its file, or discarded."""

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
from ...signals import ended_in_order
from .drafts import Draft, locked

T = TypeVar("T")

# Errors that another edit of the text can correct.
_IN_THE_TEXT = (InvalidError, NotFoundError, ConflictError, UsageError)
# Seconds for an editor to save what it holds when this program is ended.
_GRACE = 5


def require_terminal(context: CliContext) -> None:
    """Raise UsageError where no editor can be used."""
    if not context.console.is_interactive:
        raise UsageError("There is no terminal for an editor", hint="Give the text as FILE, - or --content.")


def edit_and_save(
    context: CliContext,
    draft: Draft,
    save: Callable[[bytes], T],
    *,
    asks: bool,
    is_dry_run: bool,
    save_as_draft: Callable[[bytes], T] | None = None,
) -> T | None:
    """Edit a text and return what `save` returns for it, or None if the text was not changed.

    The text stays in the draft's file until it is saved, and every error names that file. With `asks`, a person is
    asked what to do about an error in the text: edit it again, call `save_as_draft`, or leave it in the file.
    """
    if draft.is_temporary:
        context.console.warn(f"Warning: the state directory cannot be used; your text is in {draft.path}")
    with ended_in_order(), locked(draft), _named_on_exit(context, draft):
        text, attempt = _edited(context, draft), save
        while not draft.is_original(text):
            try:
                saved = attempt(text)
            except _IN_THE_TEXT as error:
                if not asks or isinstance(error, EditConflictError):
                    raise
                if _is_edited_again(context, draft, error, can_save=save_as_draft is not None):
                    text, attempt = _edited(context, draft), save
                else:
                    attempt = save_as_draft or save
            else:
                if is_dry_run:
                    context.console.warn(draft.recovery)
                else:
                    draft.remove()
                return saved
        draft.remove()
        return None


def _edited(context: CliContext, draft: Draft) -> bytes:
    """Return the text after one run of the editor; for an empty file, restore the text and raise BlogError."""
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
        # An editor may have made a file of its own.
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
    # The screen of the editor must not become part of the output in `id=$(blogcli post create --edit)`.
    stdout = None if sys.stdout.isatty() else 2
    try:
        with _keys_left_to_the_editor():
            status = _wait(subprocess.Popen(command_line(editor, str(path)), stdout=stdout))  # noqa: S603 - the user's own choice
    except (OSError, ValueError) as error:
        raise BlogError(
            f"Cannot run the editor {editor!r}: {error}", hint="Set EDITOR, or editor in the config."
        ) from None
    if status in (-signal.SIGINT, 128 + signal.SIGINT):
        raise KeyboardInterrupt
    if status:
        raise BlogError(f"The editor {editor!r} failed with status {status}")


@contextmanager
def _keys_left_to_the_editor() -> Iterator[None]:
    """Ignore SIGINT and SIGQUIT, because their keys belong to the editor."""
    before = {number: signal.signal(number, _ignore) for number in (signal.SIGINT, signal.SIGQUIT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore(_number: int, _frame: object) -> None: ...


def _wait(process: "subprocess.Popen[bytes]") -> int:
    try:
        return process.wait()
    except TerminatedError:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE)
        raise


@contextmanager
def _named_on_exit(context: CliContext, draft: Draft) -> Iterator[None]:
    """Print where the draft is if the command ends with an error or a signal."""
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


def _is_edited_again(context: CliContext, draft: Draft, error: BlogError, *, can_save: bool) -> bool:
    """Show an error and ask what to do: True to edit again, False to save as a draft; leaving raises Exit."""
    error.hint = draft.hint_after(error)
    context.console.show_error(error, as_json=False)
    question = (
        "Edit it again (e), save it as a draft (d), or leave it in the file (l)? "
        if can_save
        else ("Edit it again (e), or leave it in the file (l)? ")
    )
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            raise typer.Exit(ExitCode.INTERRUPTED) from None
        word = answer.strip().lower()
        if not answer or word in ("l", "leave"):
            raise typer.Exit(error.exit_code)
        if word in ("e", "edit"):
            return True
        if can_save and word in ("d", "draft"):
            return False
