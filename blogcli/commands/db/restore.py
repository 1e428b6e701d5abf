"""The command `blogcli db restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer
from typer import Argument

from ... import output, services
from ...cli.atomic_write import replace_file
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...cli.options import DryRun, Yes
from ...cli.prompts import confirm
from ...cli.results import ActionReport
from ...enums import IfMissing
from ...errors import NotConfirmedError
from ...runner import run_alone, run_migrations
from .backup import default_folder, describe, make_folder, make_report, new_path

if TYPE_CHECKING:
    from ...schemas import BackupFile

app = typer.Typer()


@command(app, "restore")
def restore(
    context: CliContext,
    file: Annotated[Path, Argument(metavar="FILE", help="A backup.")],
    other_blog: Annotated[bool, Flag("--other-blog", help="Replace the blog with the backup of another blog.")] = False,
    no_backup: Annotated[bool, Flag("--no-backup", help="Do not back up the blog that is replaced.")] = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ActionReport:
    """Replace the whole blog with a backup, or create the database from it.

    The blog that is replaced is backed up first. Everything is replaced at once, or nothing. A backup of an older
    version of blogcli is upgraded.

    Examples:
        blogcli db restore blog.blogcli.gz
        blogcli db restore blog.blogcli.gz --dry-run
        blogcli --database-url postgresql://ann@db/blog db restore blog.blogcli.gz --yes
    """
    record = services.db.backups.read_record(file)
    replaced = run_alone(services.db.restore.inspect, context.settings)
    if dry_run:
        run_alone(services.db.backup.verify, file, context.settings)
        return make_report("Would restore", record)
    _confirm(context, record, replaced, other_blog=other_blog, yes=yes)
    _restore(context, file, makes_backup=not no_backup)
    return make_report("Restored", record)


def _restore(context: CliContext, file: Path, *, makes_backup: bool) -> None:
    with output.progress.progress(context.console, "Restoring rows") as on_progress:
        service = partial(
            services.db.restore.restore,
            path=file,
            settings=context.settings,
            open_backup=partial(_open_backup, context) if makes_backup else None,
            on_progress=on_progress,
        )
        run_migrations(context.settings, service, if_missing=IfMissing.PRETEND)


@contextmanager
def _open_backup(context: CliContext) -> Iterator[IO[bytes]]:
    """Yield the file for the backup of the blog that is replaced, and say where it is after it was written."""
    path = new_path(context, default_folder(context), "-before-restore")
    make_folder(path.parent)
    with replace_file(path, private=True) as file:
        yield file
    context.console.say(f"Backed up the replaced blog to {path}.")


def _confirm(
    context: CliContext, record: "BackupFile", replaced: "BackupFile | None", *, other_blog: bool, yes: bool
) -> None:
    """Ask whether to replace the blog, unless it is empty.

    Raises NotConfirmedError if the user declines, if there is no terminal and `yes` is not set, or if there is no
    terminal, the backup belongs to another blog, and `other_blog` is not set.
    """
    if replaced is None:
        return
    contents = f"{describe(replaced)} with the {describe(record)} of {record.created_at:%Y-%m-%d %H:%M} UTC"
    # A backup of a revision before 0006 does not identify its blog.
    if record.blog in (None, replaced.blog):
        confirm(context, f"Replace {contents}", yes=yes)
    elif other_blog:
        confirm(context, f"Replace {contents}, which belong to another blog", yes=yes)
    elif context.console.is_interactive and not context.is_confirmed:
        confirm(context, f"This is a backup of ANOTHER blog. Replace {contents}", yes=False)
    else:
        raise NotConfirmedError(
            f"{record.file} is a backup of another blog", hint="Add --other-blog to replace this blog with it."
        )
