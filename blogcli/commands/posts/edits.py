"""Edit posts in an editor."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ... import interchange, schemas, services
from ...cli.context import CliContext
from ...cli.results import POST, ChangeReport, RecordList
from ...errors import EditConflictError, InvalidError, UsageError
from ...runner import run
from ...text.merge import count_markers, merge_texts
from .conflicts import name_changes
from .draft_lock import LockedDraft
from .drafts import Draft, Origin, create_draft, draft_name
from .editor import Action, edit_and_save, may_ask, require_terminal
from .post_options import EDITED_TEXT, warn_about_notes
from .recovery import database_name, select_draft

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import Changes, PostSummary


def edit_post(
    context: CliContext, reference: str | None, *, recover: bool, dry_run: bool
) -> ChangeReport | RecordList | None:
    """Edit a post in an editor and return a report, or return None if the text was not changed.

    Returns a list of drafts if `--recover` does not select a single draft.
    """
    if recover:
        draft = select_draft(context, "edit", reference)
        if isinstance(draft, RecordList):
            return draft
    elif reference is None:
        raise UsageError("Missing argument 'POST'.", hint="See `blogcli post edit --help`.")
    else:
        draft = _create_draft(context, reference)
    result = _edit_draft(context, draft, is_recovered=recover, dry_run=dry_run)
    if result is None:
        context.console.say("Nothing to do: the text was not changed.")
        return None
    changes, detail = result
    return ChangeReport(
        changes=changes, record_type=POST, verb="update", dry_run=dry_run, detail=detail, is_single=True
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
    origin = Origin(
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
    origin: Origin
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


def _check_markers(text: bytes, origin: Origin) -> None:
    """Raise InvalidError if the text contains conflict markers that the original text does not contain."""
    if count_markers(text.decode(errors="replace")) > count_markers(origin.original):
        raise InvalidError(
            f"{EDITED_TEXT}: the text contains conflict markers",
            hint="Combine both versions of each conflict, and remove the lines <<<<<<<, ======= and >>>>>>>.",
        )


def _status_detail(original: "FrontMatterDocument", changes: "Changes[PostSummary]") -> str:
    return "".join(f", now {post.status}" for post in changes.changed if post.status is not original.status)
