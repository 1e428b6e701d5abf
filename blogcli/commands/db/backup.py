"""The commands `blogcli db backup`, `blogcli db backups` and `blogcli db verify`."""

import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ... import output, services
from ...cli.atomic_write import check_target, replace_file
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.fields import BACKUPS
from ...cli.messages import amount
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import ActionReport, RecordList
from ...directories import data_home
from ...errors import ConflictError, UsageError
from ...runner import run_alone, run_inspection

if TYPE_CHECKING:
    from ...archive.retention import Rule
    from ...schemas import BackupFile

app = typer.Typer()

BackupFolder = Annotated[
    Path | None,
    Argument(metavar="[DIR]", help="The folder of the backups. (default: backup_folder)", show_default=False),
]


@command(app, "backup", is_guarded=False)
def backup(
    context: CliContext,
    target: Annotated[
        Path | None,
        Argument(
            metavar="[FILE|DIR|-]",
            help="A file, a folder, or - for stdout. (default: the folder backup_folder)",
            show_default=False,
        ),
    ] = None,
    keep: Annotated[
        str | None,
        Option("--keep", help="Remove older backups from the folder, such as 7d,4w,12m.", metavar="RULES"),
    ] = None,
    native: Annotated[
        bool, Flag("--native", help="Also write a copy of the SQLite file, or an archive of pg_dump.")
    ] = False,
    force: Annotated[bool, Flag("--force", help="Replace a file that is not a backup.")] = False,
    dry_run: DryRun = False,
) -> ActionReport | None:
    """Back up the whole blog: posts, trash, users with their hashes, tags, imports and the journal.

    The backup can be restored into SQLite and PostgreSQL. It is one consistent snapshot, also while other commands
    write. A file whose name ends in .gz is compressed. In a folder, the name contains the time.

    --keep 7d,4w,12m keeps the newest backup of each of the last 7 days, 4 weeks and 12 months with backups.

    Examples:
        blogcli db backup
        blogcli db backup /var/backups/blog --keep 7d,4w,12m
        blogcli db backup - | age -r KEY > blog.blogcli.age
    """
    rules = services.db.backups.parse_rules(keep) if keep else None
    if target and str(target) == "-":
        _write_to_stdout(context, needs_file=bool(keep) or native, dry_run=dry_run)
        return None
    folder = _find_folder(context, target, needs_folder=rules is not None)
    path = _choose_path(context, target, folder, force=force, dry_run=dry_run)
    copy = _choose_copy(context, path, force=force) if native else None
    record = _back_up(context, path, copy, dry_run=dry_run)
    if rules is not None:
        _remove_expired(context, path, rules, record, dry_run=dry_run)
    return make_report("Would back up" if dry_run else "Backed up", record)


@command(app, "backups")
def backups(context: CliContext, folder: BackupFolder = None) -> RecordList:
    """List the backups in a folder, newest first.

    Examples:
        blogcli db backups
        blogcli db backups /var/backups/blog --format json
        blogcli db backups --field file
    """
    path = folder or default_folder(context)
    records = services.db.backups.list_backups(path) if folder or path.is_dir() else []
    return RecordList(records=records, columns=BACKUPS, message="" if records else f"No backups in {path}.")


@command(app, "verify")
def verify(context: CliContext, file: Annotated[Path, Argument(metavar="FILE", help="A backup.")]) -> ActionReport:
    """Check that a backup can be restored (exit code 7 if it is damaged).

    The checksum of the file is compared, and the backup is restored into a temporary database, in which every row is
    compared with the backup.

    Examples:
        blogcli db verify blog.blogcli.gz
        blogcli db verify "$(blogcli db backups --field file | head -1)"
        blogcli db verify blog.blogcli.gz --format json
    """
    with output.progress.progress(context.console, "Restoring rows") as on_progress:
        header = run_alone(services.db.backup.verify, file, context.settings, on_progress=on_progress)
    return make_report("Verified", services.db.backups.make_record(file, header))


def default_folder(context: CliContext) -> Path:
    """Return the folder that the setting backup_folder names, or its default."""
    return context.settings.backup_folder or data_home() / "blogcli" / "backups"


def new_path(context: CliContext, folder: Path, infix: str = "") -> Path:
    """Return the path of a new backup in a folder. Its name contains the profile and `infix`."""
    return services.db.backups.new_path(folder, context.settings.profile, infix)


def make_folder(folder: Path) -> None:
    """Create a folder that only its owner can read, unless it exists.

    Raises UsageError if the folder cannot be created.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"Cannot create {folder}: {error.strerror}") from None


def make_report(verb: str, record: "BackupFile") -> ActionReport:
    """Return the report of a command about a backup, such as `Backed up 3 posts, 1 user and 2 tags to blog.blogcli`."""
    preposition = {"Backed": "to", "Would back": "to", "Verified": "in"}.get(verb.removesuffix(" up"), "from")
    size = "" if record.size is None else f" ({amount(record.size, 'byte')})"
    message = f"{verb} {describe(record)} {preposition} {record.file}{size}."
    return ActionReport(message=message, records=[record], columns=BACKUPS, key_field="file")


def describe(record: "BackupFile") -> str:
    """Return the numbers of posts, users and tags in a backup."""
    posts, users, tags = record.posts or 0, record.users or 0, record.tags or 0
    return f"{amount(posts, 'post')}, {amount(users, 'user')} and {amount(tags, 'tag')}"


def _remove_expired(
    context: CliContext, path: Path, rules: "list[Rule]", record: "BackupFile", *, dry_run: bool
) -> None:
    """Remove the backups next to a new backup that no rule keeps, and name the removed files."""
    files = services.db.backups.remove_expired(
        path, record, rules, context.settings.zone, database=context.sqlite_path, dry_run=dry_run
    )
    for file in files:
        context.console.say(f"{'Would remove' if dry_run else 'Removed'} {file}.")


def _find_folder(context: CliContext, target: Path | None, *, needs_folder: bool) -> Path | None:
    """Return the folder of the backup, or None if the target is a file.

    Raises UsageError if the target is a file and `needs_folder` is set.
    """
    if target is None:
        return default_folder(context)
    if not target.is_dir() and needs_folder:
        raise UsageError("--keep needs a folder of backups", hint="Name a folder that exists instead of a file.")
    return target if target.is_dir() else None


def _choose_path(context: CliContext, target: Path | None, folder: Path | None, *, force: bool, dry_run: bool) -> Path:
    """Return the path of the backup file. Its folder is created if it is the default folder.

    Raises ConflictError if the path is an existing file that is neither empty nor a backup, unless `force` is set, and
    UsageError if the file cannot be written.
    """
    if folder or target is None:
        path = new_path(context, folder or default_folder(context))
        if not dry_run:
            make_folder(path.parent)
        return path
    check_target(target)
    is_other_file = target.is_file() and target.stat().st_size > 0 and not services.db.backups.is_backup(target)
    if is_other_file and not force:
        raise ConflictError(
            f"{target} exists and is not a backup", hint="Name another file, or use --force to replace this one."
        )
    return target


def _choose_copy(context: CliContext, path: Path, *, force: bool) -> Path:
    """Return the path of the native copy next to a backup.

    Raises ConflictError if the path is another file, unless `force` is set.
    """
    copy = services.db.backups.native_path(path, services.db.native.suffix_of(context.settings))
    services.db.native.check_copy(copy, context.settings, force=force)
    return copy


def _back_up(context: CliContext, path: Path, copy: Path | None, *, dry_run: bool) -> "BackupFile":
    """Write a backup to a file and optionally a native copy, and return the record of the backup.

    A dry run writes no file.
    """
    with (
        replace_file(Path(os.devnull) if dry_run else path, private=True) as file,
        output.progress.progress(context.console, "Backing up rows") as on_progress,
    ):
        service = services.db.backup.backup
        is_compressed = path.name.endswith(".gz")
        header = run_inspection(context.settings, service, file, is_compressed=is_compressed, on_progress=on_progress)
    if copy and not dry_run:
        with replace_file(copy, private=True, may_be_database=True) as file:
            run_alone(services.db.native.copy_natively, context.settings, Path(file.name))
        context.console.say(f"Wrote {copy}.")
    return services.db.backups.make_record(path, header, is_written=not dry_run)


def _write_to_stdout(context: CliContext, *, needs_file: bool, dry_run: bool) -> None:
    """Write an uncompressed backup to stdout, or nothing in a dry run.

    Raises UsageError if stdout is a terminal, or if another option needs a file.
    """
    if needs_file:
        raise UsageError("--keep and --native need a folder or a file", hint="Name it instead of -.")
    if context.console.stdout_is_terminal and not dry_run:
        raise UsageError("A backup is not written to a terminal", hint="Name a file, or redirect stdout.")
    with (
        Path(os.devnull).open("wb") if dry_run else nullcontext(sys.stdout.buffer) as file,
        output.progress.progress(context.console, "Backing up rows") as on_progress,
    ):
        service = services.db.backup.backup
        run_inspection(context.settings, service, file, is_compressed=False, on_progress=on_progress)
    sys.stdout.buffer.flush()
