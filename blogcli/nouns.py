"""The nouns of the command line, and the groups that import the commands of a noun on first use."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

from . import commands
from .cli.parsing import ALIASES, Group


class Noun(NamedTuple):
    """A group of commands: its help, and the module of `blogcli.commands` that holds each of its verbs."""

    help: str
    modules: Mapping[str, str]


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
            "tag": "posts.tag",
            "publish": "posts.publish",
            "unpublish": "posts.publish",
            "schedule": "posts.publish",
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
        "Set up shell completion of commands, options and values.\n\nExample: blogcli completion bash >> ~/.bashrc",
        {"": "completion"},
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
            "seed": "db.seed",
        },
    ),
}


# The verbs that are meant where none is given.
DEFAULT_VERBS = {"import": "auto"}
_HELP = "help"


class GroupWithDefault(Group):
    """A noun whose verb may be left out."""

    # An option of the verb that is left out comes before the group knows which verb it is.
    ignore_unknown_options = True

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:  # noqa: ANN401 - a type of Typer's own
        """Return the verb that `args` begin with, or else the default one, its command, and the other arguments."""
        if args[0] not in self.commands and not _is_misspelt(args[0], list(self.commands)):
            args = [DEFAULT_VERBS[str(self.name)], *args]
        return super().resolve_command(ctx, args)


class LazyGroup(Group):
    """The root group, which knows the name of every noun and imports the commands of the one that is used."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever Typer passes
        stubs = {name: TyperGroup(name=name, help=noun.help) for name, noun in NOUNS.items()}
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
    group = typer.Typer(name=name, cls=class_, help=help_, no_args_is_help=True)
    verb = ALIASES.get(verb or "", verb)
    named = modules.get(verb or "")
    for module in [named] if named else dict.fromkeys(modules.values()):
        part = attrgetter(module)(commands).app
        chosen = [command for command in part.registered_commands if command.name == verb]
        if chosen:
            group.registered_commands, group.registered_groups = chosen, []
            break
        group.add_typer(part)
    return typer.main.get_group(group)
