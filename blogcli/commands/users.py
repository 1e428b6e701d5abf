"""`blogcli user`: people who write."""

from typing import Annotated

import typer
from typer import Argument, Option

from .. import schemas, services
from ..enums import UserSort
from ..errors import NotFoundError, UsageError
from ..runner import run
from . import candidates
from .columns import USERS
from .inputs import confirm
from .invocation import Flag, Invocation, command
from .options import DryRun, IgnoreMissing, Limit, Offset, Printing, Users, Yes
from .passwords import GeneratePassword, PasswordStdin, User, new_password, tell_generated
from .reports import default_limit, print_details, print_page, report
from .selections import sorting

app = typer.Typer()


@command(app, "create")
def create(
    invocation: Invocation,
    email: Annotated[str, Argument(metavar="EMAIL", help="E-mail address.")],
    printing: Printing,
    full_name: Annotated[str | None, Option("--full-name", help="Full name.", metavar="NAME")] = None,
    inactive: Annotated[bool, Flag("--inactive", help="Keep them out for the time being.")] = False,
    password_stdin: PasswordStdin = False,
    generate_password: GeneratePassword = False,
    if_not_exists: Annotated[bool, Flag("--if-not-exists", help="Succeed if there is one already.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Add a user; without a password option, asks for one.

    Example: blogcli user create ann@example.org --full-name 'Ann Lee' --generate-password
    """
    choice, settings = printing.choice(invocation), invocation.settings
    new = schemas.UserCreate.checked(email=email, full_name=full_name, is_active=not inactive)
    if if_not_exists and not run(settings, services.users.missing_users, [new.email]):
        password = None
    else:
        password = new_password(invocation, from_stdin=password_stdin, generate=generate_password)
    changes = run(
        settings, services.users.create_user, new, password=password, if_not_exists=if_not_exists, dry_run=dry_run
    )
    tell_generated(invocation, password if generate_password and changes.changed and not dry_run else None)
    report(invocation, changes, USERS, choice, verb="create", noun="user", name="email", dry_run=dry_run, single=True)


@command(app, "list")
def list_(
    invocation: Invocation,
    printing: Printing,
    active: Annotated[bool | None, Flag("--active/--inactive", help="Only those who may, or may not, come in.")] = None,
    contains: Annotated[
        str | None, Option("--contains", help="E-mail or full name holds this, in any case.", metavar="TEXT")
    ] = None,
    sort: Annotated[
        str,
        Option("--sort", help="Sort by a field; -FIELD reverses the order.", **candidates.sorted_by(UserSort)),
    ] = "id",
    limit: Limit = None,
    offset: Offset = 0,
) -> None:
    """List users.

    Example: blogcli user list --active --sort -posts
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
    """Show users.

    Example: blogcli user show ann@example.org
    """
    choice = printing.choice(invocation)
    found = run(invocation.settings, services.users.show_users, users.named(), ignore_missing=ignore_missing)
    print_details(invocation, found, USERS, choice)


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

    Example: blogcli user update ann@example.org --full-name 'Ann Lee'
    """
    choice = printing.choice(invocation)
    values = {"email": email} if email is not None else {}
    if full_name is not None:
        values["full_name"] = full_name or None  # type: ignore[assignment]
    if not values:
        raise UsageError("Nothing to change is given", hint="Give --email or --full-name.")
    new = schemas.UserUpdate.checked(**values)
    changes = run(invocation.settings, services.users.update_user, user, new, dry_run=dry_run)
    report(invocation, changes, USERS, choice, verb="update", noun="user", name="email", dry_run=dry_run, single=True)


@command(app, "activate")
def activate(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    ignore_missing: IgnoreMissing = False,
    dry_run: DryRun = False,
) -> None:
    """Let users in.

    Example: blogcli user activate ann@example.org
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
    """Keep users out; their posts stay.

    Example: blogcli user deactivate ann@example.org
    """
    _set_active(invocation, users, printing, active=False, ignore_missing=ignore_missing, dry_run=dry_run)


@command(app, "delete")
def delete(
    invocation: Invocation,
    users: Users,
    printing: Printing,
    reassign_to: Annotated[
        str | None,
        Option("--reassign-to", help="Who takes over their posts.", **candidates.USER),
    ] = None,
    purge_posts: Annotated[bool, Flag("--purge-posts", help="Destroy their posts.")] = False,
    ignore_missing: IgnoreMissing = False,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> None:
    """Remove users; refused while they have posts, unless you say what becomes of them.

    Example: blogcli user delete bob@example.org --reassign-to ann@example.org
    """
    if reassign_to and purge_posts:
        raise UsageError("Choose one of --reassign-to and --purge-posts")
    choice, references = printing.choice(invocation), users.named()
    who = references[0] if len(references) == 1 else f"{len(references):,} users"
    confirm(invocation, f"Delete {who}{' and destroy their posts' if purge_posts else ''}", yes=yes or dry_run)
    changes = run(
        invocation.settings,
        services.users.delete_users,
        references,
        reassign_to=reassign_to,
        purge_posts=purge_posts,
        ignore_missing=ignore_missing,
        dry_run=dry_run,
    )
    report(invocation, changes, USERS, choice, verb="delete", noun="user", name="email", dry_run=dry_run)


@command(app, "exists")
def exists(invocation: Invocation, users: Users) -> None:
    """Say by the exit code whether users exist: 0 if all do, 5 if not.

    Example: blogcli user exists ann@example.org || echo none
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
    report(invocation, changes, USERS, choice, verb=verb, noun="user", name="email", dry_run=dry_run)
