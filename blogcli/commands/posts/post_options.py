"""The posts that `blogcli post create` makes, from options, a file with front matter, or an editor."""

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

# The options that say what the post is, as opposed to where its text comes from.
_FIELDS = ("title", "author", "tag", "status", "slug", "excerpt", "published_at", "key")
# No title that is taken from the first line of a text is longer.
_MAX_GUESSED_TITLE = 200


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class NewPostOptions(OptionGroup):
    """A post to be created; options go before front matter."""

    file: Annotated[
        Path | None,
        Argument(
            metavar="FILE",
            help="Markdown file, with or without front matter (- for stdin). With --recover, the name of a draft.",
        ),
    ] = None
    title: Annotated[str | None, Option("--title", help="Title.", metavar="TEXT")] = None
    author: Annotated[
        str | None,
        Option("--author", help="Author (id or e-mail address).", **completers.USER),
    ] = None
    tag: Annotated[
        list[str] | None,
        Option("--tag", help="Tags, such as a,b.", **completers.TAG),
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
    key: Annotated[str | None, Option("--key", help="A unique key of your own for the post.", metavar="TEXT")] = None
    if_not_exists: Annotated[
        bool, Flag("--if-not-exists", help="Succeed if a post with the --key or --slug exists.")
    ] = False
    edit: Annotated[bool, Flag("--edit", help="Write it in your editor.")] = False
    recover: Annotated[
        bool, Flag("--recover", help="Continue with an unsaved draft; list them if there are several.")
    ] = False

    def given(self) -> dict[str, Any]:
        """Return the options that were given, by name, in the form in which JSON can hold them."""
        values = {name: getattr(self, name) for name in _FIELDS}
        values["status"] = None if self.status is None else str(self.status)
        values["tag"] = split_lists(self.tag, "--tag")
        return {name: value for name, value in values.items() if value is not None and value != []}

    def read_document(self) -> bytes | None:
        """Return the document in FILE or stdin, or None if no file is named.

        Raises UsageError for an empty file, or if stdin contains text but no option reads it.
        """
        if self.file is not None and self.content is not None:
            raise UsageError("The text comes from FILE or from --content, not both")
        if self.file is not None:
            return read_text(self.file)
        if self.content is None and not self.edit:
            refuse_unread_input()
        return None


def new_post(
    document: "FrontMatterDocument | None",
    options: dict[str, Any],
    settings: Settings,
    *,
    content: str | None = None,
    start: "FrontMatterDocument | None" = None,
) -> "tuple[PostCreate, str | None]":
    """Return the post that a document and options describe, and its author if an option or the settings name one.

    Options take precedence over front matter, except for fields that differ from `start`, the document before it was
    edited. Raises UsageError if the title or the author is missing, InvalidError for invalid values.
    """
    stated = _stated(document) if document else {}
    original = _stated(start) if start else stated
    edited = {name for name in stated if stated[name] != original.get(name)}
    chosen = {name: value for name, value in option_values(options, settings).items() if name not in edited}
    values = stated | chosen
    if content is not None:
        values["content"] = content
    stated_author = stated.get("author")
    author = chosen.get("author") or (None if stated_author else settings.author)
    lacks_title, lacks_author = "title" not in values, not (author or stated_author)
    if lacks_title or lacks_author:
        raise _incomplete(lacks_title=lacks_title, lacks_author=lacks_author)
    if document and author and stated_author and author != stated_author:
        values["extra"] = document.extra | {"author": stated_author}
    return schemas.PostCreate.checked(**values), author


def _stated(document: "FrontMatterDocument") -> dict[str, Any]:
    """Return the values that a document states, by the names of `PostCreate`, and its content."""
    changes = services.posts.documents.document_changes(document)
    changes.pop("title", None)
    # A heading is as good as a title where there is no post yet.
    titled = {} if document.title is None else {"title": document.title}
    return changes | titled | {"content": document.content}


def draft_post(data: bytes, options: dict[str, Any], settings: Settings) -> "tuple[PostCreate, str | None]":
    """A draft that holds a text although something is wrong with its front matter, and its author as in `new_post`.

    The front matter becomes part of the content where it cannot be used.
    """
    text = interchange.markdown.documents.decode_text(data, source="the edited text")
    author = options.get("author") or settings.author
    kept = {"status": PostStatus.DRAFT} | ({"author": author} if author else {})
    try:
        document = parse_document(data, "the edited text", settings)
        named = options | kept | {"title": document.title or _first_line(document.content)}
        new, author = new_post(document, named, settings)
    except (InvalidError, UsageError):
        return schemas.PostCreate.checked(title=_first_line(text), content=text), author
    return new.model_copy(update={"slug": None}), author


def _first_line(text: str) -> str:
    lines = (line.strip("-+# \t") for line in text.splitlines())
    return next((line for line in lines if line), "")[:_MAX_GUESSED_TITLE]


def option_values(options: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the values of options by the names of `PostCreate`; raise UsageError for an invalid status or date."""
    values = {"tags" if name == "tag" else name: value for name, value in options.items()}
    if values.get("excerpt") == "":
        values["excerpt"] = None
    if "status" in values:
        values["status"] = PostStatus(values["status"])
        if values["status"] is PostStatus.TRASHED:
            raise UsageError("A post cannot be created in the trash")
    if "published_at" in values:
        values["published_at"] = parse_option(values["published_at"], settings)
    return values


def start_text(options: dict[str, Any], content: str | None) -> str:
    """Return the document that an editor starts with: the options as front matter, and the content."""
    names = {"tag": "tags", "published_at": "date"}
    fields = {names.get(name, name): value for name, value in options.items() if name != "key"}
    return interchange.markdown.documents.start_document(content or "", fields)


def parse_document(data: bytes, source: str, settings: Settings) -> "FrontMatterDocument":
    """Return the document in `data`; raise InvalidError, which names `source`, if it cannot be read."""
    return interchange.markdown.documents.read_document(data, source=source, zone=settings.zone, now=datetime.now(UTC))


def warn_of_notes(context: CliContext, document: "FrontMatterDocument", source: str) -> None:
    """Print a warning for each field of a document that made the post a draft."""
    for note in document.notes:
        context.console.warn(f"Warning: {source}: {note}")


def parse_option(text: str, settings: Settings) -> datetime:
    """Return the instant that an option names; raise UsageError for one that does not exist."""
    try:
        return parse_instant(text, settings.zone, now=datetime.now(UTC))
    except InvalidError as error:
        raise UsageError(error.message, hint=error.hint) from None


def _incomplete(*, lacks_title: bool, lacks_author: bool) -> UsageError:
    title = ("a title", "Give --title, or a title in the front matter.")
    author = ("an author", "Give --author USER, or set author in the config file.")
    lacking = [part for part, lacks in ((title, lacks_title), (author, lacks_author)) if lacks]
    what, hints = zip(*lacking, strict=True)
    return UsageError(f"A post needs {' and '.join(what)}", hint=" ".join(hints))
