"""Run a command line, print its error, and return its exit code."""

import re
import sys
import traceback
from itertools import pairwise

import typer

from ..errors import BlogError, CancelledByUserError, ExitCode, UsageError, mask_secrets
from ..output.console import Console
from ..output.streams import discard_stdout
from ..output.text import safe_text
from .context import CliContext
from .invocation import Invocation

_JSON_FORMATS = ("json", "jsonl")


def dispatch(invocation: Invocation) -> int:
    """Run a command line, print any error on stderr, and return the exit code."""
    try:
        code = _run(invocation)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as error:
        # Typer converts a BrokenPipeError of a command to SystemExit. Any other SystemExit must end the program.
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        # A program that reads the output, such as `head`, may close the pipe early. This is not an error.
        discard_stdout()
        return ExitCode.DONE
    except OSError as error:
        discard_stdout()
        return show_error(BlogError(f"Cannot write the output: {error.strerror}"), invocation, as_json=False)
    return code


def show_error(error: BlogError, invocation: Invocation, *, as_json: bool | None = None) -> int:
    """Print the error of a command line, and return its exit code. The error of a line in a batch names the line.

    If `as_json` is None, the command line and the settings decide whether the error is printed as JSON.
    """
    batch = invocation.batch
    if "--debug" in invocation.arguments or (batch and batch.given.get("debug")):
        sys.stderr.write(safe_text(mask_secrets("".join(traceback.format_exception(error)))))
    if isinstance(error, CancelledByUserError) and Console().stderr_is_terminal:
        # The terminal shows ^C on the current line, so the message begins on a new line.
        sys.stderr.write("\n")
    if batch:
        error.message = f"line {invocation.line}: {error.message}"
    Console().show_error(error, as_json=_wants_json(invocation) if as_json is None else as_json)
    return error.exit_code


def _run(invocation: Invocation) -> int:
    """Parse and run a command line, print the error if the command fails, and return the exit code."""
    arguments = list(invocation.arguments)
    try:
        result = invocation.root.main(arguments, prog_name="blogcli", standalone_mode=False, obj=invocation)
    except BlogError as error:
        return show_error(error, invocation)
    except typer.TyperException as error:
        if not arguments or (error.exit_code == ExitCode.USAGE and type(error).__name__ == "NoArgsIsHelpError"):
            sys.stdout.write(error.format_message() + "\n")
            return ExitCode.USAGE
        return show_error(_to_usage_error(error), invocation)
    except (KeyboardInterrupt, typer.Abort):
        return show_error(CancelledByUserError("Interrupted"), invocation)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - an unexpected exception is also printed as an error message
        return show_error(_to_blog_error(error), invocation)
    return result if isinstance(result, int) else ExitCode.DONE


def _to_blog_error(error: Exception) -> BlogError:
    """Convert an unexpected exception to an error with a message."""
    # If Ctrl-C arrives while pydantic builds a validator, pydantic raises a SchemaError that quotes KeyboardInterrupt.
    if type(error).__name__ == "SchemaError" and "KeyboardInterrupt" in str(error):
        return CancelledByUserError("Interrupted")
    unexpected = BlogError(
        f"Unexpected failure: {mask_secrets(repr(error))}", hint="Run the command again with --debug."
    )
    unexpected.__cause__ = error
    return unexpected


def _to_usage_error(error: typer.TyperException) -> UsageError:
    """Convert an error of the parser to a UsageError whose hint names the command that prints the help."""
    # The message may quote an unexpected argument, and the argument may be a URL with a password.
    message = mask_secrets(" ".join(error.format_message().split())).rstrip(".").replace("Value error, ", "")
    # If the message contains several suggestions, only the first suggestion is kept, because it is the most similar.
    message = re.sub(r"(Did you mean '[^']*'), '.*\?$", r"\1?", message)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "blogcli"
    return UsageError(message, hint=f"See `{path} --help`.")


def _wants_json(invocation: Invocation) -> bool:
    """Return whether errors are printed as JSON. The settings decide if the command line selects no format."""
    arguments = invocation.arguments
    pairs = pairwise([*arguments, ""])
    formats = [
        value if name == "--format" else name.partition("=")[2] for name, value in pairs if _is_format_option(name)
    ]
    if formats or "--json" in arguments:
        return "--json" in arguments or formats[-1] in _JSON_FORMATS
    try:
        settings = invocation.batch.settings if invocation.batch else CliContext({}).settings
    except BlogError:
        return False
    return settings.format in _JSON_FORMATS


def _is_format_option(argument: str) -> bool:
    return argument.partition("=")[0] == "--format"
