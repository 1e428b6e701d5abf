"""The nouns of the command line, such as `post`, and the groups that import the commands of a noun on first use."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup

from . import commands
from .cli.help import show_man_page
from .cli.parsing import ALIASES, Group
from .output.console import Console


class Noun(NamedTuple):
    """The help text of a noun, and the modules in `blogcli.commands` that define the commands of the noun.

    `modules` maps each verb to a module. If one module defines all commands of the noun, its key is an empty string. If
    `is_command` is set, the noun is a command without verbs, such as `undo`.
    """

    help: str
    modules: Mapping[str, str]
    is_command: bool = False


NOUNS = {
    "post": Noun(
        "Create, find and change posts.\n\nExample: blogcli post publish hello-world",
        {
            "create": "posts.create",
            "list": "posts.list",
            "show": "posts.show",
            "exists": "posts.show",
            "search": "posts.search",
            "update": "posts.update",
            "edit": "posts.edit",
            "history": "posts.history",
            "diff": "posts.history",
            "revert": "posts.history",
            "replace": "posts.replace",
            "tag": "posts.tag",
            "publish": "posts.publish",
            "unpublish": "posts.publish",
            "schedule": "posts.schedule",
            "expire": "posts.publish",
            "publish-due": "posts.publish",
            "delete": "posts.trash",
            "restore": "posts.trash",
        },
    ),
    "user": Noun(
        "Create, find and change users.\n\nExample: blogcli user create ann@example.org",
        {
            "create": "users.create",
            "list": "users.list",
            "show": "users.show",
            "exists": "users.show",
            "update": "users.update",
            "activate": "users.update",
            "deactivate": "users.update",
            "delete": "users.delete",
            "set-password": "users.password",
            "check-password": "users.password",
        },
    ),
    "tag": Noun("Create, find and change tags.\n\nExample: blogcli tag rename phyton python", {"": "tags"}),
    "schedule": Noun("Show what is scheduled.\n\nExample: blogcli schedule next", {"": "schedule"}),
    "check": Noun(
        "Check posts and tags for mistakes.\n\nExample: blogcli check --status published",
        {"": "check"},
        is_command=True,
    ),
    "stats": Noun("Count users, posts, tags and words.\n\nExample: blogcli stats posts --by month", {"": "stats"}),
    "import": Noun(
        "Import posts from Markdown files, WordPress, Ghost or JSON Lines.\n\nExample: blogcli import ~/blog",
        {"": "imports.run_import"},
    ),
    "export": Noun(
        "Export the blog, or a part of it, to files.\n\nExample: blogcli export jsonl blog.jsonl.gz",
        {"": "exports.export"},
    ),
    "completion": Noun(
        "Print scripts for shell completion.\n\nExample: blogcli completion bash >> ~/.bashrc",
        {"": "completion"},
    ),
    "config": Noun(
        "Show, check and change the settings.\n\nExample: blogcli config show --origin",
        {
            "show": "config.show",
            "path": "config.show",
            "profiles": "config.show",
            "check": "config.check",
            "set": "config.change",
            "unset": "config.change",
        },
    ),
    "db": Noun(
        "Create, migrate, check and fill the database.\n\nExample: blogcli db upgrade",
        {
            "upgrade": "db.migrate",
            "downgrade": "db.migrate",
            "stamp": "db.migrate",
            "current": "db.migrate",
            "history": "db.migrate",
            "heads": "db.migrate",
            "revision": "db.migrate",
            "check": "db.check",
            "status": "db.check",
            "reindex": "db.check",
            "optimize": "db.check",
            "seed": "db.seed",
            "backup": "db.backup",
            "backups": "db.backup",
            "verify": "db.backup",
            "restore": "db.restore",
            "copy": "db.copy",
        },
    ),
    "doctor": Noun(
        "Examine the settings, files and the database.\n\nExample: blogcli doctor", {"": "doctor"}, is_command=True
    ),
    "log": Noun(
        "Show what was changed, by whom and by which command.\n\nExample: blogcli log --post hello-world",
        {"list": "log.query", "show": "log.query", "prune": "log.erase", "forget": "log.erase"},
    ),
    "apply": Noun(
        "Change posts as a CSV file says.\n\nExample: blogcli apply changes.csv --dry-run",
        {"": "apply"},
        is_command=True,
    ),
    "batch": Noun(
        "Run many commands, one per line.\n\nExample: blogcli batch changes.txt", {"": "batch"}, is_command=True
    ),
    "undo": Noun("Undo the last command, or other operations.\n\nExample: blogcli undo", {"": "undo"}, is_command=True),
    "redo": Noun("Apply undone operations again.\n\nExample: blogcli redo", {"": "undo"}, is_command=True),
}


# Maps each noun that can be used without a verb to its default verb.
DEFAULT_VERBS = {"import": "auto", "log": "list"}
# The nouns whose default verb needs no arguments. The other nouns show their help if they are used without arguments.
_COMPLETE_NOUNS = frozenset({"log"})
# The word before a command whose help is shown.
HELP = "help"


class GroupWithDefault(Group):
    """The group of commands of a noun that has a default verb."""

    # If the verb is omitted, the group receives the options of the default verb. The group does not know these options,
    # so it must pass unknown options on to the command.
    ignore_unknown_options = True

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer does not export the type
        """Run the command of a verb or, if there are no arguments, the command of the default verb."""
        if self.name in _COMPLETE_NOUNS and not ctx._protected_args:  # noqa: SLF001 - Typer offers no other way
            ctx._protected_args = [DEFAULT_VERBS[self.name]]  # noqa: SLF001 - Typer offers no other way
        return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - Typer does not export the type
        """Return the verb, its command, and the arguments that follow the verb.

        The verb is the first argument. If the first argument is neither a verb nor similar to one, the verb is the
        default verb.
        """
        args = args or [DEFAULT_VERBS[str(self.name)]]
        if args[0] not in self.commands and not _is_misspelled(args[0], list(self.commands)):
            args = [DEFAULT_VERBS[str(self.name)], *args]
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """The root group, which lists all nouns but imports only the commands of the noun in the command line."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - Typer defines the parameters
        stubs = {name: TyperGroup(name=name, help=noun.help) for name, noun in NOUNS.items()}
        stubs[HELP] = TyperGroup(name=HELP, help="Show the help of a command.")
        super().__init__(**settings | {"commands": stubs})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - Typer does not export the type
        """Return the noun, the group of its commands, and the arguments that follow the noun."""
        if args[0] == HELP:
            if len(args) == 1 or ctx.resilient_parsing:
                return ctx.info_name, self, [*args[1:], *([] if ctx.resilient_parsing else ["--help"])]
            args = args[1:]
            if show_man_page(Console(), [args[0], *(ALIASES.get(verb, verb) for verb in args[1:])]):
                ctx.exit()
            args.append("--help")
        name, stub, remaining = super().resolve_command(ctx, args)
        # During completion, the noun may be incomplete or unknown. Typer then expects None for the command.
        if not (name and stub):
            return name, None, remaining
        if NOUNS[name].is_command:
            return name, noun_command(name), remaining
        return name, noun_group(name, remaining[0] if remaining else None), remaining


def _is_misspelled(word: str, verbs: list[str]) -> bool:
    """Return whether a word is similar to one of `verbs` and is not the path of an existing file."""
    return word.isalpha() and not Path(word).exists() and bool(get_close_matches(word, verbs))


@cache
def noun_command(name: str) -> TyperCommand:
    """Return the command of a noun that has no verbs."""
    command = typer.Typer(add_completion=False)
    module_app = attrgetter(NOUNS[name].modules[""])(commands).app
    command.registered_commands = [info for info in module_app.registered_commands if info.name == name]
    return cast("TyperCommand", typer.main.get_command(command))


# The groups are cached for a batch and for the tests, which run many command lines in one process. The size of the
# cache is limited, because a batch may contain any number of unknown verbs.
@lru_cache(maxsize=1_000)
def noun_group(name: str, verb: str | None = None) -> TyperGroup:
    """Return the group of a noun with all its commands.

    If `verb` is the name of a command, the group contains only this command, because creating all commands takes
    longer.
    """
    help_, modules, _ = NOUNS[name]
    class_ = GroupWithDefault if name in DEFAULT_VERBS else Group
    group = typer.Typer(name=name, cls=class_, help=help_, no_args_is_help=name not in _COMPLETE_NOUNS)
    verb = ALIASES.get(verb or "", verb)
    verb_module = modules.get(verb or "")
    for module in [verb_module] if verb_module else dict.fromkeys(modules.values()):
        module_app = attrgetter(module)(commands).app
        matching = [command for command in module_app.registered_commands if command.name == verb]
        if matching:
            group.registered_commands = matching
            group.registered_groups = []
            break
        group.add_typer(module_app)
    return typer.main.get_group(group)
