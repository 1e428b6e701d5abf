"""The commands `blogcli undo` and `blogcli redo`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from .. import output, schemas, services
from ..cli import completers
from ..cli.command import command
from ..cli.context import DEFAULT_LIMIT, MAX_UNCONFIRMED, CliContext
from ..cli.fields import REVERSIONS
from ..cli.messages import amount
from ..cli.option_group import Flag, OptionGroup
from ..cli.options import DryRun, Yes
from ..cli.prompts import confirm
from ..cli.results import ActionReport
from ..errors import UsageError
from ..origins import user_name
from ..runner import run

if TYPE_CHECKING:
    from ..schemas import Reversion, RowSummary, UndoPlan, UndoRequest

app = typer.Typer()

_OPERATIONS_HELP = "Numbers of operations in `blogcli log` (default: your last one)."
# The maximum number of operations that a message names.
_MAX_OPERATIONS = 3


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class UndoOptions(OptionGroup):
    """The options that select the operations to undo."""

    operations: Annotated[list[int] | None, Argument(metavar="OPERATION", min=1, help=_OPERATIONS_HELP)] = None
    back_to: Annotated[
        int | None,
        Option("--back-to", min=1, metavar="OPERATION", help="Undo all operations after this one.", show_default=False),
    ] = None
    with_later: Annotated[
        bool, Flag("--with-later", help="Also undo the later operations that have changed the same rows.")
    ] = False
    post: Annotated[
        str | None,
        Option("--post", help="Undo only the changes of this post and its tags (id or slug).", **completers.POST),
    ] = None
    user: Annotated[
        str | None,
        Option("--user", help="Undo only the changes of this user (id or e-mail address).", **completers.USER),
    ] = None
    tag: Annotated[
        str | None, Option("--tag", help="Undo only the changes of this tag and its links.", **completers.TAG)
    ] = None

    def request(self) -> "UndoRequest":
        """Return the request for the service.

        Raises UsageError for a combination of options that excludes itself.
        """
        records = [(noun, value) for noun in ("post", "user", "tag") if (value := getattr(self, noun)) is not None]
        if len(records) > 1:
            raise UsageError("--post, --user and --tag cannot be combined", hint="Give only one of them.")
        if self.operations and self.back_to is not None:
            raise UsageError("--back-to cannot be combined with operations", hint="Give only one of them.")
        if records and not self.operations:
            raise UsageError(f"--{records[0][0]} needs an operation", hint="Name it, as in `blogcli undo 41`.")
        return schemas.UndoRequest(
            actor=user_name(),
            operations=self.operations or [],
            back_to=self.back_to,
            record=records[0] if records else None,
            undoes_later=self.with_later,
        )


@command(app, "undo")
def undo(context: CliContext, options: UndoOptions, yes: Yes = False, dry_run: DryRun = False) -> ActionReport | None:
    """Undo your last command, or other operations, exactly.

    Repeated, it goes back step by step. `blogcli redo` applies the undone operations again. An operation cannot be
    undone if a later one has changed the same rows, unless --with-later is given.

    Examples:
        blogcli undo
        blogcli undo 41 --dry-run
        blogcli undo 40 --with-later --post hello-world
    """
    request = options.request()
    _require_operation(context, request)
    plan = run(context.settings, services.undo.plan.plan_undo, request)
    return _revert(context, plan, request, yes=yes, dry_run=dry_run)


@command(app, "redo")
def redo(
    context: CliContext,
    operation: Annotated[
        int | None,
        Argument(
            metavar="OPERATION", min=1, help="An undo, or an operation that was undone (default: your last undo)."
        ),
    ] = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> ActionReport | None:
    """Apply undone operations again.

    Examples:
        blogcli redo
        blogcli redo 41
        blogcli redo --dry-run
    """
    request = schemas.UndoRequest(actor=user_name(), operations=[operation] if operation else [])
    _require_operation(context, request)
    plan = run(context.settings, services.undo.plan.plan_redo, request)
    return _revert(context, plan, request, yes=yes, dry_run=dry_run)


def _require_operation(context: CliContext, request: "UndoRequest") -> None:
    """Raise UsageError if no operation is named and there is no terminal.

    Without a terminal, another command may have run since the user looked at the log.
    """
    if not request.operations and request.back_to is None and not context.console.is_interactive:
        raise UsageError("Without a terminal, an operation must be named", hint="Run `blogcli log` to list operations.")


def _revert(
    context: CliContext, plan: "UndoPlan | None", request: "UndoRequest", *, yes: bool, dry_run: bool
) -> ActionReport | None:
    if plan is None:
        context.console.say("Nothing to do.")
        return None
    service = services.undo.revert.revert
    if not dry_run:
        plan, posts = _measure(context, plan, request, yes=yes)
        _confirm(context, plan, posts, yes=yes)
    # One row more than the limit is read, to see whether there are more rows.
    max_rows = DEFAULT_LIMIT + 1 if dry_run and context.console.stdout_is_terminal else 0
    result, rows = run(context.settings, service, plan, request=request, dry_run=dry_run, max_rows=max_rows)
    if not context.output.is_explicit:
        output.pager.print_lines(context.console, _preview_lines(context, rows), pager=context.output.pager)
    return ActionReport(
        message=_describe(result, dry_run=dry_run), records=[result], columns=REVERSIONS, key_field="id"
    )


def _preview_lines(context: CliContext, rows: "Sequence[RowSummary]") -> Iterator[str]:
    """Yield the lines that describe the first rows that a dry run would change."""
    for row in rows[:DEFAULT_LIMIT]:
        record = output.values.to_json_record(row)
        yield output.operations.row_line(context.console, record, context.settings.zone)
    if len(rows) > DEFAULT_LIMIT:
        yield "... and more rows"


def _measure(context: CliContext, plan: "UndoPlan", request: "UndoRequest", *, yes: bool) -> "tuple[UndoPlan, int]":
    """Return the plan with all operations that have to be undone, and the number of posts that would be changed.

    Both are known only after an attempt, which is made only if they can be the reason for a question. Without an
    attempt, the number of posts is 0.
    """
    is_protected = context.settings.protected
    if context.is_confirmed or (yes and not is_protected) or not (request.undoes_later or is_protected):
        return plan, 0
    attempt, _ = run(context.settings, services.undo.revert.revert, plan, request=request, dry_run=True)
    return replace(plan, targets=attempt.operations, descriptions=attempt.commands), attempt.posts


def _confirm(context: CliContext, plan: "UndoPlan", posts: int, *, yes: bool) -> None:
    """Ask for confirmation if the plan is more than the last operation of the user, or restores a password.

    In a protected profile, also ask if many posts would be changed.
    """
    reasons = []
    if context.settings.protected and posts > MAX_UNCONFIRMED:
        reasons.append(f"with changes of {amount(posts, 'post')}")
    if plan.other_actors:
        reasons.append(f"by {', '.join(plan.other_actors)}")
    if plan.restores_password:
        reasons.append("including a former password, which becomes valid again")
    if reasons or len(plan.targets) > 1:
        verb = plan.kind.capitalize()
        confirm(context, " ".join([f"{verb} {_list_operations(plan.descriptions)}", *reasons]), yes=yes)


def _list_operations(descriptions: list[str]) -> str:
    names = ", ".join(descriptions[:_MAX_OPERATIONS])
    others = len(descriptions) - _MAX_OPERATIONS
    return f"{names} and {amount(others, 'other operation')}" if others > 0 else names


def _describe(result: "Reversion", *, dry_run: bool) -> str:
    verbs = {"undo": ("Would undo", "Undid"), "redo": ("Would redo", "Redid")}[result.kind]
    numbers = ((result.users, "user"), (result.posts, "post"), (result.tags, "tag"), (result.links, "link"))
    changed = ", ".join(amount(count, noun) for count, noun in numbers if count) or "no rows"
    opposite = "redo" if result.kind == "undo" else "undo"
    hint = "" if dry_run else f" `blogcli {opposite} {result.id}` reverts this."
    return f"{verbs[dry_run is False]} {_list_operations(result.commands)}: {changed} changed.{hint}"
