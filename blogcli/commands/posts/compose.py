"""Create posts from files, options or an editor, and edit posts in an editor."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ... import interchange, schemas, services
from ...cli.context import CliContext
from ...cli.results import POST, POST_DETAIL, ChangeReport, RecordList
from ...enums import OutputFormat
from ...errors import BlogError, UsageError
from ...runner import run
from .drafts import Draft, Origin, create_draft, draft_name
from .editor import edit_and_save, require_terminal
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
    from ...schemas import Changes, PostCreate, PostDetail, PostSummary


def create_post(context: CliContext, options: NewPostOptions, *, dry_run: bool) -> "ChangeReport | RecordList":
    """Create a post and return a report, or return a list of drafts if `--recover` does not select a single draft."""
    if options.edit or options.recover:
        changes = _create_in_editor(context, options, dry_run=dry_run)
    else:
        changes = _create_from_document(context, options, dry_run=dry_run)
    if isinstance(changes, RecordList):
        return changes
    return ChangeReport(changes=changes, record_type=POST_DETAIL, verb="create", dry_run=dry_run, is_single=True)


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
        _check_post(context, draft)
    elif reference is None:
        raise UsageError("Missing argument 'POST'.", hint="See `blogcli post edit --help`.")
    else:
        draft = _create_edit_draft(context, reference)
    edit = _PostEdit(context, draft.origin, dry_run=dry_run)
    result = edit_and_save(context, draft, edit.save, may_ask=_may_ask(context), dry_run=dry_run)
    if result is None:
        context.console.say("Nothing to do: the text was not changed.")
        return None
    changes, detail = result
    return ChangeReport(
        changes=changes, record_type=POST, verb="update", dry_run=dry_run, detail=detail, is_single=True
    )


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
    changes = edit_and_save(
        context,
        draft,
        creation.save,
        may_ask=_may_ask(context),
        dry_run=dry_run,
        save_as_draft=creation.save_as_draft,
    )
    if changes is None:
        raise BlogError("The text was not changed; no post was created")
    return changes


@dataclass(frozen=True, slots=True)
class _PostCreation:
    """The creation of a post from a text that was written in an editor."""

    context: CliContext
    origin: Origin
    options: dict[str, Any]
    if_not_exists: bool
    dry_run: bool

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


@dataclass(frozen=True, slots=True)
class _PostEdit:
    """The update of a post with a text that was edited in an editor."""

    context: CliContext
    origin: Origin
    dry_run: bool

    def save(self, text: bytes) -> "tuple[Changes[PostSummary], str]":
        """Update those fields of the post that the user changed in the text.

        Returns the changes, and a detail for the message, such as `, now published`.
        """
        settings = self.context.settings
        origin = self.origin
        original, edited = interchange.markdown.documents.read_edit(
            origin.original.encode(), text, source=EDITED_TEXT, zone=settings.zone, now=datetime.now(UTC)
        )
        values = services.posts.documents.document_changes(edited, shown=original)
        tags = schemas.TagChanges.checked(set=values.pop("tags", None))
        changes = run(
            settings,
            services.posts.edit.save_edit,
            origin.post_id or 0,
            schemas.PostUpdate.checked(**values),
            tags=tags,
            base=origin.base or "",
            dry_run=self.dry_run,
        )
        if edited.notes != original.notes:
            warn_about_notes(self.context, edited, EDITED_TEXT)
        return changes, _status_detail(original, changes)


def _status_detail(original: "FrontMatterDocument", changes: "Changes[PostSummary]") -> str:
    return "".join(f", now {post.status}" for post in changes.changed if post.status is not original.status)


def _create_new_draft(context: CliContext, options: NewPostOptions, values: dict[str, Any]) -> Draft:
    file_text = options.read_file()
    is_template = file_text is None and options.content is None
    text = file_text or initial_text(values, options.content).encode()
    origin = Origin(
        command="create",
        database=database_name(context),
        original=text.decode(errors="replace"),
        is_disposable=is_template,
        options=values,
    )
    name = datetime.now(context.settings.zone).strftime("%Y-%m-%dT%H-%M-%S")
    return create_draft(name, text, origin)


def _create_edit_draft(context: CliContext, reference: str) -> Draft:
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


def _check_options(context: CliContext, options: dict[str, Any]) -> None:
    """Check the options and the database, so that errors are reported before the editor is started.

    Raises BlogError if there is no terminal, if an option is invalid, or if the database cannot be used.
    """
    require_terminal(context)
    convert_options(options, context.settings)
    run(context.settings, services.posts.create.check_writable, options.get("author"))


def _check_post(context: CliContext, draft: Draft) -> None:
    """Before the editor is started, check that the post was not changed since the draft was created.

    Raises BlogError if the post was changed or does not exist.
    """
    origin = draft.origin
    try:
        run(context.settings, services.posts.edit.post_to_edit, f"id:{origin.post_id}", base=origin.base or "")
    except BlogError as error:
        error.hint = draft.hint_after(error)
        raise


def _may_ask(context: CliContext) -> bool:
    # A JSON format means that a program reads the errors, and a program cannot answer questions.
    return context.output.format not in (OutputFormat.JSON, OutputFormat.JSONL)
