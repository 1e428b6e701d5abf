"""Who wrote a post, as generators name them: texts, lists and maps."""

import re
from dataclasses import dataclass

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.emails import placeholder_email
from ...notes import NoteCode
from ...records import UserRecord
from ...truncate_repr import quoted
from ..values import is_blank, text, unusable
from .reader import FieldReader

# `by` is what the Go blog says.
_NAMES = ("author", "authors", "by")
_ADDRESS = re.compile(r"[^<>\s@,;]+@[^<>\s@,;]+")
_JOINED = re.compile(r",(?: and )?| and ")


@dataclass(frozen=True, slots=True)
class _Person:
    name: str | None
    email: str | None
    # Whether there is more to be said than these two.
    is_more: bool = False


def pop_author(reader: FieldReader) -> UserRecord | None:
    """The first author, who is noted where an address had to be made up; what says more than that stays."""
    params = reader.fields.get("params")
    person = _first_person(reader)
    if person is None and isinstance(params, dict):
        person = _first_person(reader.within(params))
        if person and not params:
            del reader.fields["params"]
    return _record(person, reader) if person else None


def _first_person(reader: FieldReader) -> _Person | None:
    for name in _NAMES:
        value = reader.fields.get(name)
        if is_blank(value) or value == []:
            continue
        try:
            people = _people(name, value)
        except InvalidError as error:
            reader.on_error(NoteCode.AUTHOR_INFERRED, error)
            continue
        if not people:
            continue
        if len(people) > (len(value) if isinstance(value, list) else 1):
            reader.on_note(NoteCode.AUTHOR_INFERRED, f"{name} {quoted(value)} was read as {len(people)} people")
        if len(people) == 1 and not people[0].is_more:
            del reader.fields[name]
        return people[0]
    return None


def _people(name: str, value: JsonValue) -> list[_Person]:
    match value:
        case str():
            return [_person(typed) for typed in _separated(value, are_several=name == "authors")]
        case list():
            return [person for item in value if not is_blank(item) for person in _listed(name, item)]
        case dict():
            return _listed(name, value)
    raise unusable(name, value, "text, a list or a map")


def _listed(name: str, value: JsonValue) -> list[_Person]:
    if not isinstance(value, dict):
        return [_person(typed) for typed in _separated(text(name, value))]
    own_name, key, email = (_text_or_none(value.get(each)) for each in ("name", "key", "email"))
    # Docusaurus has the others by their keys, in a file of their own.
    full_name = own_name or key
    if not full_name and not email:
        raise unusable(name, value, "a map with a name or an email")
    said = sum(not is_blank(each) for each in value.values())
    return [_Person(full_name, email, is_more=said > bool(full_name) + bool(email))]


def _person(typed: str) -> _Person:
    name, _, rest = typed.partition("<")
    email = rest.removesuffix(">").strip() if rest else typed
    if not _ADDRESS.fullmatch(email):
        return _Person(typed, None)
    return _Person(name.strip(' "') or None if rest else None, email)


def _separated(typed: str, *, are_several: bool = False) -> list[str]:
    line = " ".join(typed.split())
    # A single comma may stand between a family name and a given one, but not, for Pelican, where it says `authors`.
    are_joined = "," in line if are_several else line.count(",") > 1
    marks = ";" if ";" in line else _JOINED if are_joined or " and " in line else None
    names = [line] if marks is None else re.split(marks, line)
    return [name.strip() for name in names if name.strip()]


def _text_or_none(value: JsonValue) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _record(person: _Person, reader: FieldReader) -> UserRecord:
    email = person.email
    if email is None:
        email = placeholder_email(person.name or "")
        reader.on_note(NoteCode.AUTHOR_CREATED, f"no address of {quoted(person.name)} is known; it became {email}")
    return UserRecord(email=email, full_name=person.name, is_active=False)
