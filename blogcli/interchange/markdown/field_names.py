"""The names of the fields that generators read."""

# The most telling name first; of several, the others stay in `extra`.
PUBLISHED = ("publishDate", "published_at", "publishedAt", "pubdate", "pubDate", "published", "date")
UPDATED = ("lastmod", "updated_at", "updatedAt", "updated", "last_modified_at", "modified", "updatedDate")
CREATED = ("created_at", "createdAt", "created")
EXCERPTS = ("excerpt", "description", "summary")
LANGUAGES = ("lang", "language", "locale")
# They say nothing where they are empty.
SAYING = (
    "uuid", "title", "slug", "tags", "tag", "categories", "category", "draft", "status", "author", "authors", "by",
    *PUBLISHED, *UPDATED, *CREATED, *EXCERPTS,
)  # fmt: skip
# A line that merely has a colon is no field: one of these is. In small letters, as they are typed where no mark stands.
TELLING = frozenset(map(str.lower, SAYING)) | {
    *SAYING, *LANGUAGES, "template", "layout", "permalink", "comments", "keywords", "id",
}  # fmt: skip
