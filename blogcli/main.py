"""The root of the command line: its nouns, its global options, and the one place where errors end."""

import re
import sys
import traceback
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option
from typer.core import TyperGroup

from . import __version__, commands
from .commands.invocation import Flag, Invocation
from .commands.parsing import ALIASES, Group
from .errors import BlogError, CancelledByUserError, ExitCode, UsageError, mask_secrets
from .output.console import Console
from .output.streams import discard_stdout, prepare_streams
from .startup import leave_out_needless_work

# What each noun is for, with an example, and the modules that hold its commands.
NOUNS = {
    "post": (
        "Create, find and change posts.\n\nExample: blogcli post publish hello-world",
        ("posts", "searching", "editing", "publishing"),
    ),
    "user": (
        "Create, find and change users.\n\nExample: blogcli user create ann@example.org",
        ("users", "user_deletion", "passwords"),
    ),
    "tag": ("Create, find and change tags.\n\nExample: blogcli tag rename phyton python", ("tags",)),
    "stats": ("Count users, posts, tags and words.\n\nExample: blogcli stats posts --by month", ("stats",)),
    "import": (
        "Import posts from Markdown files, WordPress, Ghost or JSON Lines.\n\nExample: blogcli import ~/blog",
        ("importing",),
    ),
    "export": (
        "Export the blog, or a part of it, to files.\n\nExample: blogcli export jsonl blog.jsonl.gz",
        ("exporting",),
    ),
    "completion": (
        "Set up shell completion of commands, options and values.\n\nExample: blogcli completion bash >> ~/.bashrc",
        ("completion",),
    ),
    "db": ("Create, migrate, check and fill the database.\n\nExample: blogcli db upgrade", ("db",)),
}

# The verbs that are meant where none is given.
DEFAULT_VERBS = {"import": "auto"}
_HELP = "help"
_JSON = ("json", "jsonl")


class GroupWithDefault(Group):
    """A noun whose verb may be left out."""

    # An option of the verb that is left out comes before the group knows which verb it is.
    ignore_unknown_options = True

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - a type of Typer's own
        """Return the verb that `args` begin with, or else the default one, its command, and the other arguments."""
        if args[0] not in self.commands and not _is_misspelt(args[0], list(self.commands)):
            args = [DEFAULT_VERBS[str(self.name)], *args]
        return super().resolve_command(ctx, args)


class Nouns(Group):
    """The root group, which knows the name of every noun and imports the commands of the one that is used."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever Typer passes
        stubs = {name: TyperGroup(name=name, help=help_) for name, (help_, _) in NOUNS.items()}
        stubs[_HELP] = TyperGroup(name=_HELP, help="Show the help of a command.")
        super().__init__(**settings | {"commands": stubs})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - the same
        """Return the noun that `args` begin with, the group of its commands, and the other arguments."""
        if args[0] == _HELP:
            if len(args) == 1 or ctx.resilient_parsing:
                return ctx.info_name, self, [*args[1:], *([] if ctx.resilient_parsing else ["--help"])]
            args = [*args[1:], "--help"]
        name, found, rest = super().resolve_command(ctx, args)
        # During completion the arguments are only looked at, and an unknown noun is not an error.
        if not (name and found):
            return name, None, rest
        return name, noun_group(name, rest[0] if rest else None), rest


def _is_misspelt(word: str, verbs: list[str]) -> bool:
    """Return whether a word that may be a path is rather a verb with a typing error in it."""
    return word.isalpha() and not Path(word).exists() and bool(get_close_matches(word, verbs))


# Cached for processes that run many command lines, such as the tests.
@cache
def noun_group(name: str, verb: str | None = None) -> TyperGroup:
    """Return the group of a noun with all its commands or, as that is faster, with only the one that `verb` names."""
    help_, modules = NOUNS[name]
    class_ = GroupWithDefault if name in DEFAULT_VERBS else Group
    noun = typer.Typer(name=name, cls=class_, help=help_, no_args_is_help=True)
    for module in modules:
        part = getattr(commands, module).app
        named = [command for command in part.registered_commands if command.name in (verb, ALIASES.get(verb or ""))]
        if named:
            noun.registered_commands, noun.registered_groups = named, []
            break
        noun.add_typer(part)
    return typer.main.get_group(noun)


app = typer.Typer(
    name="blogcli",
    cls=Nouns,
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _print_version(value: bool) -> None:
    if value:
        sys.stdout.write(f"blogcli {__version__}\n")
        raise typer.Exit


def _profiles(ctx: typer.Context, incomplete: str) -> list[str]:
    # Behind the door: what is offered is imported only when it is asked for.
    return commands.candidates.profiles(ctx, incomplete)


# Every command accepts these options, in any place (commands/parsing.py), and receives them as an Invocation.
@app.callback()
def configure(
    database_url: Annotated[
        str | None, Option("--database-url", help="SQLite file or URL, or PostgreSQL URL.", metavar="URL")
    ] = None,
    profile: Annotated[
        str | None, Option("--profile", help="Profile in the config file.", metavar="NAME", autocompletion=_profiles)
    ] = None,
    config: Annotated[Path | None, Option("--config", help="Config file.", metavar="FILE")] = None,
    quiet: Annotated[bool, Flag("--quiet", "-q", help="Print only warnings and errors.")] = False,
    verbose: Annotated[bool, Flag("--verbose", "-v", help="Print more details.")] = False,
    debug: Annotated[bool, Flag("--debug", help="Print SQL, and tracebacks of errors.")] = False,
    color: Annotated[
        bool | None, Flag("--color/--no-color", help="Whether data is colored (default: on a terminal).")
    ] = None,
    version: Annotated[
        bool, Flag("--version", "-V", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Manage the content of a blog from the shell.

    Example: blogcli post list --tag python
    """


@cache
def _root() -> Any:  # noqa: ANN401 - a type of Typer's own
    return typer.main.get_command(app)


def main(arguments: list[str]) -> int:
    """Run one command line; its exit code. Every error ends here, as a line on stderr."""
    prepare_streams()
    leave_out_needless_work()
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit) as end:
        # Typer turns the broken pipe of a command into an exit of its own.
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise
        # Whoever read the output has seen enough.
        discard_stdout()
        return ExitCode.DONE
    except OSError as error:
        discard_stdout()
        Console().show_error(BlogError(f"Cannot write the output: {error.strerror}"), as_json=False)
        return ExitCode.FAILED
    return code


def _dispatch(arguments: list[str]) -> int:
    try:
        result = _root().main(arguments, prog_name="blogcli", standalone_mode=False)
    except BlogError as error:
        return _show(error, arguments)
    except typer.TyperException as error:
        if not arguments or (error.exit_code == ExitCode.USAGE and type(error).__name__ == "NoArgsIsHelpError"):
            sys.stdout.write(error.format_message() + "\n")
            return ExitCode.USAGE
        return _show(_usage_error(error), arguments)
    except (KeyboardInterrupt, typer.Abort):
        return _show(CancelledByUserError("Interrupted"), arguments)
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: one line, and the whole story with --debug
        unexpected = BlogError(
            f"Unexpected failure: {mask_secrets(repr(error))}", hint="Run it again with --debug before the noun."
        )
        unexpected.__cause__ = error
        return _show(unexpected, arguments)
    return result if isinstance(result, int) else ExitCode.DONE


def _show(error: BlogError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        sys.stderr.write(mask_secrets("".join(traceback.format_exception(error))))
    if isinstance(error, CancelledByUserError) and Console().stderr_is_terminal:
        # The terminal shows ^C at the place of the cursor.
        sys.stderr.write("\n")
    Console().show_error(error, as_json=_wants_json(arguments))
    return error.exit_code


def _usage_error(error: typer.TyperException) -> UsageError:
    """The parser's complaint as one of ours, with a hint that gets the user on."""
    # An argument in the wrong place may be a URL.
    message = mask_secrets(" ".join(error.format_message().split())).rstrip(".").replace("Value error, ", "")
    # Of several, the first is the nearest.
    message = re.sub(r"(Did you mean '[^']*'), '.*\?$", r"\1?", message)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "blogcli"
    return UsageError(message, hint=f"See `{path} --help`.")


def _wants_json(arguments: list[str]) -> bool:
    """Return whether the command was to print JSON, by its options or else by the settings."""
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    named = [value if name == "--format" else name.partition("=")[2] for name, value in pairs if _names_format(name)]
    if named or "--json" in arguments:
        return "--json" in arguments or named[-1] in _JSON
    try:
        return Invocation({}).settings.format in _JSON
    except BlogError:
        return False


def _names_format(argument: str) -> bool:
    return argument.partition("=")[0] == "--format"
