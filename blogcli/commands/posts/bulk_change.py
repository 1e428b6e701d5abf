"""Changes of posts that are confirmed on a terminal: of many posts, or with a loss."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from ...cli.context import Invocation
from ...cli.fields import POSTS
from ...cli.options import Printing
from ...cli.prompts import confirm
from ...cli.rendering import VERBS, amount, report
from ...runner import run
from .filter_options import Targets

if TYPE_CHECKING:
    from ...schemas import Changes, PostSelection, PostSummary, Terms

# A change of more posts is confirmed.
MAX_UNASKED = 10
_MAX_TITLES = 3
_MAX_TITLE_LENGTH = 40

Service = Callable[..., Awaitable["Changes[PostSummary]"]]


def change_posts(
    invocation: Invocation,
    service: Service,
    selection: "PostSelection",
    terms: "Terms",
    *,
    verb: str,
    yes: bool = False,
    may_lose: bool = False,
    **options: Any,  # noqa: ANN401 - what the service takes besides
) -> "Changes[PostSummary]":
    """Run a service that changes posts, and return what it changed.

    On a terminal, ask first if it would change more than `MAX_UNASKED` posts or, where it `may_lose` something, if it
    would take posts offline or remove their text; without a terminal nothing is asked. Posts that were not part of the
    question are not changed. Raises NotConfirmedError if the answer is no.
    """
    is_asked = invocation.console.is_interactive and not yes and not terms.dry_run
    if is_asked and (may_lose or _may_be_many(selection)):
        trial = terms.model_copy(update={"dry_run": True})
        preview = run(invocation.settings, service, selection, terms=trial, **options)
        losses = _losses(preview) if may_lose else []
        if losses or len(preview.changed) > MAX_UNASKED:
            confirm(invocation, question(preview, verb=verb, losses=losses), yes=False)
            ids = frozenset(post.id for post in preview.changed)
            terms = terms.model_copy(update={"confirmed": ids})
    return run(invocation.settings, service, selection, terms=terms, **options)


def change_and_report(
    invocation: Invocation,
    targets: Targets,
    printing: Printing,
    service: Service,
    *,
    verb: str,
    selection: "PostSelection | None" = None,
    detail: str = "",
    may_lose: bool = False,
    **options: Any,  # noqa: ANN401 - each service has its own further parameters
) -> None:
    """Change the selected posts as `change_posts` does, and report the result."""
    choice, settings = printing.choice(invocation), invocation.settings
    changes = change_posts(
        invocation,
        service,
        selection or targets.chosen(settings),
        targets.terms(settings),
        verb=verb,
        yes=targets.yes,
        may_lose=may_lose,
        **options,
    )
    dry_run = targets.dry_run
    report(invocation, changes, POSTS, choice, verb=verb, noun="post", name="slug", dry_run=dry_run, detail=detail)


def question(preview: "Changes[PostSummary]", *, verb: str, losses: list[str] | None = None) -> str:
    """Return what a command is about to do, with the number of posts, the first titles, and the losses."""
    posts = preview.changed
    first = posts[:_MAX_TITLES]
    names = [post.title for post in first]
    if len(set(names)) < len(names):
        # Posts that all get one title cannot be told apart by it.
        names = [post.slug for post in first]
    more = ", ..." if len(posts) > _MAX_TITLES else ""
    planned = VERBS[verb][0].format(f"{amount(len(posts), 'post')} ({', '.join(map(_shortened, names))}{more})")
    return "; ".join([planned[:1].upper() + planned[1:], *(losses or [])])


def _may_be_many(selection: "PostSelection") -> bool:
    return selection.references is None or len(selection.references) > MAX_UNASKED


def _losses(preview: "Changes[PostSummary]") -> list[str]:
    losses = ((preview.withdrawn, "{} taken offline"), (preview.emptied, "{} left without text"))
    return [text.format(f"{amount(len(ids), 'post')} will be") for ids, text in losses if ids]


def _shortened(title: str) -> str:
    return title if len(title) <= _MAX_TITLE_LENGTH else f"{title[: _MAX_TITLE_LENGTH - 3]}..."
