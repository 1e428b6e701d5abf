"""What a post is made of, gathered from options, a file with front matter, or an editor."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .. import schemas, services
from ..dates import parse_instant
from ..enums import PostStatus
from ..errors import InvalidError, UsageError
from ..settings import Settings
from . import candidates
from .editor import edit_text
from .inputs import read_bytes, split_lists
from .invocation import Flag, Invocation, Options

if TYPE_CHECKING:
    from ..interchange.documents import Document
    from ..schemas import PostCreate

_TEMPLATE = "---\ntitle: \ntags: []\n---\n"


class Draft(Options):
    """A post to be written; options go before front matter."""

    file: Annotated[
        Path | None, Argument(metavar="FILE", help="Markdown, with or without front matter; - is stdin.")
    ] = None
    title: Annotated[str | None, Option("--title", help="Title.", metavar="TEXT")] = None
    author: Annotated[
        str | None,
        Option("--author", help="Who wrote it: id or e-mail.", **candidates.USER),
    ] = None
    tag: Annotated[
        list[str] | None,
        Option("--tag", help="Tag; repeat for several.", **candidates.TAG),
    ] = None
    status: Annotated[
        PostStatus | None, Option("--status", help="draft, scheduled or published (default: draft).", metavar="STATUS")
    ] = None
    slug: Annotated[str | None, Option("--slug", help="Address (default: made from the title).", metavar="SLUG")] = None
    excerpt: Annotated[str | None, Option("--excerpt", help="Summary.", metavar="TEXT")] = None
    published_at: Annotated[
        str | None, Option("--published-at", help="When it was or will be published.", metavar="WHEN")
    ] = None
    content: Annotated[str | None, Option("--content", help="Text, in Markdown.", metavar="TEXT")] = None
    edit: Annotated[bool, Flag("--edit", help="Write it in your editor.")] = False

    def to_create(self, invocation: Invocation) -> "tuple[PostCreate, str]":
        """The post and its author; UsageError where title or author is missing, InvalidError for bad content."""
        settings = invocation.settings
        document = self._document(invocation)
        author = self.author or document.author or settings.author
        title = document.title if self.title is None else self.title
        if not author or title is None:
            raise _incomplete(lacks_title=title is None, lacks_author=not author)
        extra = document.extra
        if document.author and author != document.author:
            extra = extra | {"author": document.author}
        values = {
            "title": title,
            "content": document.content if self.content is None else self.content,
            "slug": document.slug if self.slug is None else self.slug,
            "excerpt": document.excerpt if self.excerpt is None else self.excerpt or None,
            "status": self._status() or document.status or PostStatus.DRAFT,
            "published_at": published_at(self.published_at, settings) or document.published_at,
            "tags": split_lists(self.tag, "--tag") or list(document.tags or ()),
            "extra": extra,
        }
        return schemas.PostCreate.checked(**values), author

    def _document(self, invocation: Invocation) -> "Document":
        if self.file is not None and self.content is not None:
            raise UsageError("The text comes from FILE or from --content, not both")
        if self.file is not None:
            data, source = read_bytes(self.file), str(self.file)
        else:
            data, source = b"", "the editor"
        if self.edit:
            start = data.decode(errors="replace") if data else _TEMPLATE + (self.content or "")
            data = edit_text(invocation, start).encode()
        return parse_document(data, source, invocation.settings)

    def _status(self) -> PostStatus | None:
        if self.status is PostStatus.TRASHED:
            raise UsageError("A post cannot be created in the trash")
        return self.status


def parse_document(data: bytes, source: str, settings: Settings) -> "Document":
    """The document in `data`; InvalidError naming `source` for what cannot be read."""
    return services.documents.read_document(data, source=source, zone=settings.zone, now=datetime.now(UTC))


def published_at(text: str | None, settings: Settings) -> datetime | None:
    """The instant that --published-at names; UsageError for one that does not exist."""
    return None if text is None else parse_option(text, settings)


def parse_option(text: str, settings: Settings) -> datetime:
    """The instant that an option names; UsageError for one that does not exist."""
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
