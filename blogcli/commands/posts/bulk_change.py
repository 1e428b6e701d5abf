"""Change the selected posts. A change of many posts or a loss of text may have to be confirmed."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from ...cli.context import MAX_UNCONFIRMED, CliContext
from ...cli.messages import VERBS, amount
from ...cli.prompts import confirm, must_confirm_bulk
from ...cli.results import POST, ChangeReport
from ...runner import run
from .filter_options import PostTargetOptions
from .plans import is_on_stdout, write_plan

if TYPE_CHECKING:
    from ...schemas import BulkOptions, Changes, PostSelection

# The maximum number of titles in the question for confirmation, and the maximum length of each title.
MAX_TITLES = 3
_MAX_TITLE_LENGTH = 40

BulkService = Callable[..., Awaitable["Changes[Any]"]]


def change_posts(
    context: CliContext,
    targets: PostTargetOptions,
    service: BulkService,
    *,
    verb: str,
    selection: "PostSelection | None" = None,
    detail: str = "",
    confirm_losses: bool = False,
    **parameters: Any,  # noqa: ANN401 - each service has its own parameters
) -> ChangeReport:
    """Run a service that changes the selected posts, and return a report.

    On a terminal or in a protected profile, the user has to confirm a change of more than `MAX_UNCONFIRMED` posts. If
    `confirm_losses` is set, a change that takes posts offline or removes their text has to be confirmed as well. The
    service then changes only the posts that were counted in the question. Raises NotConfirmedError if the user declines
    or cannot be asked.

    `verb` is a key of `messages.VERBS`. `detail` follows the description of the posts in the message. `parameters` are
    passed to the service. If `selection` is given, `targets` does not select the posts.
    """
    settings = context.settings
    selection = selection or targets.target_selection(settings)
    bulk_options = targets.bulk_options(context)
    must_confirm = not targets.is_trial and must_confirm_bulk(context, yes=targets.yes)
    if must_confirm and (confirm_losses or _may_exceed_limit(selection)):
        trial = replace(bulk_options, dry_run=True, max_records=MAX_TITLES)
        preview = run(settings, service, selection, options=trial, **parameters)
        losses = _describe_losses(preview) if confirm_losses else []
        if losses or len(preview.ids) > MAX_UNCONFIRMED:
            confirm(context, describe_change(preview, verb=verb, losses=losses), yes=False)
            bulk_options = replace(bulk_options, confirmed=frozenset(preview.ids))
    return make_changes(context, targets, partial(service, **parameters), selection, bulk_options, verb, detail)


def make_changes(
    context: CliContext,
    targets: PostTargetOptions,
    service: BulkService,
    selection: "PostSelection",
    options: "BulkOptions",
    verb: str,
    detail: str = "",
) -> ChangeReport:
    """Run a service that changes the selected posts, and return a report. With --plan, the plan is written."""
    if targets.plan is None:
        changes = run(context.settings, service, selection, options=options)
    else:
        with write_plan(context, targets.plan) as on_planned:
            changes = run(context.settings, service, selection, options=replace(options, on_planned=on_planned))
    return ChangeReport(
        changes=changes,
        record_type=POST,
        verb=verb,
        dry_run=targets.is_trial,
        detail=detail,
        prints_records=not is_on_stdout(targets.plan),
    )


def describe_change(preview: "Changes[Any]", *, verb: str, losses: list[str] | None = None) -> str:
    """Return the question for confirmation: the action, the number of posts, the first titles, and the losses."""
    first_posts = preview.changed[:MAX_TITLES]
    names = [post.title for post in first_posts]
    if len(set(names)) < len(names):
        # Some titles are equal, so the posts are identified by their slugs.
        names = [post.slug for post in first_posts]
    count = len(preview.ids)
    ellipsis = ", ..." if count > MAX_TITLES else ""
    action = VERBS[verb][0].format(f"{amount(count, 'post')} ({', '.join(map(_truncate, names))}{ellipsis})")
    return "; ".join([action[:1].upper() + action[1:], *(losses or [])])


def _may_exceed_limit(selection: "PostSelection") -> bool:
    return selection.references is None or len(selection.references) > MAX_UNCONFIRMED


def _describe_losses(preview: "Changes[Any]") -> list[str]:
    losses = ((preview.withdrawn, "taken offline"), (preview.emptied, "left without text"))
    return [f"{amount(len(ids), 'post')} will be {loss}" for ids, loss in losses if ids]


def _truncate(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_LENGTH else f"{title[: _MAX_TITLE_LENGTH - 3]}..."
