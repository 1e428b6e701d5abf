"""Read the author of a post from front matter fields whose values may be strings, lists or maps."""

import re
from dataclasses import dataclass

from pydantic import JsonValue

from ....errors import InvalidError
from ....text.emails import placeholder_email
from ....text.truncate_repr import quoted
from ...notes import NoteCode
from ...records import UserRecord
from ..values import invalid_value, is_blank, text
from .reader import FieldReader

# The names of the fields that contain authors. The blog of the Go project uses `by`.
_NAMES = ("author", "authors", "by")
_EMAIL = re.compile(r"[^<>\s@,;]+@[^<>\s@,;]+")
_SEPARATOR = re.compile(r",(?: and )?| and ")


@dataclass(frozen=True, slots=True)
class _Person:
    name: str | None
    email: str | None
    # Whether the value of the field contains more than the name and the e-mail address.
    has_more: bool = False


def pop_author(reader: FieldReader) -> UserRecord | None:
    """Return the first author of a post, or None if no field names an author.

    The field is removed if it contains only the name and the e-mail address of one person. If the first author has no
    e-mail address, a placeholder address is generated, and a note is added.
    """
    person = _first_person(reader)
    params = reader.fields.get("params")
    if person is None and isinstance(params, dict):
        person = _first_person(reader.within(params))
        if person and not params:
            del reader.fields["params"]
    return _user_record(person, reader) if person else None


def _first_person(reader: FieldReader) -> _Person | None:
    for name in _NAMES:
        value = reader.fields.get(name)
        if is_blank(value) or value == []:
            continue
        try:
            people = _read_people(name, value)
        except InvalidError as error:
            reader.on_error(NoteCode.AUTHOR_INFERRED, error)
            continue
        if not people:
            continue
        if len(people) > (len(value) if isinstance(value, list) else 1):
            reader.on_note(NoteCode.AUTHOR_INFERRED, f"{name} {quoted(value)} was read as {len(people)} people")
        if len(people) == 1 and not people[0].has_more:
            del reader.fields[name]
        return people[0]
    return None


def _read_people(name: str, value: JsonValue) -> list[_Person]:
    match value:
        case str():
            return [_parse_person(typed) for typed in _split_names(value, may_be_several=name == "authors")]
        case list():
            return [person for item in value if not is_blank(item) for person in _read_list_item(name, item)]
        case dict():
            return [_read_map(name, value)]
    raise invalid_value(name, value, "text, a list or a map")


def _read_list_item(name: str, item: JsonValue) -> list[_Person]:
    if isinstance(item, dict):
        return [_read_map(name, item)]
    return [_parse_person(typed) for typed in _split_names(text(name, item))]


def _read_map(name: str, value: dict[str, JsonValue]) -> _Person:
    # In Docusaurus, the authors are described in a separate file, and `key` is the key of an author in that file.
    full_name = _stripped_or_none(value.get("name")) or _stripped_or_none(value.get("key"))
    email = _stripped_or_none(value.get("email"))
    if not full_name and not email:
        raise invalid_value(name, value, "a map with a name or an email")
    count = sum(not is_blank(item) for item in value.values())
    return _Person(full_name, email, has_more=count > bool(full_name) + bool(email))


def _parse_person(typed: str) -> _Person:
    """Parse a name, an e-mail address, or both in the form `Ann <ann@example.org>`."""
    name, bracket, address = typed.partition("<")
    email = address.removesuffix(">").strip() if bracket else typed
    if not _EMAIL.fullmatch(email):
        return _Person(typed, None)
    return _Person(name.strip(' "') or None if bracket else None, email)


def _split_names(typed: str, *, may_be_several: bool = False) -> list[str]:
    line = " ".join(typed.split())
    # A single comma may separate a family name from a given name, except in the `authors` field of Pelican.
    has_commas = "," in line if may_be_several else line.count(",") > 1
    if ";" in line:
        names = line.split(";")
    elif has_commas or " and " in line:
        names = _SEPARATOR.split(line)
    else:
        names = [line]
    return [name.strip() for name in names if name.strip()]


def _stripped_or_none(value: JsonValue) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _user_record(person: _Person, reader: FieldReader) -> UserRecord:
    email = person.email
    if email is None:
        email = placeholder_email(person.name or "")
        reader.on_note(NoteCode.AUTHOR_CREATED, f"{quoted(person.name)} has no e-mail address; created as {email}")
    return UserRecord(email=email, full_name=person.name, is_active=False)
