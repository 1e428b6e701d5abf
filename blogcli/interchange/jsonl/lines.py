"""The version of the JSON Lines format of blogcli, and the types and fields of the records in a file."""

from dataclasses import fields

from ..records import PostRecord, Record, TagRecord, UserRecord

VERSION = 1
# Maps each type of record to the value of the field "type" in the lines that contain such records.
TYPE_NAMES: dict[type[Record], str] = {UserRecord: "user", TagRecord: "tag", PostRecord: "post"}
TYPES = {name: type_ for type_, name in TYPE_NAMES.items()}
FIELD_NAMES = {type_: [field.name for field in fields(type_)] for type_ in TYPE_NAMES}
