"""`blogcli completion`: what makes Tab work in a shell."""

from collections.abc import Sequence

import typer
from typer._click.shell_completion import CompletionItem, _is_incomplete_option, _resolve_context
from typer._completion_classes import FishComplete

from .. import completion, services
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.parsing import WordsCommand
from ..output.console import Console
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
    """Print the completion script for zsh; load it after compinit.

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


# Not as parameters: Typer would import pydantic for their sake.
@app.command("candidates", cls=WordsCommand, hidden=True, context_settings={"allow_extra_args": True})
def candidates(ctx: typer.Context) -> None:
    """Print what the last of the words behind a shell's name may become: for bash, behind the line as it stands.

    Example: blogcli completion candidates zsh -- blogcli post li
    """
    console, (shell, *typed) = Console(), ctx.args or [""]
    if shell == "bash":
        line, current = (*typed, "", "")[:2]
        values = [item.value for item in _offered(ctx, completion.shells.split_line(line))]
        console.write(f"{value}\n" for value in completion.shells.quote_for_bash(values, line, current))
    else:
        items = _offered(ctx, typed)
        console.write(f"{item.value}\t{item.help}\n" if item.help else f"{item.value}\n" for item in items)


@command(app, "refresh", hidden=True)
def refresh(context: CliContext) -> None:
    """Cache the names that completion offers for a PostgreSQL database.

    Example: blogcli completion refresh
    """
    settings = context.settings
    completion.cache.store_names(run(settings, services.completion.list_names), settings)


def _offered(ctx: typer.Context, words: Sequence[str]) -> list[CompletionItem]:
    if len(words) < 2:
        return []
    _, *before, incomplete = words
    try:
        # What words lead to is the same for all shells; how they are passed is up to our own scripts.
        return _Completions(ctx.find_root().command, {}, "blogcli", "").get_completions(before, incomplete)
    except typer.TyperException:
        # Words that make no sense so far: nothing follows them.
        return []


class _Completions(FishComplete):
    """Completions that also know the values of options that begin with a dash, such as `--sort -title`."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        name, equals, value = incomplete.partition("=")
        joined = bool(equals) and name.startswith("-")
        before, value = ([*args, name], value) if joined else (args, incomplete)
        if value.startswith("-"):
            ctx = _resolve_context(self.cli, self.ctx_args, self.prog_name, before)
            for param in ctx.command.get_params(ctx):
                if _is_incomplete_option(ctx, before, param):
                    return param.shell_complete(ctx, value)
        return super().get_completions(args, incomplete)
