"""`blogcli batch`."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn

import typer
from typer import Argument

from ..cli.command import command
from ..cli.context import CliContext
from ..cli.dispatch import dispatch, show_error
from ..cli.input_lines import open_input, read_lines
from ..cli.invocation import Batch, Invocation
from ..cli.messages import amount
from ..cli.option_group import Flag, OptionGroup
from ..errors import BlogError, ExitCode, InvalidError, UsageError
from ..runner import commit_shared, share_database
from ..signals import raising_on_termination
from ..text.shell_words import split_words

app = typer.Typer(add_completion=False)

_PROGRAM = "blogcli"
# The exit codes after which no further line is run, even with --keep-going.
_CANCELLED = (ExitCode.INTERRUPTED, ExitCode.TERMINATED)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class BatchOptions(OptionGroup):
    """The options that decide which changes of a batch are saved."""

    atomic: Annotated[bool, Flag("--atomic", help="Save the changes of all lines, or none if a line fails.")] = False
    keep_going: Annotated[bool, Flag("--keep-going", help="Run the lines after a line that has failed.")] = False
    dry_run: Annotated[
        bool, Flag("--dry-run", "-n", help="Run all lines in one transaction, and roll it back at the end.")
    ] = False

    @property
    def is_single_transaction(self) -> bool:
        """Whether all lines take part in one transaction."""
        return self.atomic or self.dry_run

    def check(self) -> None:
        """Raise UsageError if the options contradict each other."""
        if self.keep_going and self.is_single_transaction:
            name = "--atomic" if self.atomic else "--dry-run"
            raise UsageError(f"{name} and --keep-going contradict each other", hint="Leave out one of them.")


@command(app, "batch", is_guarded=False)
def batch(
    context: CliContext,
    options: BatchOptions,
    file: Annotated[Path, Argument(metavar="FILE", help="File with one command per line (- for stdin).")] = Path("-"),
) -> None:
    """Run many commands, one per line, in one process and over one connection.

    Examples:
        blogcli batch changes.txt
        blogcli batch --atomic changes.txt
        sed 's/.*/post tag add archive &/' ids.txt | blogcli batch --keep-going
    """
    options.check()
    with open_input(file) as stream, raising_on_termination():
        outcome = _run_batch(context, read_lines(stream, str(file)), options)
    raise typer.Exit(outcome.code)


class _Outcome:
    """Counts the commands that were run, and stores the number of the last line and the highest exit code."""

    def __init__(self) -> None:
        self.count = 0
        self.failures = 0
        self.line = 0
        self.code = 0

    def add(self, line: int, code: int) -> None:
        """Add the exit code of a command."""
        self.count += 1
        self.failures += code != 0
        self.line = line
        self.code = max(self.code, code)

    def describe(self, options: BatchOptions, *, is_complete: bool) -> str:
        """Return the sentence that says how many commands were run, and whether their changes were saved."""
        if not is_complete:
            saved = "nothing was changed" if options.is_single_transaction else f"{self.count - 1:,} succeeded before"
            return f"Stopped at line {self.line:,}; {saved}."
        if not self.count:
            return "Nothing to do."
        failures = f"; {self.failures:,} failed" if self.failures else ""
        return f"Ran {amount(self.count, 'command')}{failures}{'; nothing was changed' if options.dry_run else ''}."


def _run_batch(context: CliContext, lines: Iterator[bytes], options: BatchOptions) -> _Outcome:
    """Run the commands of all lines, commit their changes if they share one transaction, and report the outcome."""
    outcome = _Outcome()
    # A dry run of the batch rolls back the changes of all lines, so its lines may change the database.
    settings = replace(context.settings, read_only=context.settings.read_only and not options.dry_run)
    with share_database(settings, is_atomic=options.is_single_transaction) as database:
        settings = replace(settings, shared_database=database)
        shared = Batch(settings, context.given, options.is_single_transaction, [])
        is_complete = _run_lines(Invocation(context.invocation.root, batch=shared), lines, options, outcome)
        if is_complete and options.atomic and not options.dry_run:
            commit_shared(database)
            for run_hook in shared.hooks:
                run_hook()
    context.console.say(outcome.describe(options, is_complete=is_complete))
    return outcome


def _run_lines(template: Invocation, lines: Iterator[bytes], options: BatchOptions, outcome: _Outcome) -> bool:
    """Run the commands of the lines, and return whether all lines were run."""
    for number, line in enumerate(lines, start=1):
        invocation = template._replace(line=number)
        try:
            words = _parse(line, is_first=number == 1)
            if not words:
                continue
            with _stdin_refused():
                code = dispatch(invocation._replace(arguments=words))
        except BlogError as error:
            code = show_error(error, invocation)
        outcome.add(number, code)
        if code and (code in _CANCELLED or not options.keep_going):
            return False
    return True


def _parse(line: bytes, *, is_first: bool) -> list[str]:
    """Return the words of a command, or no words if the line is blank or a comment.

    Raises InvalidError if the line is not valid text, and UsageError if it is not a command.
    """
    if b"\0" in line:
        raise InvalidError(f"byte {line.index(0)} is NUL")
    try:
        words = split_words(line.decode("utf-8-sig" if is_first else "utf-8").rstrip("\r\n"))
    except UnicodeDecodeError as error:
        raise InvalidError(f"byte {error.start} is not UTF-8") from None
    if words == [_PROGRAM]:
        raise UsageError("There is no command after `blogcli`", hint="Write a command, such as `post publish 7`.")
    return words[1:] if words[:1] == [_PROGRAM] else words


@contextmanager
def _stdin_refused() -> Iterator[None]:
    """Replace stdin in the block by a stream that no command can read, because stdin may contain the next lines."""
    previous = sys.stdin
    sys.stdin = _RefusedStream()
    try:
        yield
    finally:
        sys.stdin = previous


class _RefusedStream(io.TextIOBase):
    """A stream that is no terminal, and that raises UsageError when it is read."""

    @property
    def buffer(self) -> BinaryIO:
        """Raise UsageError, because the bytes of the stream cannot be read."""
        self._refuse()

    def read(self, size: int | None = -1, /) -> NoReturn:  # noqa: ARG002 - the signature of the base class
        """Raise UsageError."""
        self._refuse()

    def readline(self, size: int = -1, /) -> NoReturn:  # type: ignore[override]  # noqa: ARG002 - the signature of the base class
        """Raise UsageError."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise UsageError("A command in a batch cannot read stdin", hint="Read the input from a file.")
