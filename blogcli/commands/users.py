"""`blogcli user`: people who write."""

from functools import partial
from typing import Annotated

import typer
from typer import Argument, Option

from .. import schemas, services
from ..enums import UserSort
from ..errors import NotFoundError, UsageError
from ..runner import run
from . import candidates
from .columns import USERS
from .filter_values import sorting
from .invocation import Flag, Invocation, command
from .newest import print_newest_posts
from .options import SELECTION, DryRun, IgnoreMissing, Limit, Offset, Printing, Users
from .passwords import OptionalPassword, User, tell_generated
from .reports import default_limit, print_details, print_page, report

app = typer.Typer()

_report = partial(report, noun="user", name="email")


@command(app, "create")
def create(
    invocation: Invocation,
    email: Annotated[str, Argument(metavar="EMAIL", help="E-mail address.")],
    optional_password: OptionalPassword,
    printing: Printing,
    full_name: Annotated[str | None, Option("--full-name", help="Full name.", metavar="NAME")] = None,
    inactive: Annotated[bool, Flag("--inactive", help="Create the user as inactive.")] = False,
    if_not_exists: Annotated[bool, Flag("--if-not-exists", help="Succeed if the user exists already.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Create a user, without a password unless an option asks for one.

    Examples:
        blogcli user create ann@example.org --full-name 'Ann Lee' --password
        blogcli user create bob@example.org
        blogcli user create bob@example.org --password-stdin --if-not-exists < secret
    """
    choice, settings = printing.choice(invocation), invocation.settings
    new = schemas.UserCreate.checked(email=email, full_name=full_name, is_active=not inactive)
    exists = if_not_exists and not run(settings, services.users.missing_users, [new.email])
    password = None if exists else optional_password.read(invocation)
    changes = run(
        settings, services.users.create_user, new, password=password, if_not_exists=if_not_exists, dry_run=dry_run
    )
    was_generated = optional_password.generate_password and changes.changed and not dry_run
    tell_generated(invocation, password if was_generated else None)
    detail = "" if password else " without a password"
    _report(invocation, changes, USERS, choice, verb="create", dry_run=dry_run, detail=detail, single=True)


@command(app, "list")
def list_(
    invocation: Invocation,
    printing: Printing,
    active: Annotated[bool | None, Flag("--active/--inactive", help="Only active, or only inactive, users.")] = None,
    contains: Annotated[
        str | None,
        Option("--contains", help="E-mail address or full name contains this text (case-insensitive).", metavar="TEXT"),
    ] = None,
    sort: Annotated[
        str,
        Option(
            "--sort",
            help="Sort by a field; -FIELD reverses the order.",
            rich_help_panel=SELECTION,
            **candidates.sorted_by(UserSort),
        ),
    ] = "id",
    limit: Limit = None,
    offset: Offset = 0,
) -> None:
    """List users.

    Examples:
        blogcli user list --active --sort -posts
        blogcli user list --contains example.org --format csv
        blogcli user list --inactive --field email
    """
    choice, settings = printing.choice(invocation), invocation.settings
    key, descending = sorting(sort, UserSort)
    page = run(
        settings,
        services.users.list_users,
        is_active=active,
        needle=contains,
        sort=key,
        descending=descending,
        offset=offset,
        limit=default_limit(invocation, choice) if limit is None else limit,
    )
    print_page(invocation, page, USERS, choice, noun="user")


@command(app, "show")
def show(invocation: Invocation, users: Users, printing: Printing, ignore_missing: IgnoreMissing = False) -> None:
    """Show users; for a single user on a terminal, also the newest posts.

    Examples:
        blogcli user show ann@example.org
        blogcli user show 1 2 --format json
        blogcli user show ann@example.org --field posts
    """
    choice = printing.choice(invocation)
    found = run(invocation.settings, services.users.show_users, users.named(), ignore_missing=ignore_missing)
    print_details(invocation, found, USERS, choice)
    if len(found) == 1:
        print_newest_posts(invocation, choice, "--author", found[0].email, authors=[f"id:{found[0].id}"])


@command(app, "update", empty_values={"full_name": "removes it"})
def update(
    invocation: Invocation,
    user: User,
    printing: Printing,
    email: Annotated[str | None, Option("--email", help="New e-mail address.", metavar="EMAIL")] = None,
    full_name: Annotated[
        str | None, Option("--full-name", help="New full name; '' removes it.", metavar="NAME")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Change a user's e-mail address or full name.

    Examples:
        blogcli user update ann@example.org --full-name 'Ann Lee'
        blogcli user update bob@example.org --email robert@example.org
        blogcli user update 2 --full-name ''
    """
    choice = printing.choice(invocation)
    values = {"email": email} if email is not None else {}
    if full_name is not None:
        values["full_name"] = full_name or None  # type: ignore[assignment]
    if not values:
        raise UsageError("Nothing to change is given", hint="Give --email or --full-name.")
    new = schemas.UserUpdate.checked(**values)
    changes = run(invocation.settings, services.users.update_user, user, new, dry_run=dry_run)
    _report(invocation, changes, USERS, choice, verb="update", dry_run=dry_run, single=True)


@command(app, "activate")
def activate(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Activate users.

    Examples:
        blogcli user activate ann@example.org
        blogcli user activate 2 3
        blogcli user activate --from emails.txt --ignore-missing
    """
    _set_active(invocation, users, printing, active=True, ignore_missing=ignore_missing, dry_run=dry_run)


@command(app, "deactivate")
def deactivate(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Deactivate users; their posts stay.

    Examples:
        blogcli user deactivate ann@example.org
        blogcli user deactivate 2 3
        blogcli user deactivate bob@example.org --dry-run
    """
    _set_active(invocation, users, printing, active=False, ignore_missing=ignore_missing, dry_run=dry_run)


@command(app, "exists")
def exists(invocation: Invocation, users: Users) -> None:
    """Check whether users exist (exit code 0 if all do, otherwise 5).

    Examples:
        blogcli user exists ann@example.org || echo none
        blogcli user exists 1 2 3
        blogcli user exists --from emails.txt
    """
    if run(invocation.settings, services.users.missing_users, users.named()):
        raise typer.Exit(NotFoundError.exit_code)


def _set_active(
    invocation: Invocation, users: Users, printing: Printing, *, active: bool, ignore_missing: bool, dry_run: bool
) -> None:
    choice = printing.choice(invocation)
    changes = run(
        invocation.settings,
        services.users.set_active,
        users.named(),
        active=active,
        ignore_missing=ignore_missing,
        dry_run=dry_run,
    )
    verb = "activate" if active else "deactivate"
    _report(invocation, changes, USERS, choice, verb=verb, dry_run=dry_run)
