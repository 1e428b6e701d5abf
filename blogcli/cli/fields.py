"""The fields of what commands print: a promise, in this order."""

from ..enums import PostGroup
from ..output.records import Columns

USERS = Columns(
    fields=("id", "email", "full_name", "is_active", "posts", "created_at", "updated_at"),
    table=("id", "email", "full_name", "is_active", "posts", "created_at"),
)
_POST = (
    *("id", "uuid", "title", "slug", "status", "author", "tags", "excerpt", "words"),
    *("published_at", "created_at", "updated_at", "trashed_at", "expires_at"),
)
POSTS = Columns(fields=_POST, table=("id", "title", "status", "published_at", "author", "tags"))
POST_DETAILS = Columns(fields=(*_POST, "content", "extra", "version"), table=POSTS.table)
POST_HITS = Columns(
    fields=(*_POST, "score", "snippet"), table=("id", "title", "status", "published_at", "author", "tags")
)
_DRAFT = ("name", "saved_at", "first_line", "path")
DRAFTS = Columns(fields=_DRAFT, table=_DRAFT)
TAGS = Columns(fields=("id", "name", "posts"), table=("id", "name", "posts"))

_OVERVIEW = (
    *("users_active", "users_inactive", "posts_draft", "posts_scheduled", "posts_published", "posts_trashed", "tags"),
    *("characters_total", "characters_average", "words_total", "words_average", "this_month", "last_month"),
)
OVERVIEWS = Columns(fields=_OVERVIEW, table=_OVERVIEW)
REVISIONS = Columns(
    fields=("revision", "down_revision", "message", "is_head", "is_current"),
    table=("revision", "message", "is_head", "is_current"),
)
_DATABASE = ("database", "source", "revision", "head", "users", "posts", "tags", "size", "server", "round_trip")
DATABASES = Columns(fields=_DATABASE, table=_DATABASE)
PROBLEMS = Columns(fields=("code", "text", "repair"), table=("code", "text", "repair"))

# What --fields may name, by command, else by noun.
_OF_COMMANDS = {
    "post create": POST_DETAILS.fields,
    "post search": POST_HITS.fields,
    "post show": POST_DETAILS.fields,
    "post": POSTS.fields,
    "user": USERS.fields,
    "tag": TAGS.fields,
    "stats overview": OVERVIEWS.fields,
    "stats posts": (*PostGroup, "posts", "words"),
    "db check": PROBLEMS.fields,
    "db status": DATABASES.fields,
    "db": REVISIONS.fields,
}


def fields_of(command: str) -> tuple[str, ...]:
    """The fields that a command, such as `post list`, can print."""
    return _OF_COMMANDS.get(command) or _OF_COMMANDS.get(command.partition(" ")[0], ())
