"""`blogcli doctor`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from .. import schemas, services
from ..cli.command import command
from ..cli.context import CliContext
from ..cli.fields import DIAGNOSES
from ..cli.messages import amount
from ..cli.results import RecordList
from ..config_file import locate_config_file
from ..enums import HealthLevel
from ..errors import BlogError, ExitCode
from ..runner import run_inspection
from .db.backup import default_folder

if TYPE_CHECKING:
    from ..schemas import Diagnosis

app = typer.Typer()


@command(app, "doctor", is_lenient=True)
def doctor(context: CliContext) -> RecordList:
    """Examine the settings, files and the database, and name the command that repairs what is wrong (exit code 1).

    Examples:
        blogcli doctor
        blogcli doctor --format json
        blogcli doctor --profile live
    """
    findings = list(_examine(context))
    wrong = sum(finding.level != HealthLevel.OK for finding in findings)
    message = f"Found {amount(wrong, 'problem')}." if wrong else "No problems found."
    return RecordList(
        records=findings, columns=DIAGNOSES, message=message, exit_code=ExitCode.FAILED if wrong else ExitCode.DONE
    )


def _examine(context: CliContext) -> "Iterator[Diagnosis]":
    """Yield all findings. An error of a step is a finding, and ends the steps that depend on it."""
    settings = context.settings
    if context.settings_error:
        yield _describe_error("configuration", context.settings_error)
        return
    yield from services.doctor.environment.describe_settings(settings)
    try:
        path = context.sqlite_path
    except BlogError as error:
        yield _describe_error("configuration", error)
        return
    yield from services.doctor.environment.examine_files(path, locate_config_file(context.overrides.config)[0])
    try:
        folder = default_folder(context)
        service = services.doctor.database.examine_database
        yield from run_inspection(settings, service, path=path, backup_folder=folder)
    except BlogError as error:
        yield _describe_error("connection", error)


def _describe_error(code: str, error: BlogError) -> "Diagnosis":
    return schemas.Diagnosis(code=code, level=HealthLevel.ERROR, text=error.message, repair=error.hint)
