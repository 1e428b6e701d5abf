"""What the items of an export say."""

from dataclasses import replace

from ...errors import InvalidError
from ..items import ImportedItem, RawItem, ReadOptions
from ..notes import Note, NoteCode
from ..records import UserRecord
from ..sources import Source
from ..truncate_repr import quoted
from .authors import person_of, say_left_out
from .character_references import plain
from .dates import Say, silent
from .embedding import restored_person, restored_tag
from .posts import post_of
from .site import AuthorItem, PostItem, scan
from .taxonomies import tags_of_term
from .xml_reader import Element
from .xml_repair import Mended

__all__ = ["detect", "read", "scan"]

_EXPORT = b"://wordpress.org/export/"


def detect(source: Source) -> bool:
    """Whether it is RSS with the namespace of WordPress's exports."""
    # Without the zeros of UTF-16.
    start = source.start().replace(b"\0", b"")
    return b"<rss" in start and _EXPORT in start


def read(item: RawItem, options: ReadOptions) -> ImportedItem:
    """An author, a tag or a post; InvalidError for an item that nobody could hold."""
    notes: list[Note] = []

    def say(code: NoteCode, text: str) -> None:
        notes.append(Note(item.source, item.position, code, text))

    entry = ImportedItem(source=item.source, position=item.position)
    match item.content:
        case Mended():
            say(NoteCode.XML_REPAIRED, "the line was not well-formed; it was mended")
        case PostItem(element=element) if element.is_cut:
            raise InvalidError(f"{_named(element)} is longer than any post")
        case PostItem(element=element) if _is_post(element, say):
            post, people = post_of(item.content, options, say)
            entry = replace(entry, post=post, people=people)
        case AuthorItem() as author:
            entry = replace(entry, people=(_person(author, say),))
        case Element() as term:
            own = restored_tag(term)
            entry = replace(entry, tags=(own,) if own else tags_of_term(term, say))
    return replace(entry, notes=tuple(notes))


def _person(author: AuthorItem, say: Say) -> UserRecord:
    own = restored_person(author.element)
    person = own or person_of(author.element, say)
    if own is None:
        say_left_out(author.element, person, say)
    if author.namesake is not None:
        login = quoted(author.element.child("wp:author_login").strip())
        other = person_of(author.namesake, silent).email
        say(NoteCode.AUTHOR_INFERRED, f"{person.email} has the login {login} of {other}, who is taken for its author")
    return person


def _is_post(item: Element, say: Say) -> bool:
    kind, status = item.child("wp:post_type").strip() or "post", item.child("wp:status").strip()
    if kind == "post" and status != "inherit":
        return True
    name = plain(item.child("title")) or f"number {item.child('wp:post_id').strip() or 'unknown'}"
    say(NoteCode.NOT_IMPORTED, f"the {'revision' if kind == 'post' else kind} {quoted(name)} is no post")
    return False


def _named(item: Element) -> str:
    title, number = plain(item.child("title")), item.child("wp:post_id").strip()
    known = [quoted(title)] if title else []
    known += [f"number {quoted(number)}"] if number else []
    return f"The item {', '.join(known)}" if known else "An item"
