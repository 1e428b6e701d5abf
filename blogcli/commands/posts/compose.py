"""Create posts from files, options or an editor."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ... import services
from ...cli.context import CliContext
from ...cli.results import POST_DETAIL, ChangeReport, RecordList
from ...errors import BlogError, UsageError
from ...runner import run
from .draft_lock import LockedDraft
from .drafts import Draft, DraftOrigin, create_draft
from .editor import Action, edit_and_save, may_ask, require_terminal
from .post_options import (
    EDITED_TEXT,
    NewPostOptions,
    build_draft,
    build_post,
    convert_options,
    initial_text,
    parse_document,
    warn_about_notes,
)
from .recovery import database_name, select_draft

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import Changes, PostCreate, PostDetail


def create_post(context: CliContext, options: NewPostOptions, *, dry_run: bool) -> "ChangeReport | RecordList":
    """Create a post and return a report, or return a list of drafts if `--recover` does not select a single draft."""
    if options.edit or options.recover:
        changes = _create_in_editor(context, options, dry_run=dry_run)
    else:
        changes = _create_from_document(context, options, dry_run=dry_run)
    if isinstance(changes, RecordList):
        return changes
    return ChangeReport(changes=changes, record_type=POST_DETAIL, verb="create", dry_run=dry_run, is_single=True)


def _create_from_document(context: CliContext, options: NewPostOptions, *, dry_run: bool) -> "Changes[PostDetail]":
    settings = context.settings
    source = str(options.file or "the text")
    text = options.read_file()
    document = None if text is None else parse_document(text, source, settings)
    post, author = build_post(document, options.field_values(), settings, content=options.content)
    create = services.posts.create.create_post
    changes = run(settings, create, post, author=author, if_not_exists=options.if_not_exists, dry_run=dry_run)
    if document:
        warn_about_notes(context, document, source)
    return changes


def _create_in_editor(
    context: CliContext, options: NewPostOptions, *, dry_run: bool
) -> "Changes[PostDetail] | RecordList":
    values = options.field_values()
    if options.recover and options.content is not None:
        raise UsageError("--recover and --content cannot be combined")
    if options.recover:
        draft = select_draft(context, "create", str(options.file) if options.file else None)
        if isinstance(draft, RecordList):
            return draft
        values = draft.origin.options | values
        _check_options(context, values)
    else:
        _check_options(context, values)
        draft = _create_new_draft(context, options, values)
    creation = _PostCreation(context, draft.origin, values, if_not_exists=options.if_not_exists, dry_run=dry_run)
    changes = edit_and_save(context, draft, creation, may_ask=may_ask(context), dry_run=dry_run)
    if changes is None:
        raise BlogError("The text was not changed; no post was created")
    return changes


@dataclass(frozen=True, slots=True)
class _PostCreation:
    """The creation of a post from a text that was written in an editor."""

    context: CliContext
    origin: DraftOrigin
    options: dict[str, Any]
    if_not_exists: bool
    dry_run: bool
    choices = (Action.EDIT, Action.SAVE_DRAFT)
    conflict_choices = (Action.EDIT,)

    def check(self) -> None:
        """Do nothing, because the options were checked before the draft was created."""

    def merge(self, draft: LockedDraft) -> bool:
        """Raise NotImplementedError, because a new post is never in conflict with a stored post."""
        raise NotImplementedError

    def save(self, text: bytes) -> "Changes[PostDetail]":
        """Create the post from the text.

        Raises BlogError if the text is invalid or if the post cannot be saved.
        """
        settings = self.context.settings
        document = parse_document(text, EDITED_TEXT, settings)
        post, author = build_post(document, self.options, settings, start=self._original_document())
        changes = self._create(post, author)
        warn_about_notes(self.context, document, EDITED_TEXT)
        return changes

    def save_as_draft(self, text: bytes) -> "Changes[PostDetail]":
        """Create a draft post from a text that `save` has rejected."""
        post, author = build_draft(text, self.options, self.context.settings)
        return self._create(post, author)

    def _create(self, post: "PostCreate", author: str | None) -> "Changes[PostDetail]":
        return run(
            self.context.settings,
            services.posts.create.create_post,
            post,
            author=author,
            if_not_exists=self.if_not_exists,
            dry_run=self.dry_run,
        )

    def _original_document(self) -> "FrontMatterDocument | None":
        try:
            return parse_document(self.origin.original.encode(), EDITED_TEXT, self.context.settings)
        except BlogError:
            # The original text contains an error. The error is not reported, because the user may have corrected it.
            return None


def _create_new_draft(context: CliContext, options: NewPostOptions, values: dict[str, Any]) -> Draft:
    file_text = options.read_file()
    is_template = file_text is None and options.content is None
    text = file_text or initial_text(values, options.content).encode()
    origin = DraftOrigin(
        command="create",
        database=database_name(context),
        original=text.decode(errors="replace"),
        is_disposable=is_template,
        options=values,
    )
    name = datetime.now(context.settings.zone).strftime("%Y-%m-%dT%H-%M-%S")
    return create_draft(name, text, origin)


def _check_options(context: CliContext, options: dict[str, Any]) -> None:
    """Check the options and the database, so that errors are reported before the editor is started.

    Raises BlogError if there is no terminal, if an option is invalid, or if the database cannot be used.
    """
    require_terminal(context)
    convert_options(options, context.settings)
    run(context.settings, services.posts.create.check_writable, options.get("author"))
