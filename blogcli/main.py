"""The root of the command line, which declares the global options."""

import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option

from . import __version__, cli
from .cli.deferred_conversion import defer_conversion
from .cli.dispatch import dispatch
from .cli.invocation import Invocation
from .cli.option_group import Flag
from .nouns import LazyGroup
from .output.streams import prepare_streams
from .signals import restoring_signals

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
    # After a command has committed its changes, signals are ignored until the result is printed. At the end of the
    # block, the signal handlers are restored.
    with restoring_signals():
        return dispatch(Invocation(_root(), arguments))
