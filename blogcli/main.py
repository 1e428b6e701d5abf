"""The root of the command line: its groups, its global options, and the one place where errors end."""

import logging
import re
import sys
import traceback
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Option
from typer.core import TyperGroup

from . import __version__, commands
from .commands.invocation import Flag, Invocation
from .errors import BlogError, ExitCode, UsageError, mask_secrets
from .output.console import Console
from .output.streams import discard_stdout, prepare_streams
from .settings import Overrides
from .startup import leave_out_needless_work

# What each noun is for, with an example, and the modules that hold its commands.
NOUNS = {
    "post": (
        "Write, find and change posts.\n\nExample: blogcli post publish hello-world",
        ("posts", "searching", "editing", "publishing"),
    ),
    "user": (
        "Add, find and change users.\n\nExample: blogcli user create ann@example.org",
        ("users", "passwords"),
    ),
    "tag": ("Add, find and change tags.\n\nExample: blogcli tag rename phyton python", ("tags",)),
    "stats": ("Count users, posts, tags and words.\n\nExample: blogcli stats posts --by month", ("stats",)),
    "import": (
        "Bring a blog in: Markdown files, WordPress, Ghost, JSON Lines.\n\nExample: blogcli import ~/blog",
        ("importing",),
    ),
    "export": (
        "Write the blog, or a part of it, to files.\n\nExample: blogcli export jsonl blog.jsonl.gz",
        ("exporting",),
    ),
    "completion": (
        "Let Tab complete commands, options and values.\n\nExample: blogcli completion bash >> ~/.bashrc",
        ("completion",),
    ),
    "db": ("Set up, migrate, check and fill the database.\n\nExample: blogcli db upgrade", ("db",)),
}

# The verb of a noun that is followed by none.
DEFAULT_VERBS = {"import": "auto"}


class Nouns(TyperGroup):
    """The root group: it knows the name of every noun, and imports the commands of the one that is used."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever Typer passes
        stubs = {name: TyperGroup(name=name, help=help_) for name, (help_, _) in NOUNS.items()}
        super().__init__(**settings | {"commands": stubs})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - a type of Typer's own
        """The noun that `args` begin with, with its commands."""
        name, found, rest = super().resolve_command(ctx, args)
        # Where the words are only looked at, for completion, an unknown one is no error.
        if not (name and found):
            return name, None, rest
        noun = noun_group(name, rest[0] if rest else None)
        is_verb = bool(rest) and rest[0] in (*noun.commands, *ctx.help_option_names)
        if rest and name in DEFAULT_VERBS and not is_verb and not _is_misspelt(rest[0], list(noun.commands)):
            rest = [DEFAULT_VERBS[name], *rest]
            noun = noun_group(name, rest[0])
        return name, noun, rest


def _is_misspelt(word: str, verbs: list[str]) -> bool:
    """Return whether a word that may be a path is rather a verb with a typing error in it."""
    if not word.isalpha() or Path(word).exists():
        return False
    import difflib  # noqa: PLC0415 - only a word that is neither a verb nor a path needs it

    return bool(difflib.get_close_matches(word, verbs))


def noun_group(name: str, verb: str | None = None) -> TyperGroup:
    """The group of a noun with all its commands, or, quicker to make, with the one that `verb` names."""
    help_, modules = NOUNS[name]
    noun = typer.Typer(name=name, help=help_, no_args_is_help=True)
    for module in modules:
        part = getattr(commands, module).app
        named = [command for command in part.registered_commands if command.name == verb]
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


@app.callback()
def configure(
    ctx: typer.Context,
    database_url: Annotated[
        str | None, Option("--database-url", help="SQLite file or URL, or PostgreSQL URL.", metavar="URL")
    ] = None,
    profile: Annotated[str | None, Option("--profile", help="Profile of the config file.", metavar="NAME")] = None,
    config: Annotated[Path | None, Option("--config", help="Config file.", metavar="FILE")] = None,
    quiet: Annotated[bool, Flag("--quiet", "-q", help="Say nothing but warnings and errors.")] = False,
    verbose: Annotated[bool, Flag("--verbose", "-v", help="Say what migrations do.")] = False,
    debug: Annotated[bool, Flag("--debug", help="Show SQL, and tracebacks of errors.")] = False,
    color: Annotated[
        bool | None, Flag("--color/--no-color", help="Colour data, or not (default: on a terminal).")
    ] = None,
    _version: Annotated[
        bool, Flag("--version", help="Show the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Manage the content of a blog from the shell.

    Example: blogcli post list --tag python
    """
    if verbose or debug:
        _log_to_stderr("alembic.runtime.migration", *(["sqlalchemy.engine.Engine"] if debug else []))
    overrides = Overrides(database_url=database_url, profile=profile, config=config, echo=debug)
    ctx.obj = Invocation(overrides, quiet=quiet, color=color)


def _log_to_stderr(*names: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    for name in names:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


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
        result = typer.main.get_command(app).main(arguments, prog_name="blogcli", standalone_mode=False)
    except BlogError as error:
        return _show(error, arguments)
    except typer.TyperException as error:
        if not arguments or (error.exit_code == ExitCode.USAGE and type(error).__name__ == "NoArgsIsHelpError"):
            sys.stdout.write(error.format_message() + "\n")
            return ExitCode.USAGE
        return _show(_usage_error(error), arguments)
    except (KeyboardInterrupt, typer.Abort):
        sys.stderr.write("\n")
        return ExitCode.INTERRUPTED
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort: one line, and the whole story with --debug
        unexpected = BlogError(f"Unexpected failure: {error!r}", hint="Run it again with --debug before the noun.")
        unexpected.__cause__ = error
        return _show(unexpected, arguments)
    return result if isinstance(result, int) else ExitCode.DONE


def _show(error: BlogError, arguments: list[str]) -> int:
    if "--debug" in arguments:
        sys.stderr.write(mask_secrets("".join(traceback.format_exception(error))))
    Console().show_error(error, as_json=_wants_json(arguments))
    return error.exit_code


def _usage_error(error: typer.TyperException) -> UsageError:
    """The parser's complaint as one of ours, with a hint that gets the user on."""
    message = " ".join(error.format_message().split()).rstrip(".").replace("Value error, ", "")
    # Of several, the first is the nearest.
    message = re.sub(r"(Did you mean '[^']*'), '.*\?$", r"\1?", message)
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "blogcli"
    name = getattr(error, "option_name", None)
    if name and ctx and ctx.parent and name in _global_options(ctx):
        return UsageError(
            f"{name} is a global option", hint=f"It goes before the noun: blogcli {name} {path.partition(' ')[2]} ..."
        )
    return UsageError(message, hint=f"See `{path} --help`.")


def _global_options(ctx: typer.Context) -> set[str]:
    return {name for param in ctx.find_root().command.params for name in (*param.opts, *param.secondary_opts)}


def _wants_json(arguments: list[str]) -> bool:
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(
        argument in ("--format=json", "--format=jsonl") or (argument == "--format" and value in ("json", "jsonl"))
        for argument, value in pairs
    )
