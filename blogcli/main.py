"""The root of the command line. It declares the global options and handles all errors."""

import re
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from . import __version__, cli
from .cli.context import CliContext
from .cli.deferred_conversion import defer_conversion
from .cli.option_group import Flag
from .errors import BlogError, CancelledByUserError, ExitCode, UsageError, mask_secrets
from .nouns import LazyGroup
from .output.console import Console
from .output.streams import discard_stdout, prepare_streams

_JSON_FORMATS = ("json", "jsonl")


app = typer.Typer(
    name="blogcli",
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(value: bool) -> None:
    if value:
        sys.stdout.write(f"blogcli {__version__}\n")
        raise typer.Exit


def _profiles(ctx: typer.Context, incomplete: str) -> list[str]:
    # The attribute access imports the module `completers`, which only completion needs.
    return cli.completers.complete_profiles(ctx, incomplete)


# Every command accepts the options of this function in any position (see cli/parsing.py), and receives their values in
# its CliContext.
@app.callback()
def configure(
    database_url: Annotated[
        str | None, Option("--database-url", help="SQLite file or URL, or PostgreSQL URL.", metavar="URL")
    ] = None,
    profile: Annotated[
        str | None, Option("--profile", help="Profile in the config file.", metavar="NAME", autocompletion=_profiles)
    ] = None,
    config: Annotated[Path | None, Option("--config", help="Config file.", metavar="FILE")] = None,
    quiet: Annotated[bool, Flag("--quiet", "-q", help="Print no messages except warnings and errors.")] = False,
    verbose: Annotated[bool, Flag("--verbose", "-v", help="Print more details.")] = False,
    debug: Annotated[bool, Flag("--debug", help="Print SQL, and tracebacks of errors.")] = False,
    color: Annotated[
        bool | None, Flag("--color/--no-color", help="Color the output (default: only on a terminal).")
    ] = None,
    version: Annotated[
        bool, Flag("--version", "-V", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Manage the content of a blog from the shell.

    Example: blogcli post list --tag python
    """


@cache
def _root() -> Any:  # noqa: ANN401 - Typer does not export the type
    return typer.main.get_command(app)


def main(arguments: list[str]) -> int:
    """Run a command line, print any error on stderr, and return the exit code."""
    prepare_streams()
    defer_conversion()
    try:
        code = _dispatch(arguments)
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
        Console().show_error(BlogError(f"Cannot write the output: {error.strerror}"), as_json=False)
        return ExitCode.FAILED
    return code


def _dispatch(arguments: list[str]) -> int:
    """Parse and run a command line, print the error if the command fails, and return the exit code."""
    try:
        result = _root().main(arguments, prog_name="blogcli", standalone_mode=False, obj=arguments)
    except BlogError as error:
        return _show_error(error, arguments)
    except typer.TyperException as error:
        if not arguments or (error.exit_code == ExitCode.USAGE and type(error).__name__ == "NoArgsIsHelpError"):
            sys.stdout.write(error.format_message() + "\n")
            return ExitCode.USAGE
        return _show_error(_to_usage_error(error), arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _show_error(CancelledByUserError("Interrupted"), arguments)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - an unexpected exception is also printed as an error message
        unexpected = BlogError(
            f"Unexpected failure: {mask_secrets(repr(error))}", hint="Run the command again with --debug."
        )
        unexpected.__cause__ = error
        return _show_error(unexpected, arguments)
    return result if isinstance(result, int) else ExitCode.DONE


def _show_error(error: BlogError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        sys.stderr.write(mask_secrets("".join(traceback.format_exception(error))))
    if isinstance(error, CancelledByUserError) and Console().stderr_is_terminal:
        # The terminal shows ^C on the current line, so the message begins on a new line.
        sys.stderr.write("\n")
    Console().show_error(error, as_json=_wants_json(arguments))
    return error.exit_code


def _to_usage_error(error: typer.TyperException) -> UsageError:
    """Convert an error of the parser to a UsageError whose hint names the command that prints the help."""
    # The message may quote an unexpected argument, and the argument may be a URL with a password.
    message = mask_secrets(" ".join(error.format_message().split())).rstrip(".").replace("Value error, ", "")
    # If the message contains several suggestions, only the first suggestion is kept, because it is the most similar.
    message = re.sub(r"(Did you mean '[^']*'), '.*\?$", r"\1?", message)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "blogcli"
    return UsageError(message, hint=f"See `{path} --help`.")


def _wants_json(arguments: list[str]) -> bool:
    """Return whether errors are printed as JSON. The settings decide if the command line selects no format."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    formats = [
        value if name == "--format" else name.partition("=")[2] for name, value in pairs if _is_format_option(name)
    ]
    if formats or "--json" in arguments:
        return "--json" in arguments or formats[-1] in _JSON_FORMATS
    try:
        return CliContext({}).settings.format in _JSON_FORMATS
    except BlogError:
        return False


def _is_format_option(argument: str) -> bool:
    return argument.partition("=")[0] == "--format"
