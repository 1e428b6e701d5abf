"""Commands of `blogcli completion`, which print completion scripts, print candidates and update the cache of names."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer
from typer._click.shell_completion import CompletionItem, _is_incomplete_option, _resolve_context
from typer._completion_classes import FishComplete

from .. import completion, services
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.option_group import Flag
from ..cli.parsing import WordsCommand
from ..output.console import Console
from ..output.text import safe_line
from ..runner import run

app = typer.Typer()


@command(app, "bash")
def bash(context: CliContext) -> None:
    """Print the completion script for bash.

    Examples:
        blogcli completion bash >> ~/.bashrc
        blogcli completion bash > ~/.local/share/bash-completion/completions/blogcli
        source <(blogcli completion bash)
    """
    context.console.write([completion.shells.script("bash")])


@command(app, "zsh")
def zsh(context: CliContext) -> None:
    """Print the completion script for zsh. Load it after compinit.

    Examples:
        blogcli completion zsh >> ~/.zshrc
        blogcli completion zsh > ~/.zsh/blogcli.zsh
        source <(blogcli completion zsh)
    """
    context.console.write([completion.shells.script("zsh")])


@command(app, "fish")
def fish(context: CliContext) -> None:
    """Print the completion script for fish.

    Examples:
        blogcli completion fish > ~/.config/fish/completions/blogcli.fish
        blogcli completion fish | source
        blogcli completion fish > blogcli.fish
    """
    context.console.write([completion.shells.script("fish")])


# The words of the command line are read from the context, because Typer would import pydantic for a parameter that
# receives a list of words.
@app.command("candidates", cls=WordsCommand, hidden=True, context_settings={"allow_extra_args": True})
def candidates(ctx: typer.Context) -> None:
    """Print the candidates for the last word of a command line, one per line.

    The arguments are the name of the shell and the words of the command line. For bash, pass two arguments instead of
    the words: the command line up to the cursor, and the word to complete.

    Example: blogcli completion candidates zsh -- blogcli post li
    """
    console = Console()
    shell, *arguments = ctx.args or [""]
    if shell == "bash":
        line, replaced_word = (*arguments, "", "")[:2]
        values = [item.value for item in _candidates(ctx, completion.shells.split_line(line))]
        console.write(f"{value}\n" for value in completion.shells.quote_for_bash(values, line, replaced_word))
    else:
        items = _candidates(ctx, arguments)
        console.write(f"{item.value}\t{item.help}\n" if item.help else f"{item.value}\n" for item in items)


@command(app, "refresh", hidden=True)
def refresh(
    context: CliContext,
    url_stdin: Annotated[bool, Flag("--url-stdin", help="Read the database URL from stdin.")] = False,
) -> None:
    """Update the cache of slugs, tags and e-mail addresses that completion uses with a PostgreSQL database.

    Example: blogcli completion refresh
    """
    settings = context.settings
    if url_stdin:
        settings = replace(settings, database_url=os.fsdecode(sys.stdin.buffer.read()))
    completion.cache.store_names(run(settings, services.completion.list_names), settings)


def _candidates(ctx: typer.Context, words: Sequence[str]) -> list[CompletionItem]:
    if len(words) < 2:
        return []
    _, *arguments, incomplete = words
    try:
        items = _Completer(ctx.find_root().command, {}, "blogcli", "").get_completions(arguments, incomplete)
    except typer.TyperException:
        # Typer raises this error if the words before the last word are invalid. There are no candidates in this case.
        return []
    # Shells show candidates as they are, so names with control characters are not offered.
    return [item for item in items if safe_line(item.value) == item.value]


class _Completer(FishComplete):
    """Completes command lines as Typer does, and also completes option values that begin with a dash (`--sort -title`).

    The base class, which Typer provides for fish, is used for all shells, because the candidates do not depend on the
    shell.
    """

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        option, equals, value = incomplete.partition("=")
        if equals and option.startswith("-"):
            preceding_words = [*args, option]
        else:
            preceding_words = args
            value = incomplete
        if value.startswith("-"):
            ctx = _resolve_context(self.cli, self.ctx_args, self.prog_name, preceding_words)
            for param in ctx.command.get_params(ctx):
                if _is_incomplete_option(ctx, preceding_words, param):
                    return param.shell_complete(ctx, value)
        return super().get_completions(args, incomplete)
