"""The command `blogcli user create`."""

from functools import partial
from typing import Annotated

import typer
from typer import Argument, Option

from ... import schemas, services
from ...cli.command import command
from ...cli.context import CliContext
from ...cli.option_group import Flag
from ...cli.options import DryRun
from ...cli.results import USER, ChangeReport
from ...runner import run
from .password import PasswordOptions, print_generated_password

app = typer.Typer()


@command(app, "create")
def create(
    context: CliContext,
    email: Annotated[str, Argument(metavar="EMAIL", help="E-mail address.")],
    password_options: PasswordOptions,
    full_name: Annotated[str | None, Option("--full-name", help="Full name.", metavar="NAME")] = None,
    inactive: Annotated[bool, Flag("--inactive", help="Create the user as inactive.")] = False,
    if_not_exists: Annotated[
        bool, Flag("--if-not-exists", help="Do nothing and succeed if the user already exists.")
    ] = False,
    dry_run: DryRun = False,
) -> ChangeReport:
    """Create a user. Without a terminal, one of the password options is required.

    Examples:
        blogcli user create ann@example.org --full-name 'Ann Lee' --password
        blogcli user create bob@example.org
        blogcli user create bob@example.org --password-stdin --if-not-exists < secret
    """
    settings = context.settings
    new_user = schemas.UserCreate.checked(email=email, full_name=full_name, is_active=not inactive)
    exists = if_not_exists and not run(settings, services.users.find_missing_users, [new_user.email])
    password = None if exists else password_options.read(context)
    create_user = partial(services.users.create_user, if_not_exists=if_not_exists, dry_run=dry_run)
    hasher = services.passwords.Hasher(settings.argon2)
    changes = run(settings, create_user, new_user, password=password, hasher=hasher)
    if password_options.generate_password and changes.changed and not dry_run:
        print_generated_password(context, password)
    detail = "" if password else " without a password"
    report = ChangeReport(changes=changes, record_type=USER, verb="create", dry_run=dry_run, is_single=True)
    return report._replace(detail=detail)
