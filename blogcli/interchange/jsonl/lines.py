"""The lines of a JSON Lines file: their version, the kinds of records and their fields."""

from dataclasses import fields

from ..records import PostRecord, Record, TagRecord, UserRecord

VERSION = 1
KINDS: dict[type[Record], str] = {UserRecord: "user", TagRecord: "tag", PostRecord: "post"}
TYPES = {name: kind for kind, name in KINDS.items()}
FIELDS = {kind: [field.name for field in fields(kind)] for kind in KINDS}
