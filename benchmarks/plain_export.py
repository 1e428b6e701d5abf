"""Write all posts with their content, as the baseline of `interchange.py` for exports.

The script uses only sqlite3, and calls `json.dumps` in a loop.
"""

import json
import sqlite3
import sys
from pathlib import Path

FIELDS = (
    *("uuid", "title", "author", "slug", "content", "excerpt", "status", "tags", "extra"),
    *("published_at", "created_at", "updated_at", "trashed_at"),
)
STATEMENT = """
    SELECT uuid, title, email, slug, content, excerpt, status,
    (SELECT json_group_array(name) FROM tags JOIN post_tags ON tag_id = tags.id WHERE post_id = p.id), extra,
    published_at, p.created_at, p.updated_at, trashed_at
    FROM posts p JOIN users u ON u.id = author_id WHERE trashed_at IS NULL ORDER BY p.id
"""

connection = sqlite3.connect(sys.argv[1])
with Path(sys.argv[2]).open("w", encoding="utf-8") as file:
    for row in connection.execute(STATEMENT):
        record = dict(zip(FIELDS, row, strict=True))
        record["tags"] = json.loads(record["tags"])
        record["extra"] = json.loads(record["extra"])
        file.write(json.dumps(record, ensure_ascii=False) + "\n")
