"""The options of `blogcli post create`, and the creation of posts from options and documents."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from ... import interchange, schemas, services
from ...cli import completers
from ...cli.context import CliContext
from ...cli.option_group import Flag, OptionGroup
from ...cli.prompts import read_text, refuse_unread_input, split_lists
from ...dates import parse_instant
from ...enums import PostStatus
from ...errors import InvalidError, UsageError
from ...settings import Settings

if TYPE_CHECKING:
    from ...interchange.markdown.documents import FrontMatterDocument
    from ...schemas import PostCreate

# How messages refer to a text that was written in the editor.
EDITED_TEXT = "the edited text"
# The names of the options that set a field of the post.
_FIELD_OPTIONS = ("title", "author", "tag", "status", "slug", "excerpt", "published_at", "key")
# The maximum length of a title that is derived from the first line of a text. Longer titles are truncated.
_MAX_INFERRED_TITLE_LENGTH = 200


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NewPostOptions(OptionGroup):
    """The options for a new post. Their values override the front matter of the file."""

    file: Annotated[
        Path | None,
        Argument(
            metavar="FILE",
            help="Markdown file, with or without front matter (- for stdin); with --recover, the name of an "
            "unsaved text.",
        ),
    ] = None
    title: Annotated[str | None, Option("--title", help="Title.", metavar="TEXT")] = None
    author: Annotated[
        str | None,
        Option("--author", help="Author (id or e-mail address).", **completers.USER),
    ] = None
    tag: Annotated[
        list[str] | None,
        Option("--tag", help="Tags, separated by commas.", **completers.TAG),
    ] = None
    status: Annotated[
        PostStatus | None, Option("--status", help="draft, scheduled or published (default: draft).", metavar="STATUS")
    ] = None
    slug: Annotated[str | None, Option("--slug", help="Slug (default: made from the title).", metavar="SLUG")] = None
    excerpt: Annotated[str | None, Option("--excerpt", help="Summary.", metavar="TEXT")] = None
    published_at: Annotated[
        str | None, Option("--published-at", help="Time of publication, in the past or in the future.", metavar="WHEN")
    ] = None
    content: Annotated[str | None, Option("--content", help="Text, in Markdown.", metavar="TEXT")] = None
    key: Annotated[str | None, Option("--key", help="Unique key that you choose for the post.", metavar="TEXT")] = None
    if_not_exists: Annotated[
        bool, Flag("--if-not-exists", help="Do nothing and succeed if a post with the --key or --slug exists.")
    ] = False
    edit: Annotated[bool, Flag("--edit", help="Write the post in your editor.")] = False
    recover: Annotated[
        bool, Flag("--recover", help="Reopen a text that was not saved; if there are several, list them.")
    ] = False

    def field_values(self) -> dict[str, Any]:
        """Return a map from option names to JSON values, for the given options that set a field of the post."""
        values = {name: getattr(self, name) for name in _FIELD_OPTIONS}
        values["status"] = None if self.status is None else str(self.status)
        values["tag"] = split_lists(self.tag, "--tag")
        return {name: value for name, value in values.items() if value is not None and value != []}

    def read_file(self) -> bytes | None:
        """Return the text of FILE, or None if FILE is not given. If FILE is `-`, the text is read from stdin.

        Raises UsageError if FILE is empty, cannot be read or is given together with --content. Also raises UsageError
        if there is a text on stdin that the command does not read.
        """
        if self.file is not None and self.content is not None:
            raise UsageError("FILE and --content cannot be combined")
        if self.file is not None:
            return read_text(self.file)
        if self.content is None and not self.edit:
            refuse_unread_input()
        return None


def build_post(
    document: "FrontMatterDocument | None",
    options: dict[str, Any],
    settings: Settings,
    *,
    content: str | None = None,
    start: "FrontMatterDocument | None" = None,
) -> "tuple[PostCreate, str | None]":
    """Build a post from a document and options.

    Returns the post and its author. The author is None if the post has the author that the front matter names. `start`
    is the document before the user edited it. Options override the front matter, except for the fields that the user
    edited. Raises UsageError if the title or the author is missing, and InvalidError if a value is invalid.
    """
    fields = _document_fields(document) if document else {}
    start_fields = _document_fields(start) if start else fields
    edited = {name for name in fields if fields[name] != start_fields.get(name)}
    overrides = {name: value for name, value in convert_options(options, settings).items() if name not in edited}
    values = fields | overrides
    if content is not None:
        values["content"] = content
    document_author = fields.get("author")
    author = overrides.get("author") or (None if document_author else settings.author)
    lacks_title = "title" not in values
    lacks_author = not (author or document_author)
    if lacks_title or lacks_author:
        raise _missing_fields_error(lacks_title=lacks_title, lacks_author=lacks_author)
    if document and author and document_author and author != document_author:
        values["extra"] = document.extra | {"author": document_author}
    return schemas.PostCreate.checked(**values), author


def _document_fields(document: "FrontMatterDocument") -> dict[str, Any]:
    fields = services.posts.documents.document_changes(document)
    fields.pop("title", None)
    # `document_changes` returns a title only if the front matter contains a title. Otherwise, the title of a new post
    # is the first heading. `document.title` is the title in both cases.
    title = {} if document.title is None else {"title": document.title}
    return fields | title | {"content": document.content}


def build_draft(data: bytes, options: dict[str, Any], settings: Settings) -> "tuple[PostCreate, str | None]":
    """Build a draft post from a text that cannot be parsed or validated, so that the text is not lost.

    Returns the post and its author, which is None if neither the options nor the settings contain an author. The slug
    is generated from the title. If the front matter is invalid, the whole text becomes the content.
    """
    text = interchange.markdown.documents.decode_text(data, source=EDITED_TEXT)
    author = options.get("author") or settings.author
    overrides = {"status": PostStatus.DRAFT} | ({"author": author} if author else {})
    try:
        document = parse_document(data, EDITED_TEXT, settings)
        title = document.title or _infer_title(document.content)
        post, author = build_post(document, options | overrides | {"title": title}, settings)
    except (InvalidError, UsageError):
        return schemas.PostCreate.checked(title=_infer_title(text), content=text), author
    return post.model_copy(update={"slug": None}), author


def _infer_title(text: str) -> str:
    lines = (line.strip("-+# \t") for line in text.splitlines())
    return next((line for line in lines if line), "")[:_MAX_INFERRED_TITLE_LENGTH]


def convert_options(options: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Convert the values of options to fields of `PostCreate`.

    Raises UsageError if the date is invalid or the status is `trashed`.
    """
    values = {"tags" if name == "tag" else name: value for name, value in options.items()}
    if values.get("excerpt") == "":
        values["excerpt"] = None
    if "status" in values:
        values["status"] = PostStatus(values["status"])
        if values["status"] is PostStatus.TRASHED:
            raise UsageError("A post cannot be created in the trash")
    if "published_at" in values:
        values["published_at"] = parse_time_option(values["published_at"], settings)
    return values


def initial_text(options: dict[str, Any], content: str | None) -> str:
    """Return the initial text for the editor: the options as front matter, followed by the content."""
    names = {"tag": "tags", "published_at": "date"}
    fields = {names.get(name, name): value for name, value in options.items() if name != "key"}
    return interchange.markdown.documents.start_document(content or "", fields)


def parse_document(data: bytes, source: str, settings: Settings) -> "FrontMatterDocument":
    """Parse a document with front matter.

    Raises InvalidError if the document is invalid. The message begins with `source`.
    """
    return interchange.markdown.documents.read_document(data, source=source, zone=settings.zone, now=datetime.now(UTC))


def warn_about_notes(context: CliContext, document: "FrontMatterDocument", source: str) -> None:
    """Print each note about the document as a warning."""
    for note in document.notes:
        context.console.warn(f"Warning: {source}: {note}")


def parse_time_option(text: str, settings: Settings) -> datetime:
    """Parse an option value that is a point in time.

    Raises UsageError if the value is invalid.
    """
    try:
        return parse_instant(text, settings.zone, now=datetime.now(UTC))
    except InvalidError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _missing_fields_error(*, lacks_title: bool, lacks_author: bool) -> UsageError:
    missing = []
    hints = []
    if lacks_title:
        missing.append("a title")
        hints.append("Give --title, or a title in the front matter.")
    if lacks_author:
        missing.append("an author")
        hints.append("Give --author USER, or set author in the config file.")
    return UsageError(f"A post needs {' and '.join(missing)}", hint=" ".join(hints))
