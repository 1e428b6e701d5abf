"""Find front matter fields, other than `status`, `draft` and `published`, that hide a post from the public.

The rules are the same for all site generators. The rules examine the words in the name of a field instead of using a
list of names, so that private posts of an unknown site generator stay private:

1. The name of a field is split into words. The names `isDraft`, `is_draft` and `is-draft` are therefore equivalent.
2. A field is considered only if its name consists of known words: hiding words (`draft`, `private`, `hide`), showing
   words (`publish`, `public`, `listed`), negations (`no`, `not`) and neutral words (`is`, `post`, `from`,
   `collections`). The fields `hide_title` and `private_comments` are therefore ignored, and so are `noindex`,
   `search_exclude` and `nav_exclude`, which are about search engines and menus.
3. A field with a hiding word hides the post if the value is true. A field with a showing word hides the post if the
   value is false or `never`. A negation in the name inverts the meaning. If a showing word precedes a hiding word in
   the name, as in `show_drafts`, the field is ignored, because the field is about other posts.
4. The field `visibility` hides the post unless the value means that everybody can see the post. A field such as `state`
   or `stage` hides the post if the value is a hiding word. A password hides the post.
5. The rules also apply to fields in maps that only group fields, such as `params` in Hugo and `extra` in Zola. Metadata
   of WordPress plugins that restrict access is recognized too, because tools that export posts from WordPress write
   this metadata into front matter.
6. The fields `build`, `_build`, `render` and `permalink` hide the post if they instruct Hugo, Zola or Eleventy not to
   write a page for the post or not to list the post.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue

from ..identifiers import words_of
from ..restrictions import is_known_restriction
from .values import Fields, is_blank, truth

# Words that mark a post as not public. The status and visibility fields of Pelican, Nikola, WordPress, Ghost and other
# programs contain these words.
NOT_PUBLIC = {"hidden", "private", "skip", "unlisted", "members", "paid", "password"}

_HIDING = frozenset(
    "confidential deleted disabled draft drafts embargoed encrypt encrypted exclude excluded excludes expired headless "  # noqa: SIM905 - a list of literals takes a line per word
    "hidden hide hides ignore ignored inactive internal invisible locked member members offline paid paywall paywalled "
    "pending premium private privately protect protected removed restricted secret skip skipped subscriber subscribers "
    "trash trashed unfinished unlist unlisted unpublish unpublished unreleased wip withdrawn".split()
)
_SHOWING = frozenset(
    "active approved discoverable display displayed enabled list listed live online output public publicly publish "  # noqa: SIM905 - a list of literals takes a line per word
    "publishable published publishing ready released render rendered show shown shows visible".split()
)
_NEGATIONS = frozenset({"no", "non", "not", "never", "dont"})
_NEUTRAL = frozenset(
    "are article as be been blog content do doc document does entry everywhere file flag has is item make mark marked "  # noqa: SIM905 - a list of literals takes a line per word
    "must my note only page post set should site status the this to web website eleventy jekyll hugo hexo astro gatsby "
    "obsidian".split()
)
_PREPOSITIONS = frozenset({"at", "by", "for", "from", "in", "on", "to", "with"})
# Words for places where posts are listed. A field name with such a word is considered only if it also contains a
# preposition: `show_in_feed` is about the post, but `show_feed` is about a link to the feed.
_LISTINGS = frozenset(
    "all archive archives collection collections feed feeds front home homepage listing listings lists main rss "  # noqa: SIM905 - a list of literals takes a line per word
    "frontpage".split()
)
# Matches words that are joined without a separator, such as `isdraft`, `nopublish` and `membersonly`.
_JOINED = re.compile(rf"(is|no|not|non|dont)??({'|'.join(sorted(_HIDING | _SHOWING))})(only)?")
_KNOWN_WORDS = _HIDING | _SHOWING | _NEGATIONS | _NEUTRAL | _PREPOSITIONS | _LISTINGS

# A field whose name contains one of these words may contain the state of a post.
_STATES = frozenset({"access", "publication", "publish", "publishing", "stage", "state", "status", "workflow"})
_VISIBILITY = frozenset({"visibility"})
_PASSWORDS = frozenset({"passcode", "passphrase", "password", "passwd"})
# The words in the field `visibility` that do not hide the post.
_PUBLIC = {
    "all", "always", "anyone", "everybody", "everyone", "default", "listed", "open", "public", "published", "visible",
}  # fmt: skip
_YES = {"1", "always", "t", "y"}
_NO = {"0", "f", "n", "never", "nobody", "none"}
# The names of maps that only group fields.
_MAPS = {
    "attributes", "custom", "data", "extra", "frontmatter", "meta", "metadata", "options", "page", "params", "post",
    "settings",
}  # fmt: skip
_MAX_DEPTH = 3


def hiding_fields(fields: Fields) -> list[str]:
    """Return the names of the fields that hide a post.

    If a field is in a map, the name of the map is put before the name of the field, as in `params.private`.
    """
    hiding = [name for name, is_hiding in _visibility_fields(fields) if is_hiding]
    return list(dict.fromkeys([*_fields_without_page(fields), *hiding]))


def states_public(fields: Fields) -> bool:
    """Return whether any of the fields says explicitly that the post is public."""
    return any(not is_hiding for _, is_hiding in _visibility_fields(fields))


def _visibility_fields(fields: Fields, prefix: str = "", depth: int = 1) -> Iterator[tuple[str, bool]]:
    """Yield the name of each field that determines who can see the post, and whether the field hides the post."""
    for name, value in fields.items():
        if isinstance(value, dict):
            if depth < _MAX_DEPTH and name.lower() in _MAPS:
                yield from _visibility_fields(value, f"{prefix}{name}.", depth + 1)
            continue
        is_hiding = _is_hiding(name, value, is_nested=bool(prefix))
        if is_hiding is not None:
            yield f"{prefix}{name}", is_hiding


def _is_hiding(name: str, value: JsonValue, *, is_nested: bool) -> bool | None:
    """Return True if a field hides the post, False if it shows the post, and None if it is about something else."""
    if is_blank(value) or (name == "status" and not is_nested):
        return None
    words = frozenset(words_of(name))
    flag = _parse_flag(value)
    if words & _PASSWORDS and words <= _PASSWORDS | _NEUTRAL | _HIDING:
        return None if flag is False else True
    word = value.strip().lower() if isinstance(value, str) else ""
    if words & _VISIBILITY and words <= _VISIBILITY | _NEUTRAL:
        return flag is False or (flag is None and bool(word) and word not in _PUBLIC)
    if word in NOT_PUBLIC | _HIDING and _may_contain_state(name):
        return True
    # `fields/status.py` converts the booleans in `draft` and `published` to the status of the post, so these booleans
    # are ignored here.
    is_status = not is_nested and (name == "draft" or (name == "published" and truth(value) is not None))
    true_hides = None if is_status else _hides_if_true(name)
    if true_hides is None or flag is None:
        return True if _is_restricted(name, value) else None
    return flag is true_hides


def _may_contain_state(name: str) -> bool:
    """Return whether a field named `name` may contain a word for the state of the post, such as `private`."""
    words = frozenset(words_of(name))
    is_state = bool(words & _STATES) and words <= _STATES | _NEUTRAL
    return is_state or _hides_if_true(name) is False


@lru_cache(maxsize=10_000)
def _hides_if_true(name: str) -> bool | None:
    """Return True if a field named `name` hides the post with the value true and shows the post with the value false.

    Returns False if the two values have the opposite meanings. Returns None if the field is not about the visibility of
    the post.
    """
    words = [part for word in words_of(name) for part in _split_joined(word)]
    decisive = [word for word in words if word in _HIDING or word in _SHOWING]
    is_about_listing = not _LISTINGS.isdisjoint(words) and _PREPOSITIONS.isdisjoint(words)
    if not decisive or is_about_listing or not _KNOWN_WORDS.issuperset(words):
        return None
    is_hiding = decisive[0] in _HIDING
    if not is_hiding and not _HIDING.isdisjoint(decisive):
        return None
    is_negated = sum(word in _NEGATIONS for word in words) % 2 == 1
    return is_hiding is not is_negated


def _split_joined(word: str) -> list[str]:
    """Return the known words that are joined in `word`, or only `word` itself if it cannot be split."""
    joined = None if word in _KNOWN_WORDS else _JOINED.fullmatch(word)
    return [part for part in joined.groups() if part] if joined else [word]


def _parse_flag(value: JsonValue) -> bool | None:
    """Return the boolean that a value represents, or None if the value does not represent a boolean.

    In addition to the values that `truth` recognizes, words such as `never` and the numbers 0 and 1 are recognized.
    """
    flag = truth(value)
    if flag is not None:
        return flag
    word = str(value).strip().lower() if isinstance(value, str | int) else ""
    if word in _YES:
        return True
    return False if word in _NO else None


def _is_restricted(name: str, value: JsonValue) -> bool:
    """Return whether a field is the metadata by which a WordPress plugin restricts access to the post."""
    values = value if isinstance(value, list) else [value]
    return any(is_known_restriction(name, text) for text in values if isinstance(text, str))


def _fields_without_page(fields: Fields) -> list[str]:
    """Return the names of the fields that tell a site generator not to write a page for a post or not to list the post.

    If the instruction is in a map, such as `render` in the map `build`, the name of the map is returned.
    """
    values: Fields = {name: fields.get(name) for name in ("render", "permalink")}
    for name, key in (("build", "render"), ("_build", "render"), ("permalink", "build")):
        if isinstance(fields.get(name), dict):
            values[name] = _value_in_map(fields, name, key)
    without_page = [name for name, value in values.items() if _is_never(value)]
    unlisted = [name for name in ("build", "_build") if _is_never(_value_in_map(fields, name, "list"))]
    return without_page + unlisted


def _value_in_map(fields: Fields, name: str, key: str) -> JsonValue:
    value = fields.get(name)
    return value.get(key) if isinstance(value, dict) else None


def _is_never(value: JsonValue) -> bool:
    # If the value is `link`, Hugo determines the address of the post but writes no page.
    return truth(value) is False or value in ("never", "link")
