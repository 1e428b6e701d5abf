"""Read users, tags and posts from WordPress export files (WXR)."""

from dataclasses import replace

from ...errors import InvalidError
from ...text.truncate_repr import quoted
from ..items import ImportedItem, RawItem, ReadOptions
from ..notes import ItemNotes, NoteCode, OnNote, ignore_note
from ..records import UserRecord
from ..sources import Source
from .authors import note_unsupported_names, read_author
from .embedding import load_tag, load_user
from .export_file.scanner import AuthorItem, PostItem, scan
from .export_file.xml_reader import Element
from .export_file.xml_repair import RepairedLine
from .plain_text import plain_text
from .posts import read_post
from .taxonomies import read_term_tags

__all__ = ["detect", "read", "scan"]

_EXPORT_NAMESPACE = b"://wordpress.org/export/"


def detect(source: Source) -> bool:
    """Return whether the start of a source contains an <rss> tag and the namespace of WordPress exports."""
    # Null bytes are removed, so that ASCII text is also found in files that are encoded in UTF-16.
    start = source.read_start().replace(b"\0", b"")
    return b"<rss" in start and _EXPORT_NAMESPACE in start


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """Convert an item to a user, a tag or a post, and add notes about changed and skipped values.

    Raises InvalidError if the item is too long.
    """
    notes = ItemNotes(item.source, item.position)
    add_note = notes.add
    imported = ImportedItem(source=item.source, position=item.position)
    match item.content:
        case RepairedLine():
            add_note(NoteCode.XML_REPAIRED, "the line was not well-formed and was repaired")
        case PostItem(element=element) if element.is_cut:
            raise InvalidError(f"{_describe_item(element)} is too long")
        case PostItem(element=element) if _is_post(element, add_note):
            post, users = read_post(item.content, options, add_note)
            imported = replace(imported, post=post, people=users)
        case AuthorItem() as author:
            imported = replace(imported, people=(_read_user(author, add_note),))
        case Element() as term:
            own_tag = load_tag(term)
            imported = replace(imported, tags=(own_tag,) if own_tag else read_term_tags(term, add_note))
    return replace(imported, notes=notes.all())


def _read_user(author: AuthorItem, on_note: OnNote) -> UserRecord:
    own_user = load_user(author.element)
    user = own_user or read_author(author.element, on_note)
    if own_user is None:
        note_unsupported_names(author.element, user, on_note)
    if author.namesake is not None:
        login = quoted(author.element.child("wp:author_login").strip())
        other_email = read_author(author.namesake, ignore_note).email
        reason = f"{user.email} and {other_email} have the same login {login}"
        on_note(NoteCode.AUTHOR_INFERRED, f"{reason}; all posts by this login are assigned to {other_email}")
    return user


# Maps post types other than `post` to the names that the user interface of WordPress shows for the types.
_KINDS = {
    "attachment": "attachment",
    "custom_css": "style sheet",
    "customize_changeset": "theme changeset",
    "nav_menu_item": "menu item",
    "page": "page",
    "revision": "revision",
    "wp_block": "reusable block",
    "wp_font_face": "font",
    "wp_font_family": "font collection",
    "wp_global_styles": "style variation",
    "wp_navigation": "menu",
    "wp_template": "template",
    "wp_template_part": "template part",
}


def _is_post(item: Element, on_note: OnNote) -> bool:
    """Return whether an item is a post. If the item is not a post, add a note that the item is not imported."""
    post_type = item.child("wp:post_type").strip() or "post"
    is_revision = post_type == "post" and item.child("wp:status").strip() == "inherit"
    if post_type == "post" and not is_revision:
        return True
    name = plain_text(item.child("title")) or f"number {item.child('wp:post_id').strip() or 'unknown'}"
    message = f"the {'revision' if is_revision else post_type} {quoted(name)} is not a post"
    kind = "revision" if is_revision else _KINDS.get(post_type, f"{post_type.replace('_', ' ')} item")
    on_note(NoteCode.NOT_IMPORTED, message, kind=kind)
    return False


def _describe_item(item: Element) -> str:
    title = plain_text(item.child("title"))
    number = item.child("wp:post_id").strip()
    identifiers = [quoted(title)] if title else []
    identifiers += [f"number {quoted(number)}"] if number else []
    return f"The item {', '.join(identifiers)}" if identifiers else "An item"
