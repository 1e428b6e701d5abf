"""Write all posts as JSON Lines, as the baseline of `listing.py` for streams.

The script uses only sqlite3, and calls `json.dumps` in a loop.
"""

import json
import sqlite3
import sys

FIELDS = (
    *("id", "uuid", "title", "slug", "status", "author", "tags", "excerpt", "words"),
    *("published_at", "created_at", "updated_at", "trashed_at"),
)
STATEMENT = """
    SELECT p.id, uuid, title, slug, status, email,
    (SELECT json_group_array(name) FROM tags JOIN post_tags ON tag_id = tags.id WHERE post_id = p.id),
    excerpt, words, published_at, p.created_at, p.updated_at, trashed_at
    FROM posts p JOIN users u ON u.id = author_id WHERE trashed_at IS NULL
    ORDER BY coalesce(published_at, p.created_at) DESC, p.id DESC
"""

connection = sqlite3.connect(sys.argv[1])
for row in connection.execute(STATEMENT):
    record = dict(zip(FIELDS, row, strict=True))
    record["tags"] = json.loads(record["tags"])
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
