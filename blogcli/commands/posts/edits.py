"""Edit posts in an editor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import typer

from ... import interchange, schemas, services
from ...cli.context import CliContext
from ...cli.prompts import single_references
from ...cli.rendering import render
from ...cli.results import POST, ChangeReport, RecordList
from ...errors import BlogError, EditConflictError, ExitCode, InvalidError, UsageError
from ...runner import run
from ...signals import restoring_signals
from ...text.merge import count_markers, merge_texts
from .conflicts import name_changes
from .draft_lock import LockedDraft
from .drafts import Draft, DraftOrigin, create_draft, draft_name, open_draft
from .editor import Action, edit_and_save, may_ask, require_terminal
from .post_options import EDITED_TEXT, warn_about_notes
from .recovery import database_name, select_draft

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import Changes, PostSummary


def edit_posts(
    context: CliContext, references: list[str], *, recover: bool, dry_run: bool
) -> ChangeReport | RecordList | None:
    """Edit posts in an editor and return a report, or return None if there is nothing to report.

    Returns a list of drafts if `--recover` does not select a single draft.
    """
    if len(references) > 1:
        _edit_each(context, references, recover=recover, dry_run=dry_run)
        return None
    if recover:
        draft = select_draft(context, "edit", references[0] if references else None)
        if isinstance(draft, RecordList):
            return draft
    elif not references:
        raise UsageError("Missing argument 'POST'.", hint="See `blogcli post edit --help`.")
    else:
        draft = _create_draft(context, references[0])
    result = _edit_draft(context, draft, is_recovered=recover, dry_run=dry_run)
    if result is None:
        context.console.say("Nothing to do: the text was not changed.")
        return None
    changes, detail = result
    return ChangeReport(
        changes=changes, record_type=POST, verb="update", dry_run=dry_run, detail=detail, is_single=True
    )


def _edit_each(context: CliContext, references: list[str], *, recover: bool, dry_run: bool) -> None:
    """Edit several posts one after the other, save each in its own transaction, and print a report on all posts.

    If a post cannot be saved, its error is printed, and the next post is edited. Ctrl-C and signals end the command.
    Raises BlogError before the editor is started if a reference is wrong, and typer.Exit with the highest exit code of
    the posts.
    """
    require_terminal(context)
    get_drafts = _find_drafts(context, references) if recover else _find_posts(context, references)
    results: list[Changes[PostSummary] | None] = []
    worst_code = ExitCode.DONE
    try:
        for get_draft in get_drafts:
            try:
                # Signals are ignored after a post was saved, but must end the command while the next one is edited.
                with restoring_signals():
                    result = _edit_draft(context, get_draft(), is_recovered=recover, dry_run=dry_run)
                results.append(result and result[0])
            except (BlogError, typer.Exit) as error:
                worst_code = max(worst_code, _report_failure(context, error))
    finally:
        if results:
            render(context, _combine(results, dry_run=dry_run))
    if worst_code is not ExitCode.DONE:
        raise typer.Exit(worst_code)


def _find_posts(context: CliContext, references: list[str]) -> list[Callable[[], Draft]]:
    """Return a function for each post that loads the post when its turn comes, and creates its draft."""
    ids = run(context.settings, services.posts.edit.find_posts_to_edit, single_references(references))
    return [partial(_create_draft, context, f"id:{id_}") for id_ in ids]


def _find_drafts(context: CliContext, names: list[str]) -> list[Callable[[], Draft]]:
    """Return a function for each unsaved draft that returns the draft."""
    drafts = [select_draft(context, "edit", name) for name in names]
    unique = {draft.name: draft for draft in drafts if isinstance(draft, Draft)}
    return [partial(open_draft, draft.path) for draft in unique.values()]


def _report_failure(context: CliContext, error: BlogError | typer.Exit) -> ExitCode:
    """Print an error unless the user has already read it, and return its exit code.

    Raises the error if the user or a signal has ended the command.
    """
    if error.exit_code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED):
        raise error
    if isinstance(error, BlogError):
        context.console.show_error(error, as_json=not may_ask(context))
    return ExitCode(error.exit_code)


def _combine(results: "Sequence[Changes[PostSummary] | None]", *, dry_run: bool) -> ChangeReport:
    """Return a report on all posts. A result is None if the text of the post was not changed."""
    saved = [changes for changes in results if changes]
    changes = schemas.Changes(
        changed=[post for changes in saved for post in changes.changed],
        unchanged=len(results) - len(saved) + sum(changes.unchanged for changes in saved),
        published=[id_ for changes in saved for id_ in changes.published],
        withdrawn=[id_ for changes in saved for id_ in changes.withdrawn],
        emptied=[id_ for changes in saved for id_ in changes.emptied],
        notes=[note for changes in saved for note in changes.notes],
    )
    is_one_operation = len(changes.changed) == 1
    return ChangeReport(
        changes=changes, record_type=POST, verb="update", dry_run=dry_run, is_one_operation=is_one_operation
    )


def _edit_draft(
    context: CliContext, draft: Draft, *, is_recovered: bool, dry_run: bool
) -> "tuple[Changes[PostSummary], str] | None":
    store = _StoredPost(context, draft.origin, dry_run=dry_run)
    first_action = Action.CHECK if is_recovered else Action.EDIT
    return edit_and_save(context, draft, store, may_ask=may_ask(context), dry_run=dry_run, first_action=first_action)


def _create_draft(context: CliContext, reference: str) -> Draft:
    require_terminal(context)
    post = run(context.settings, services.posts.edit.post_to_edit, reference)
    text = services.posts.documents.write_document(post)
    origin = DraftOrigin(
        command="edit",
        database=database_name(context),
        original=text,
        post_id=post.id,
        slug=post.slug,
        base=services.posts.edit.get_edit_base(post),
    )
    return create_draft(draft_name(post.slug), text.encode(), origin)


@dataclass(slots=True)
class _StoredPost:
    """The post whose text is edited in an editor. `origin` contains the state on which the text is based."""

    context: CliContext
    origin: DraftOrigin
    dry_run: bool
    choices = (Action.EDIT,)
    conflict_choices = (Action.MERGE, Action.EDIT)

    def check(self) -> None:
        """Check that the post was not changed since its text was opened.

        Raises EditConflictError if the post was changed, and another BlogError if it cannot be edited.
        """
        origin = self.origin
        try:
            run(self.context.settings, services.posts.edit.post_to_edit, self._reference, base=origin.base or "")
        except EditConflictError as error:
            name_changes(self.context, origin, error)
            raise

    def save(self, text: bytes) -> "tuple[Changes[PostSummary], str]":
        """Update those fields of the post that the user changed in the text.

        Returns the changes, and a detail for the message, such as `, now published`.
        """
        settings = self.context.settings
        origin = self.origin
        _check_markers(text, origin)
        original, edited = interchange.markdown.documents.read_edit(
            origin.original.encode(), text, source=EDITED_TEXT, zone=settings.zone, now=datetime.now(UTC)
        )
        values = services.posts.documents.document_changes(edited, shown=original)
        tags = schemas.TagChanges.checked(set=values.pop("tags", None))
        changes = self._update(schemas.PostUpdate.checked(**values), tags)
        if edited.notes != original.notes:
            warn_about_notes(self.context, edited, EDITED_TEXT)
        return changes, _status_detail(original, changes)

    def save_as_draft(self, text: bytes) -> "tuple[Changes[PostSummary], str]":
        """Raise NotImplementedError, because only a new post can be saved as a draft."""
        raise NotImplementedError

    def merge(self, draft: LockedDraft) -> bool:
        """Merge the text of the draft with the stored post, and return whether the user has to resolve conflicts.

        The merged text is then based on the stored post. Raises BlogError if the post was purged or moved to the trash,
        or if the text of the draft cannot be merged.
        """
        text = draft.draft.read()
        _check_markers(text, self.origin)
        edited = interchange.markdown.documents.decode_text(text, source=EDITED_TEXT)
        post = run(self.context.settings, services.posts.edit.post_to_edit, self._reference)
        stored = services.posts.documents.write_document(post)
        merged = merge_texts(self.origin.original, edited, stored)
        base = services.posts.edit.get_edit_base(post)
        origin = replace(self.origin, original=stored, slug=post.slug, base=base)
        draft.replace(merged.text.encode(), origin)
        self.origin = origin
        if merged.conflicts:
            count = f"{merged.conflicts} conflict{'' if merged.conflicts == 1 else 's'}"
            self.context.console.say(f"Merged with {count}; resolve them in the editor.")
        else:
            self.context.console.say("Merged without conflicts.")
        return bool(merged.conflicts)

    @property
    def _reference(self) -> str:
        return f"id:{self.origin.post_id}"

    def _update(self, update: "schemas.PostUpdate", tags: "schemas.TagChanges") -> "Changes[PostSummary]":
        save = services.posts.edit.save_edit
        id_ = self.origin.post_id or 0
        base = self.origin.base or ""
        try:
            return run(self.context.settings, save, id_, update, tags=tags, base=base, dry_run=self.dry_run)
        except EditConflictError as error:
            name_changes(self.context, self.origin, error)
            raise


def _check_markers(text: bytes, origin: DraftOrigin) -> None:
    """Raise InvalidError if the text contains conflict markers that the original text does not contain."""
    if count_markers(text.decode(errors="replace")) > count_markers(origin.original):
        raise InvalidError(
            f"{EDITED_TEXT}: the text contains conflict markers",
            hint="Combine both versions of each conflict, and remove the lines <<<<<<<, ======= and >>>>>>>.",
        )


def _status_detail(original: "FrontMatterDocument", changes: "Changes[PostSummary]") -> str:
    return "".join(f", now {post.status}" for post in changes.changed if post.status is not original.status)
