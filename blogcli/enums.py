"""The enumerations that all layers share."""

from enum import StrEnum


class PostStatus(StrEnum):
    """The status of a post, which is `trashed` for every post in the trash."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    TRASHED = "trashed"


class OutputFormat(StrEnum):
    """The formats of data on stdout."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    YAML = "yaml"
    IDS = "ids"
    COUNT = "count"


class PostGroup(StrEnum):
    """The properties by which posts can be grouped and counted."""

    AUTHOR = "author"
    TAG = "tag"
    STATUS = "status"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class CountSort(StrEnum):
    """The fields by which counts of posts can be sorted.

    Instead of `group`, commands also accept the name of the property, such as `month`.
    """

    GROUP = "group"
    POSTS = "posts"
    WORDS = "words"


class TextField(StrEnum):
    """The fields that `--contains` searches."""

    TITLE = "title"
    CONTENT = "content"
    EXCERPT = "excerpt"


class PostSort(StrEnum):
    """The fields by which posts can be sorted.

    `date` is the date of publication or, for a post without one, the date of creation.
    """

    ID = "id"
    DATE = "date"
    TITLE = "title"
    SLUG = "slug"
    STATUS = "status"
    AUTHOR = "author"
    WORDS = "words"
    PUBLISHED_AT = "published_at"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"
    TRASHED_AT = "trashed_at"
    EXPIRES_AT = "expires_at"


class UserSort(StrEnum):
    """The fields by which users can be sorted."""

    ID = "id"
    EMAIL = "email"
    FULL_NAME = "full_name"
    IS_ACTIVE = "is_active"
    POSTS = "posts"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class TagSort(StrEnum):
    """The fields by which tags can be sorted."""

    ID = "id"
    NAME = "name"
    POSTS = "posts"


class ConflictPolicy(StrEnum):
    """What an import does with a post that was edited in blogcli since the previous import."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


class Flavor(StrEnum):
    """The site generators whose file names, folders and field names an export of Markdown can use."""

    PLAIN = "plain"
    JEKYLL = "jekyll"
    HUGO = "hugo"


class FeedKind(StrEnum):
    """The formats of feeds."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


class IfMissing(StrEnum):
    """What a migration command does if the SQLite file does not exist."""

    CREATE = "create"
    # Use an empty database in memory, for a dry run.
    PRETEND = "pretend"
    REFUSE = "refuse"


# The mark before and after each match in a snippet. Markdown uses it for strong text.
HIT_MARK = "**"
