"""What the items of an export say."""

from dataclasses import replace

from ...errors import InvalidError
from ..entries import Entry, Item, Note, NoteCode, ReadOptions
from ..quoting import quoted
from ..sources import Source
from .elements import Element
from .mending import Mended
from .moments import Say
from .names import plain
from .people import person_of
from .posts import post_of
from .restoring import restored_person, restored_tag
from .site import PostItem
from .terms import tags_of_term

_EXPORT = b"://wordpress.org/export/"


def recognises(source: Source) -> bool:
    """Whether it is RSS with the namespace of WordPress's exports."""
    # Without the zeros of UTF-16.
    start = source.start().replace(b"\0", b"")
    return b"<rss" in start and _EXPORT in start


def read(item: Item, options: ReadOptions) -> Entry:
    """An author, a tag or a post; InvalidError for an item that nobody could hold."""
    notes: list[Note] = []

    def say(code: NoteCode, text: str) -> None:
        notes.append(Note(item.source, item.place, code, text))

    entry = Entry(source=item.source, place=item.place)
    match item.content:
        case Mended():
            say(NoteCode.MARKUP_MENDED, "the line was not well-formed; it was mended")
        case PostItem(element=element) if element.is_cut:
            raise InvalidError("An item that is longer than any post")
        case PostItem(element=element) if _is_post(element, say):
            post, people = post_of(item.content, options, say)
            entry = replace(entry, post=post, people=people)
        case Element(name="wp:author" | "wp:wp_author") as author:
            entry = replace(entry, people=(restored_person(author) or person_of(author, say),))
        case Element() as term:
            own = restored_tag(term)
            entry = replace(entry, tags=(own,) if own else tags_of_term(term, say))
    return replace(entry, notes=tuple(notes))


def _is_post(item: Element, say: Say) -> bool:
    kind, status = item.child("wp:post_type").strip() or "post", item.child("wp:status").strip()
    if kind == "post" and status != "inherit":
        return True
    name = plain(item.child("title")) or f"number {item.child('wp:post_id').strip() or 'unknown'}"
    say(NoteCode.NOT_IMPORTED, f"the {'revision' if kind == 'post' else kind} {quoted(name)} is no post")
    return False
