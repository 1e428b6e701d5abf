"""Change the selected posts, after a confirmation on the terminal for changes of many posts and for losses."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...cli.context import CliContext
from ...cli.messages import VERBS, amount
from ...cli.prompts import confirm
from ...cli.results import POST, ChangeReport
from ...runner import run
from .filter_options import PostTargetOptions

if TYPE_CHECKING:
    from ...schemas import Changes, PostSelection, PostSummary

# A change of more posts needs a confirmation.
MAX_UNCONFIRMED = 10
_MAX_TITLES = 3
_MAX_TITLE_LENGTH = 40

Service = Callable[..., Awaitable["Changes[PostSummary]"]]


def change_posts(
    context: CliContext,
    targets: PostTargetOptions,
    service: Service,
    *,
    verb: str,
    selection: "PostSelection | None" = None,
    detail: str = "",
    may_lose: bool = False,
    **options: Any,  # noqa: ANN401 - each service has its own further parameters
) -> ChangeReport:
    """Run a service that changes the selected posts, and return what it changed.

    On a terminal, ask for a confirmation if more than `MAX_UNCONFIRMED` posts would be changed. With `may_lose`, ask
    also if posts would be taken offline or would lose their text. Without a terminal nothing is asked. Posts that were
    not part of the question are not changed. Raises NotConfirmedError if the answer is no.
    """
    settings = context.settings
    selection = selection or targets.target_selection(settings)
    terms = targets.bulk_options(settings)
    is_confirmed = targets.yes or targets.dry_run or not context.console.is_interactive
    if not is_confirmed and (may_lose or _may_be_many(selection)):
        preview = run(settings, service, selection, terms=replace(terms, dry_run=True), **options)
        losses = _losses(preview) if may_lose else []
        if losses or len(preview.changed) > MAX_UNCONFIRMED:
            confirm(context, question(preview, verb=verb, losses=losses), yes=False)
            terms = replace(terms, confirmed=frozenset(post.id for post in preview.changed))
    changes = run(settings, service, selection, terms=terms, **options)
    return ChangeReport(changes=changes, record_type=POST, verb=verb, dry_run=targets.dry_run, detail=detail)


def question(preview: "Changes[PostSummary]", *, verb: str, losses: list[str] | None = None) -> str:
    """Return the planned action with the number of posts, the titles of the first posts, and the losses."""
    posts = preview.changed
    first_posts = posts[:_MAX_TITLES]
    names = [post.title for post in first_posts]
    if len(set(names)) < len(names):
        # Slugs distinguish posts with the same title.
        names = [post.slug for post in first_posts]
    more = ", ..." if len(posts) > _MAX_TITLES else ""
    planned = VERBS[verb][0].format(f"{amount(len(posts), 'post')} ({', '.join(map(_shortened, names))}{more})")
    return "; ".join([planned[:1].upper() + planned[1:], *(losses or [])])


def _may_be_many(selection: "PostSelection") -> bool:
    return selection.references is None or len(selection.references) > MAX_UNCONFIRMED


def _losses(preview: "Changes[PostSummary]") -> list[str]:
    losses = ((preview.withdrawn, "{} taken offline"), (preview.emptied, "{} left without text"))
    return [text.format(f"{amount(len(ids), 'post')} will be") for ids, text in losses if ids]


def _shortened(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_LENGTH else f"{title[: _MAX_TITLE_LENGTH - 3]}..."
