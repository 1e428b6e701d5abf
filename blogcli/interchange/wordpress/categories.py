"""The tags of a post as <category> elements: where it came from WordPress, the categories that it had there."""

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from ...folding import tag_key
from ...titles import slug_of
from ..fitting import fitted_tag_key
from ..record import PostRecord
from .fields import Kept, maps_in, text_in
from .terms import TAG_DOMAINS, name_of_category


def categories_to_write(post: PostRecord, kept: Kept) -> Iterator[tuple[dict[str, str], str]]:
    """Attributes and texts: of its categories, but for tags that are gone, then of the tags that no category names."""
    wanted = {tag_key(name): name for name in post.tags}
    seen = set[str]()
    for each in maps_in(kept, "categories"):
        domain, named, name = (text_in(each, part) for part in ("domain", "nicename", "name"))
        key = fitted_tag_key(name_of_category(name, named))
        if domain.strip() not in TAG_DOMAINS:
            yield {"domain": domain, "nicename": named}, name
        elif key in wanted:
            seen.add(key)
            yield {"domain": domain or "category", "nicename": named or nicename(name)}, name
    for key, name in wanted.items():
        if key not in seen:
            yield {"domain": "post_tag", "nicename": nicename(name)}, escape(name, quote=False)


def nicename(name: str) -> str:
    """The name as WordPress has it in addresses."""
    return quote(slug_of(name), safe="").lower()
