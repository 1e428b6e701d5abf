"""A file of a blog -> the post that it holds, or why it holds none."""

import unicodedata
from pathlib import PurePath
from uuid import UUID, uuid5

from ...errors import BlogError, InvalidError
from ..detection import likeness_of
from ..items import ImportedItem, RawItem, ReadOptions
from ..notes import ItemNotes, NoteCode, Omission
from ..sources import HTML_ENDINGS, Source
from .fields import values
from .fields.names import in_known_case, significant
from .fields.reader import Taker
from .flavors import exported_post, flavor_of
from .front_matter.limits import Fields
from .front_matter.parser import FrontMatter, split_front_matter
from .front_matter.syntax import Kind
from .generator_post import foreign_post
from .site.pages import why_page
from .site.paths import Place, place_of
from .site.scanner import File, detect, scan
from .texts import decode, first_heading

__all__ = ["detect", "read", "scan"]

# Of all posts that come from files.
_NAMESPACE = UUID("9d7c2f0e-54f1-4a8e-9d0a-6b1f4f6f2c1d")
_DOCUSAURUS = {"docusaurus.config.js", "docusaurus.config.ts"}
# As much as it takes to tell what a file looks like.
_START = 64 * 1024
# No text that a person wrote is longer, in bytes.
_LONGEST = 64 * 1024 * 1024


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """The post of a file, or a note that says why it is none; InvalidError where it cannot be read."""
    file: File = item.content
    if file.fault:
        raise InvalidError(file.fault)
    fields, body, kind = _front_matter_of(file)
    place, flavor = place_of(file.place, file.around), flavor_of(fields)
    fields = fields if flavor else in_known_case(fields)
    omission = file.omission or (None if flavor else _why_no_post(file, place, fields=fields, body=body))
    notes = ItemNotes(item.source, None)
    if omission:
        notes.add(NoteCode.NOT_IMPORTED, omission.reason, kind=omission.kind)
        return ImportedItem(source=item.source, notes=notes.all())
    say = notes.add

    def refuse(code: NoteCode, error: InvalidError) -> None:
        then = ", and the post is a draft" if code is NoteCode.STATUS_INFERRED else ""
        say(code, f"{error.message}; it was kept as it is{then}")

    taker, uuid = Taker(fields, refuse, say), _identity(file, fields, place, body=body)
    if flavor:
        post, people = exported_post(taker, flavor, content=body, zone=options.zone, uuid=uuid)
        return ImportedItem(source=item.source, people=people, post=post, notes=notes.all())
    taker = taker.within(significant(fields))
    post, people = foreign_post(taker, place, body, options=options, uuid=uuid, is_titled_slug=kind is Kind.HEADER)
    return ImportedItem(source=item.source, people=people, post=post, notes=notes.all())


def _bytes(source: Source) -> bytes:
    try:
        with source.open() as file:
            data = source.read(file, _LONGEST + 1)
    except BlogError as error:
        # Whoever is told of it is told the name as well.
        reason = error.message.removeprefix("Cannot read ").removeprefix(f"{source.name}: ")
        raise InvalidError(reason) from None
    if len(data) > _LONGEST:
        raise InvalidError(f"more than {_LONGEST:,} bytes")
    return data


def _front_matter_of(file: File) -> FrontMatter:
    """Its fields and its text; none of a file that is not read."""
    if file.omission:
        return FrontMatter({}, "", None)
    data = _bytes(file.source)
    likeness = None if file.place.suffix.lower() in HTML_ENDINGS else likeness_of(data[:_START], file.place.name)
    if likeness:
        raise InvalidError(f"not Markdown: it looks like {likeness.name}")
    found = split_front_matter(decode(data))
    beside = Fields() if found.kind else _fields_beside(file, ".meta")
    return found._replace(fields=_fields_beside(file, ".11tydata.json") | beside | found.fields)


def _fields_beside(file: File, ending: str) -> Fields:
    """The fields in a file of their own, as Nikola and Eleventy have them; none where there is no such file."""
    path = file.source.path.with_suffix(ending)
    if file.source.is_piped or not path.is_file():
        return {}
    return split_front_matter(decode(_bytes(Source(path.name, path)))).fields


def _why_no_post(file: File, place: Place, *, fields: Fields, body: str) -> Omission | None:
    omission = why_page(file.place, file.around, fields)
    if omission:
        return omission
    has_date = not values.is_blank(fields.get("date"))
    if place.is_about_authors and not has_date:
        return Omission("author page", "the page of an author is no post")
    if has_date or not values.is_blank(fields.get("title")):
        return None
    if place.is_beside_the_blog:
        return Omission("documentation file", "it is about the files, and has neither a title nor a date")
    if place.is_html and not fields:
        return Omission("HTML file", "HTML without front matter")
    return None if body.strip() else Omission("empty file", "it has neither a title nor a text")


def _identity(file: File, fields: Fields, place: Place, *, body: str) -> UUID:
    below = PurePath(*file.place.parts[1:]).as_posix()
    own = fields.get("id")
    if isinstance(own, str | int) and not values.is_blank(own):
        # Translations share it, and in Docusaurus the files of other folders.
        folder = file.place.parent.as_posix() if _DOCUSAURUS & file.around.marks else ""
        below = f"id:{folder}{own}:{place.language}"
    elif below == "-":
        below = f"-/{_said(fields, body)}"
    name = unicodedata.normalize("NFC", f"{file.site}/{below}")
    # Names of files may be bytes that are no text.
    return uuid5(_NAMESPACE, name.encode(errors="backslashreplace").decode())


def _said(fields: Fields, body: str) -> str:
    """What tells a text from others where no file does."""
    names = (fields.get("slug"), fields.get("title"), first_heading(body))
    name = next((name for name in names if not values.is_blank(name)), None)
    return body if name is None else f"{name}/{fields.get('date')}"
