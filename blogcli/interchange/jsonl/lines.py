"""The version of the format, and the types and fields of the records in a JSON Lines file."""

from dataclasses import fields

from ..records import PostRecord, Record, TagRecord, UserRecord

VERSION = 1
# The name of each type of record in the field "type" of a line.
TYPE_NAMES: dict[type[Record], str] = {UserRecord: "user", TagRecord: "tag", PostRecord: "post"}
TYPES = {name: type_ for type_, name in TYPE_NAMES.items()}
FIELD_NAMES = {type_: [field.name for field in fields(type_)] for type_ in TYPE_NAMES}
