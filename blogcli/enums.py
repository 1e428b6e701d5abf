"""Words that every layer shares."""

from enum import StrEnum


class PostStatus(StrEnum):
    """What a post is; `trashed` covers whatever it was before it went to the trash."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    TRASHED = "trashed"


class OutputFormat(StrEnum):
    """How data is written to stdout."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    TSV = "tsv"
    YAML = "yaml"
    IDS = "ids"
    COUNT = "count"


class PostGroup(StrEnum):
    """What posts can be counted by."""

    AUTHOR = "author"
    TAG = "tag"
    STATUS = "status"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class CountSort(StrEnum):
    """What counts of posts can be sorted by; the group may also be called by its own name, such as `month`."""

    GROUP = "group"
    POSTS = "posts"
    WORDS = "words"


class TextField(StrEnum):
    """Where `--contains` looks."""

    TITLE = "title"
    CONTENT = "content"
    EXCERPT = "excerpt"


class PostSort(StrEnum):
    """What posts can be sorted by; `date` is when it was published, or created where it was not."""

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
    """What users can be sorted by."""

    ID = "id"
    EMAIL = "email"
    FULL_NAME = "full_name"
    IS_ACTIVE = "is_active"
    POSTS = "posts"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


class TagSort(StrEnum):
    """What tags can be sorted by."""

    ID = "id"
    NAME = "name"
    POSTS = "posts"


class ConflictPolicy(StrEnum):
    """What an import does with a post that was edited here since the last one."""

    UPDATE = "update"
    SKIP = "skip"
    FAIL = "fail"


class Flavor(StrEnum):
    """Whose names, folders and fields exported Markdown files have."""

    PLAIN = "plain"
    JEKYLL = "jekyll"
    HUGO = "hugo"


class FeedKind(StrEnum):
    """What kinds of feeds there are."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


class IfMissing(StrEnum):
    """What a command that migrates does where there is no SQLite file."""

    CREATE = "create"
    # For a dry run: go on with a database in memory.
    PRETEND = "pretend"
    REFUSE = "refuse"


# Stands before and behind what was looked for, in the text around it, as Markdown marks what is strong.
HIT_MARK = "**"
