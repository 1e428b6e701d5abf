"""Creating and editing posts, with or without an editor."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ... import interchange, schemas, services
from ...cli.context import Invocation
from ...cli.fields import POSTS
from ...cli.rendering import report
from ...enums import OutputFormat
from ...errors import BlogError, UsageError
from ...output.records import Choice
from ...runner import run
from .drafts import Draft, Origin, create_draft, draft_name
from .editor import edit_and_save, require_terminal
from .post_options import NewPostOptions, draft_post, new_post, option_values, parse_document, start_text, warn_of_notes
from .recovery import database_name, recovered_draft

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import Changes, PostCreate, PostDetail, PostSummary

_EDITED = "the edited text"


def create_from(
    invocation: Invocation, options: NewPostOptions, choice: Choice, *, dry_run: bool
) -> "Changes[PostDetail] | None":
    """Create a post and return it; return None if unsaved drafts were listed instead."""
    if options.edit or options.recover:
        return _create_in_editor(invocation, options, choice, dry_run=dry_run)
    settings, source = invocation.settings, str(options.file or "the text")
    document = parse_document(options.read(), source, settings)
    new, author = new_post(document, options.given(), settings, content=options.content)
    changes = run(
        settings,
        services.posts.create.create_post,
        new,
        author=author,
        if_not_exists=options.if_not_exists,
        dry_run=dry_run,
    )
    warn_of_notes(invocation, document, source)
    return changes


def edit_post(invocation: Invocation, reference: str | None, choice: Choice, *, recover: bool, dry_run: bool) -> None:
    """Edit a post in an editor and report what was changed."""
    if recover:
        draft = recovered_draft(invocation, "edit", reference, choice)
        if draft is None:
            return
        _check_post(invocation, draft)
    elif reference is None:
        raise UsageError("Missing argument 'POST'.", hint="See `blogcli post edit --help`.")
    else:
        draft = _copy_of_post(invocation, reference)
    editing = _Editing(invocation, draft.origin, dry_run=dry_run)
    edited = edit_and_save(invocation, draft, editing.save, asks=_may_ask(choice), is_dry_run=dry_run)
    if edited is None:
        invocation.console.say("Nothing to do: the text was not changed.")
        return
    changes, detail = edited
    words = {"verb": "update", "noun": "post", "name": "slug"}
    report(invocation, changes, POSTS, choice, **words, dry_run=dry_run, detail=detail, single=True)


def _create_in_editor(
    invocation: Invocation, options: NewPostOptions, choice: Choice, *, dry_run: bool
) -> "Changes[PostDetail] | None":
    given = options.given()
    if options.recover and options.content is not None:
        raise UsageError("--recover continues with an unsaved draft and cannot be combined with --content")
    if options.recover:
        draft = recovered_draft(invocation, "create", str(options.file) if options.file else None, choice)
        if draft is None:
            return None
        given = draft.origin.options | given
        _check_options(invocation, given)
    else:
        _check_options(invocation, given)
        draft = _new_draft(invocation, options, given)
    creation = _Creation(invocation, draft.origin, given, if_not_exists=options.if_not_exists, dry_run=dry_run)
    changes = edit_and_save(
        invocation,
        draft,
        creation.save,
        asks=_may_ask(choice),
        is_dry_run=dry_run,
        save_as_draft=creation.save_as_draft,
    )
    if changes is None:
        raise BlogError("The text was not changed; no post was created")
    return changes


@dataclass(frozen=True, slots=True)
class _Creation:
    """A post that is being written in an editor."""

    invocation: Invocation
    origin: Origin
    options: dict[str, Any]
    if_not_exists: bool
    dry_run: bool

    def save(self, text: bytes) -> "Changes[PostDetail]":
        settings = self.invocation.settings
        document = parse_document(text, _EDITED, settings)
        changes = self._create(*new_post(document, self.options, settings, start=self._start()))
        warn_of_notes(self.invocation, document, _EDITED)
        return changes

    def save_as_draft(self, text: bytes) -> "Changes[PostDetail]":
        return self._create(*draft_post(text, self.options, self.invocation.settings))

    def _create(self, new: "PostCreate", author: str | None) -> "Changes[PostDetail]":
        return run(
            self.invocation.settings,
            services.posts.create.create_post,
            new,
            author=author,
            if_not_exists=self.if_not_exists,
            dry_run=self.dry_run,
        )

    def _start(self) -> "FrontMatterDocument | None":
        try:
            return parse_document(self.origin.original.encode(), _EDITED, self.invocation.settings)
        except BlogError:
            # The file that was given may contain errors that the user has corrected.
            return None


@dataclass(frozen=True, slots=True)
class _Editing:
    """A post that is being edited in an editor."""

    invocation: Invocation
    origin: Origin
    dry_run: bool

    def save(self, text: bytes) -> "tuple[Changes[PostSummary], str]":
        settings, origin = self.invocation.settings, self.origin
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
            warn_of_notes(self.invocation, after, _EDITED)
        return changes, _detail(before, changes)


def _detail(before: "FrontMatterDocument", changes: "Changes[PostSummary]") -> str:
    return "".join(f", now {post.status}" for post in changes.changed if post.status is not before.status)


def _new_draft(invocation: Invocation, options: NewPostOptions, given: dict[str, Any]) -> Draft:
    data = options.read()
    is_template = not data and options.content is None
    text = data or start_text(given, options.content).encode()
    origin = Origin(
        command="create",
        database=database_name(invocation),
        original=text.decode(errors="replace"),
        is_disposable=is_template,
        options=given,
    )
    name = datetime.now(invocation.settings.zone).strftime("%Y-%m-%dT%H-%M-%S")
    return create_draft(name, text, origin)


def _copy_of_post(invocation: Invocation, reference: str) -> Draft:
    require_terminal(invocation)
    post = run(invocation.settings, services.posts.edit.post_to_edit, reference)
    text = services.posts.documents.write_document(post)
    origin = Origin(
        command="edit",
        database=database_name(invocation),
        original=text,
        post_id=post.id,
        slug=post.slug,
        version=post.version,
    )
    return create_draft(draft_name(post.slug), text.encode(), origin)


def _check_options(invocation: Invocation, options: dict[str, Any]) -> None:
    """Raise the errors of invalid options, a missing author or a missing database before the editor is started."""
    require_terminal(invocation)
    option_values(options, invocation.settings)
    run(invocation.settings, services.posts.create.check_writable, options.get("author"))


def _check_post(invocation: Invocation, draft: Draft) -> None:
    """Raise an error before the editor is started if the post was changed since the draft was made."""
    origin = draft.origin
    try:
        run(invocation.settings, services.posts.edit.post_to_edit, f"id:{origin.post_id}", version=origin.version)
    except BlogError as error:
        error.hint = draft.hint_after(error)
        raise


def _may_ask(choice: Choice) -> bool:
    # A program that reads errors as JSON does not read questions.
    return choice.format not in (OutputFormat.JSON, OutputFormat.JSONL)
