"""Creating and editing posts, with or without an editor."""

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
from .post_options import NewPostOptions, draft_post, new_post, option_values, parse_document, start_text, warn_of_notes
from .recovery import database_name, recovered_draft

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import Changes, PostCreate, PostDetail, PostSummary

_EDITED = "the edited text"


def create_post(context: CliContext, options: NewPostOptions, *, dry_run: bool) -> "ChangeReport | RecordList":
    """Create a post and return the report, or return a list of unsaved drafts if there are several to continue with."""
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
    """Edit a post in an editor and return what was changed, or a list of unsaved drafts, or None for no change."""
    if recover:
        draft = recovered_draft(context, "edit", reference)
        if isinstance(draft, RecordList):
            return draft
        _check_post(context, draft)
    elif reference is None:
        raise UsageError("Missing argument 'POST'.", hint="See `blogcli post edit --help`.")
    else:
        draft = _copy_of_post(context, reference)
    editing = _Editing(context, draft.origin, dry_run=dry_run)
    edited = edit_and_save(context, draft, editing.save, asks=_may_ask(context), is_dry_run=dry_run)
    if edited is None:
        context.console.say("Nothing to do: the text was not changed.")
        return None
    changes, detail = edited
    return ChangeReport(
        changes=changes, record_type=POST, verb="update", dry_run=dry_run, detail=detail, is_single=True
    )


def _create_from_document(context: CliContext, options: NewPostOptions, *, dry_run: bool) -> "Changes[PostDetail]":
    settings = context.settings
    source = str(options.file or "the text")
    data = options.read_document()
    document = None if data is None else parse_document(data, source, settings)
    new, author = new_post(document, options.given(), settings, content=options.content)
    create = services.posts.create.create_post
    changes = run(settings, create, new, author=author, if_not_exists=options.if_not_exists, dry_run=dry_run)
    if document:
        warn_of_notes(context, document, source)
    return changes


def _create_in_editor(
    context: CliContext, options: NewPostOptions, *, dry_run: bool
) -> "Changes[PostDetail] | RecordList":
    given = options.given()
    if options.recover and options.content is not None:
        raise UsageError("--recover continues with an unsaved draft and cannot be combined with --content")
    if options.recover:
        draft = recovered_draft(context, "create", str(options.file) if options.file else None)
        if isinstance(draft, RecordList):
            return draft
        given = draft.origin.options | given
        _check_options(context, given)
    else:
        _check_options(context, given)
        draft = _new_draft(context, options, given)
    creation = _Creation(context, draft.origin, given, if_not_exists=options.if_not_exists, dry_run=dry_run)
    changes = edit_and_save(
        context,
        draft,
        creation.save,
        asks=_may_ask(context),
        is_dry_run=dry_run,
        save_as_draft=creation.save_as_draft,
    )
    if changes is None:
        raise BlogError("The text was not changed; no post was created")
    return changes


@dataclass(frozen=True, slots=True)
class _Creation:
    """A post that is being written in an editor."""

    context: CliContext
    origin: Origin
    options: dict[str, Any]
    if_not_exists: bool
    dry_run: bool

    def save(self, text: bytes) -> "Changes[PostDetail]":
        settings = self.context.settings
        document = parse_document(text, _EDITED, settings)
        changes = self._create(*new_post(document, self.options, settings, start=self._start()))
        warn_of_notes(self.context, document, _EDITED)
        return changes

    def save_as_draft(self, text: bytes) -> "Changes[PostDetail]":
        return self._create(*draft_post(text, self.options, self.context.settings))

    def _create(self, new: "PostCreate", author: str | None) -> "Changes[PostDetail]":
        return run(
            self.context.settings,
            services.posts.create.create_post,
            new,
            author=author,
            if_not_exists=self.if_not_exists,
            dry_run=self.dry_run,
        )

    def _start(self) -> "FrontMatterDocument | None":
        try:
            return parse_document(self.origin.original.encode(), _EDITED, self.context.settings)
        except BlogError:
            # The file that was given may contain errors that the user has corrected.
            return None


@dataclass(frozen=True, slots=True)
class _Editing:
    """A post that is being edited in an editor."""

    context: CliContext
    origin: Origin
    dry_run: bool

    def save(self, text: bytes) -> "tuple[Changes[PostSummary], str]":
        settings, origin = self.context.settings, self.origin
        shown = origin.original.encode()
        before, after = interchange.markdown.documents.read_edit(
            shown, text, source=_EDITED, zone=settings.zone, now=datetime.now(UTC)
        )
        values = services.posts.documents.document_changes(after, shown=before)
        tags = schemas.TagChanges.checked(set=values.pop("tags", None))
        changes = run(
            settings,
            services.posts.edit.save_edit,
            origin.post_id or 0,
            schemas.PostUpdate.checked(**values),
            tags=tags,
            version=origin.version or 0,
            dry_run=self.dry_run,
        )
        if after.notes != before.notes:
            warn_of_notes(self.context, after, _EDITED)
        return changes, _detail(before, changes)


def _detail(before: "FrontMatterDocument", changes: "Changes[PostSummary]") -> str:
    return "".join(f", now {post.status}" for post in changes.changed if post.status is not before.status)


def _new_draft(context: CliContext, options: NewPostOptions, given: dict[str, Any]) -> Draft:
    data = options.read_document()
    is_template = data is None and options.content is None
    text = data or start_text(given, options.content).encode()
    origin = Origin(
        command="create",
        database=database_name(context),
        original=text.decode(errors="replace"),
        is_disposable=is_template,
        options=given,
    )
    name = datetime.now(context.settings.zone).strftime("%Y-%m-%dT%H-%M-%S")
    return create_draft(name, text, origin)


def _copy_of_post(context: CliContext, reference: str) -> Draft:
    require_terminal(context)
    post = run(context.settings, services.posts.edit.post_to_edit, reference)
    text = services.posts.documents.write_document(post)
    origin = Origin(
        command="edit",
        database=database_name(context),
        original=text,
        post_id=post.id,
        slug=post.slug,
        version=post.version,
    )
    return create_draft(draft_name(post.slug), text.encode(), origin)


def _check_options(context: CliContext, options: dict[str, Any]) -> None:
    """Raise the errors of invalid options, a missing author or a missing database before the editor is started."""
    require_terminal(context)
    option_values(options, context.settings)
    run(context.settings, services.posts.create.check_writable, options.get("author"))


def _check_post(context: CliContext, draft: Draft) -> None:
    """Raise an error before the editor is started if the post was changed since the draft was made."""
    origin = draft.origin
    try:
        run(context.settings, services.posts.edit.post_to_edit, f"id:{origin.post_id}", version=origin.version)
    except BlogError as error:
        error.hint = draft.hint_after(error)
        raise


def _may_ask(context: CliContext) -> bool:
    # A program that reads errors as JSON cannot answer questions.
    return context.output.format not in (OutputFormat.JSON, OutputFormat.JSONL)
