"""What WordPress has no place for: records as they were, beside what it is told, and put back from there.

A post is put back only where WordPress says the same of it as it was told: what somebody changed there holds.
"""

import json
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

from .. import keeping
from ..record import PostRecord, TagRecord, UserRecord
from ..xml_text import UNWRITABLE, cdata, without_unwritable
from .elements import Element
from .fields import OWN_META
from .leftovers import metas_of

NAMESPACE: Final = "urn:blogcli:export:1"
_ELEMENT: Final = "blogcli:record"
_POST: Final = f"{OWN_META}post"
_TOLD: Final = f"{OWN_META}told"
# Of an item, what a person can change in WordPress.
_TELLING: Final = (
    *("title", "content:encoded", "excerpt:encoded"),
    *("wp:post_name", "wp:status", "wp:post_date_gmt", "wp:post_password"),
)
_LINE_END: Final = re.compile(r"\r\n?")


def metas_to_restore(post: PostRecord, told: Mapping[str, str], tags: Iterable[str]) -> dict[str, str]:
    """The metas from which the post is put back: itself, and what tells these texts and tags from others."""
    texts = [_LINE_END.sub("\n", without_unwritable(told.get(name, ""))) for name in _TELLING]
    return {_POST: _writable(keeping.kept(post)), _TOLD: _digest(texts, tags)}


def restored(item: Element) -> PostRecord | None:
    """The post of our own that an item is; None for any other, and for one that was changed since."""
    metas = metas_of(item)
    if _POST not in metas:
        return None
    tags = [each.text for each in item.children if each.name == "category"]
    is_as_told = metas.get(_TOLD) == _digest([item.child(name) for name in _TELLING], tags)
    return keeping.restored_post(metas[_POST]) if is_as_told else None


def element_of_person(person: UserRecord) -> str:
    """The element from which the person is put back."""
    return cdata(_ELEMENT, _writable(keeping.kept(person)))


def restored_person(author: Element) -> UserRecord | None:
    """The person of our own that an author is; None for any other."""
    return keeping.restored_person(author.child(f"{{{NAMESPACE}}}record"))


def element_of_tag(tag: TagRecord) -> str:
    """The element from which the tag is put back."""
    return cdata(_ELEMENT, _writable(json.dumps(tag.name, ensure_ascii=False)))


def restored_tag(term: Element) -> TagRecord | None:
    """The tag of our own that a term is; None for any other."""
    try:
        name = json.loads(term.child(f"{{{NAMESPACE}}}record"))
    except (ValueError, RecursionError):
        return None
    return TagRecord(name=name) if isinstance(name, str) and name else None


def _digest(texts: Iterable[str], tags: Iterable[str]) -> str:
    said = json.dumps([*texts, *sorted(set(tags))])
    return blake2b(said.encode(), digest_size=16).hexdigest()


def _writable(text: str) -> str:
    # Within the texts of JSON, where alone these stand.
    return UNWRITABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
