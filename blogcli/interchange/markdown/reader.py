"""Read the Markdown files of a site as posts.

A file is read in four steps:

1. The scanner finds the file and describes its folder (`FolderContext`).
2. The front matter is parsed.
3. The path is inspected (`PathInfo`).
4. The fields are converted to a `PostRecord`.
"""

import unicodedata
from pathlib import PurePath
from uuid import UUID, uuid5

from ...enums import Flavor
from ...errors import InvalidError
from ..file_types import recognize_file
from ..items import ImportedItem, RawItem, ReadOptions
from ..notes import ItemNotes, NoteCode, Omission
from ..sources import HTML_ENDINGS, Source
from . import values
from .field_names import normalize_case, without_blank_fields
from .fields.reader import FieldReader
from .flavors import flavor_of, read_exported_post
from .front_matter.parser import FrontMatter, split_front_matter
from .front_matter.syntax import Kind
from .generator_post import read_generator_post
from .site.file import File, read_content
from .site.omissions import find_omission
from .site.paths import PathInfo, inspect_path
from .site.scanner import detect, scan
from .texts import decode, first_heading
from .values import Fields

__all__ = ["detect", "read", "scan"]

# The namespace of the UUIDs that are derived from the ids, paths or texts of posts.
_NAMESPACE = UUID("9d7c2f0e-54f1-4a8e-9d0a-6b1f4f6f2c1d")
_DOCUSAURUS_MARKS = {"docusaurus.config.js", "docusaurus.config.ts"}
# The number of bytes at the start of a file from which its format is recognized.
_DETECTION_SIZE = 64 * 1024


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """Return an item with the post in a file, or with a note that says why the file is not a post.

    Raises InvalidError if the file or its front matter cannot be read.
    """
    file: File = item.content
    if file.fault:
        raise InvalidError(file.fault)
    if file.omission:
        return _skipped(item, file.omission)
    front_matter = _read_front_matter(file)
    path_info = inspect_path(file.site_path, file.context)
    flavor = flavor_of(front_matter.fields)
    if flavor:
        return _read_exported(item, front_matter, path_info, flavor, options=options)
    front_matter = front_matter._replace(fields=normalize_case(front_matter.fields))
    omission = find_omission(file.site_path, file.context, path_info, front_matter)
    if omission:
        return _skipped(item, omission)
    return _read_generated(item, front_matter, path_info, options=options)


def _skipped(item: RawItem, omission: Omission) -> ImportedItem:
    notes = ItemNotes(item.source, None)
    notes.add(NoteCode.NOT_IMPORTED, omission.reason, kind=omission.kind)
    return ImportedItem(source=item.source, notes=notes.all())


def _read_exported(
    item: RawItem, front_matter: FrontMatter, path_info: PathInfo, flavor: Flavor, *, options: ReadOptions
) -> ImportedItem:
    """Return the item of a file that `blogcli export markdown` wrote."""
    fields, body, _ = front_matter
    notes = ItemNotes(item.source, None)
    uuid = _uuid_of(item.content, fields, path_info, body=body)
    reader = _field_reader(fields, notes)
    post, people = read_exported_post(reader, flavor, content=body, zone=options.zone, uuid=uuid)
    return ImportedItem(source=item.source, people=people, post=post, notes=notes.all())


def _read_generated(
    item: RawItem, front_matter: FrontMatter, path_info: PathInfo, *, options: ReadOptions
) -> ImportedItem:
    """Return the item of a file that was written for a site generator."""
    fields, body, kind = front_matter
    notes = ItemNotes(item.source, None)
    uuid = _uuid_of(item.content, fields, path_info, body=body)
    reader = _field_reader(without_blank_fields(fields), notes)
    # Pelican uses front matter of this kind, and makes slugs from titles instead of file names.
    is_titled_slug = kind is Kind.HEADER
    post, people = read_generator_post(
        reader, path_info, body, options=options, uuid=uuid, is_titled_slug=is_titled_slug
    )
    return ImportedItem(source=item.source, people=people, post=post, notes=notes.all())


def _field_reader(fields: Fields, notes: ItemNotes) -> FieldReader:
    """Return a reader of `fields` that adds errors and notes to `notes`."""

    def add_error(code: NoteCode, error: InvalidError) -> None:
        consequence = ", and the post became a draft" if code is NoteCode.STATUS_INFERRED else ""
        notes.add(code, f"{error.message}; the original value is kept in extra{consequence}")

    return FieldReader(fields, add_error, notes.add)


def _read_front_matter(file: File) -> FrontMatter:
    """Return the front matter of a file, together with the fields in the data files that belong to the file.

    A field in the front matter overrides the field with the same name in a data file.
    """
    data = read_content(file.source) if file.content is None else file.content
    is_html = file.site_path.suffix.lower() in HTML_ENDINGS
    file_type = None if is_html else recognize_file(data[:_DETECTION_SIZE], file.site_path.name)
    if file_type:
        raise InvalidError(f"not Markdown: it looks like {file_type.description}")
    front_matter = split_front_matter(decode(data))
    # Nikola reads the data file of a post, which has the suffix .meta, only if the post has no front matter.
    nikola_fields = Fields() if front_matter.kind else _read_data_file(file, ".meta")
    eleventy_fields = _read_data_file(file, ".11tydata.json")
    return front_matter._replace(fields=eleventy_fields | nikola_fields | front_matter.fields)


def _read_data_file(file: File, suffix: str) -> Fields:
    """Return the fields in the data file of a post, or an empty dictionary if the post has no data file.

    The path of the data file is the path of the post file, with `suffix` instead of the original suffix.
    """
    path = file.source.path.with_suffix(suffix)
    if file.content is not None or not path.is_file():
        return {}
    return split_front_matter(decode(read_content(Source(path.name, path)))).fields


def _uuid_of(file: File, fields: Fields, path_info: PathInfo, *, body: str) -> UUID:
    """Return a UUID that is derived from the field `id` of a post, or else from the path of its file within the site.

    A post that was read from a pipe has no path, so the key of its content is used instead of the path.
    """
    key = PurePath(*file.site_path.parts[1:]).as_posix()
    post_id = fields.get("id")
    if isinstance(post_id, str | int) and not values.is_blank(post_id):
        # All translations of a post have the same id, so the key contains the language. In Docusaurus, posts in
        # different folders may have equal ids, so the key contains the folder too.
        is_docusaurus = bool(_DOCUSAURUS_MARKS & file.context.marks)
        folder = file.site_path.parent.as_posix() if is_docusaurus else ""
        key = f"id:{folder}{post_id}:{path_info.language}"
    elif key == "-":
        key = f"-/{_content_key(fields, body)}"
    name = unicodedata.normalize("NFC", f"{file.site}/{key}")
    # In a path, bytes that are not valid UTF-8 are represented by lone surrogates, which `uuid5` cannot encode.
    return uuid5(_NAMESPACE, name.encode(errors="backslashreplace").decode())


def _content_key(fields: Fields, body: str) -> str:
    """Return a key for a post that was read from a pipe.

    The key begins with the slug, or else the title, or else the first heading, and ends with the date. If the post has
    neither a slug nor a title nor a heading, the key is the whole body.
    """
    candidates = (fields.get("slug"), fields.get("title"), first_heading(body))
    name = next((value for value in candidates if not values.is_blank(value)), None)
    return body if name is None else f"{name}/{fields.get('date')}"
