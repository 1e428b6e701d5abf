"""The command `blogcli db seed`."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Option

from ... import output, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...runner import run

if TYPE_CHECKING:
    from ...schemas import Seeded

app = typer.Typer()

# The maximum value of each of the options --posts, --users and --tags.
_MAX_ROWS = 10_000_000
_MAX_SEED = 1_000_000_000


@command(app, "seed", is_bulk=True)
def seed(
    context: CliContext,
    posts: Annotated[int, Option("--posts", min=0, max=_MAX_ROWS, help="Number of posts.", metavar="N")] = 60,
    users: Annotated[int, Option("--users", min=0, max=_MAX_ROWS, help="Number of users.", metavar="N")] = 6,
    tags: Annotated[int, Option("--tags", min=0, max=_MAX_ROWS, help="Number of tags.", metavar="N")] = 12,
    seed_: Annotated[
        int,
        Option("--seed", min=-_MAX_SEED, max=_MAX_SEED, help="Seed of the random number generator.", metavar="S"),
    ] = 1,
    force: Annotated[bool, Flag("--force", help="Fill a database that has other content.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Fill the database with sample content in several languages. Running the command again changes nothing.

    A database with other content is refused unless --force is given.

    Examples:
        blogcli db seed --posts 1000 --seed 7
        blogcli db seed
        blogcli db seed --posts 10 --users 2 --tags 3 --dry-run
    """
    numbers = {"posts": posts, "users": users, "tags": tags, "seed": seed_}
    with output.progress.progress(context.console, "Writing posts") as on_progress:
        created = run(
            context.settings, services.db.seed.seed, **numbers, force=force, dry_run=dry_run, on_progress=on_progress
        )
    _report(context, created, dry_run=dry_run)


def _report(context: CliContext, created: "Seeded", *, dry_run: bool) -> None:
    """Print how many rows were created, and how to revert that."""
    if not (created.posts or created.users or created.tags):
        context.console.say("Nothing to do: the sample content already exists.")
        return
    verb = "Would create" if dry_run else "Created"
    context.console.say(f"{verb} {created.posts:,} posts, {created.users:,} users and {created.tags:,} tags.")
    if not dry_run:
        context.suggest_undo()
