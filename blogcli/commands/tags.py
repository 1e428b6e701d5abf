"""`blogcli tag`: words that posts are filed under."""

from typing import Annotated

import typer
from typer import Argument, Option

from .. import schemas, services
from ..enums import TagSort
from ..errors import NotFoundError, UsageError
from ..runner import run
from . import candidates
from .columns import TAGS
from .inputs import confirm
from .invocation import Invocation, command
from .options import SELECTION, DryRun, IgnoreMissing, Limit, Offset, Printing, Tags, Yes
from .reports import default_limit, print_details, print_page, report
from .selections import sorting

app = typer.Typer()


@command(app, "create")
def create(
    invocation: Invocation,
    names: Annotated[list[str], Argument(metavar="NAME", help="Names; case and width do not tell tags apart.")],
    printing: Printing,
    dry_run: DryRun = False,
) -> None:
    """Add tags.

    Example: blogcli tag create python 'C++' 写真
    """
    choice = printing.choice(invocation)
    new = [schemas.TagCreate.checked(name=name) for name in names]
    changes = run(invocation.settings, services.tags.create_tags, new, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="create", noun="tag", name="name", dry_run=dry_run)


@command(app, "list")
def list_(
    invocation: Invocation,
    printing: Printing,
    sort: Annotated[
        str,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **candidates.sorted_by(TagSort),
        ),
    ] = "name",
    limit: Limit = None,
    offset: Offset = 0,
) -> None:
    """List tags with the number of their posts.

    Example: blogcli tag list --sort -posts --limit 10
    """
    choice = printing.choice(invocation)
    key, descending = sorting(sort, TagSort)
    page = run(
        invocation.settings,
        services.tags.list_tags,
        sort=key,
        descending=descending,
        offset=offset,
        limit=default_limit(invocation, choice) if limit is None else limit,
    )
    print_page(invocation, page, TAGS, choice, noun="tag")


@command(app, "show")
def show(invocation: Invocation, tags: Tags, printing: Printing, ignore_missing: IgnoreMissing = False) -> None:
    """Show tags.

    Example: blogcli tag show python
    """
    choice = printing.choice(invocation)
    found = run(invocation.settings, services.tags.show_tags, tags.named(), ignore_missing=ignore_missing)
    print_details(invocation, found, TAGS, choice)


@command(app, "rename")
def rename(
    invocation: Invocation,
    old: Annotated[str, Argument(metavar="OLD", autocompletion=candidates.tags, help="Its name.")],
    new: Annotated[str, Argument(metavar="NEW", help="Its new name.")],
    printing: Printing,
    dry_run: DryRun = False,
) -> None:
    """Give a tag another name.

    Example: blogcli tag rename phyton python
    """
    choice = printing.choice(invocation)
    changes = run(
        invocation.settings, services.tags.rename_tag, old, schemas.TagCreate.checked(name=new), dry_run=dry_run
    )
    report(invocation, changes, TAGS, choice, verb="rename", noun="tag", name="name", dry_run=dry_run, single=True)


@command(app, "merge")
def merge(
    invocation: Invocation,
    names: Annotated[list[str], Argument(help="Tags to merge; the last one stays.", **candidates.TAG)],
    printing: Printing,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Put the posts of some tags under one, and remove the others.

    Example: blogcli tag merge py python3 python
    """
    *sources, into = names
    if not sources:
        raise UsageError("Merging takes two tags or more", hint="blogcli tag merge FROM... INTO")
    choice = printing.choice(invocation)
    if not dry_run:
        confirm(invocation, f"Merge {', '.join(sources)} into {into}", yes=yes)
    changes = run(invocation.settings, services.tags.merge_tags, sources, into, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="merge into", noun="tag", name="name", dry_run=dry_run, single=True)


@command(app, "delete")
def delete(
    invocation: Invocation,
    tags: Tags,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Remove tags; their posts stay.

    Example: blogcli tag delete misc
    """
    choice, names = printing.choice(invocation), tags.named()
    if not dry_run:
        confirm(invocation, f"Delete {', '.join(names) if len(names) < 5 else f'{len(names):,} tags'}", yes=yes)
    changes = run(invocation.settings, services.tags.delete_tags, names, ignore_missing=ignore_missing, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="delete", noun="tag", name="name", dry_run=dry_run)


@command(app, "prune")
def prune(invocation: Invocation, printing: Printing, yes: Yes = False, dry_run: DryRun = False) -> None:
    """Remove tags that no post has, not even one in the trash.

    Example: blogcli tag prune --dry-run
    """
    choice = printing.choice(invocation)
    if not dry_run:
        confirm(invocation, "Remove every tag without posts", yes=yes)
    changes = run(invocation.settings, services.tags.prune_tags, dry_run=dry_run)
    report(invocation, changes, TAGS, choice, verb="delete", noun="tag", name="name", dry_run=dry_run)


@command(app, "exists")
def exists(invocation: Invocation, tags: Tags) -> None:
    """Say by the exit code whether tags exist: 0 if all do, 5 if not.

    Example: blogcli tag exists python || echo none
    """
    if run(invocation.settings, services.tags.missing_tags, tags.named()):
        raise typer.Exit(NotFoundError.exit_code)
