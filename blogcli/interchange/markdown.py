"""A post as a Markdown file with YAML front matter, fit to be read back."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from ..yaml_text import yaml_text


def write_markdown(
    *,
    title: str,
    slug: str,
    status: str,
    published_at: datetime | None,
    author: str,
    tags: Sequence[str],
    excerpt: str | None,
    extra: Mapping[str, Any],
    content: str,
) -> str:
    """The document, its keys in this order and then those of `extra`; the body is the content byte for byte."""
    date = published_at and published_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    known = {"title": title, "slug": slug, "status": status, "date": date, "author": author, "tags": list(tags)}
    known["excerpt"] = excerpt
    fields = {name: value for name, value in known.items() if value not in (None, [])}
    fields |= {name: value for name, value in extra.items() if name not in known}
    return f"---\n{yaml_text(fields)}---\n{content}"
