"""A rule about tags whose names are nearly equal."""

import shlex
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..enums import CheckRule
from ..text.casefold import tag_key
from .records import Issue

# A shorter name is a word of its own more often than it is mistyped: `form` and `from`, `new` and `news`.
_MIN_TYPO_LENGTH = 6
_MIN_PLURAL_LENGTH = 4
# The characters that distinguish tags such as C, C++ and C#.
_SIGNIFICANT = "+#"


@dataclass(frozen=True, slots=True)
class CheckedTag:
    """A tag with the number of its posts that are not in the trash."""

    id: int
    name: str
    posts: int


def find_similar_tags(tags: Sequence[CheckedTag]) -> Iterator[tuple[CheckedTag, Issue]]:
    """Yield each tag whose name differs from the name of another tag with more posts only in small details.

    These are spaces, hyphens and other punctuation, accents of Latin letters, a plural s, and a letter that is moved by
    one or two positions. If both tags have the same number of posts, the newer one is yielded.
    """
    groups: dict[str, list[CheckedTag]] = defaultdict(list)
    for tag in tags:
        groups[_spelling_key(tag.name)].append(tag)
    for tag in tags:
        candidates = [other for key in _similar_keys(_spelling_key(tag.name)) for other in groups.get(key, ())]
        best = max((other for other in candidates if other is not tag), key=_rank, default=None)
        if best and _rank(best) > _rank(tag):
            yield tag, _issue(tag, best)


def _rank(tag: CheckedTag) -> tuple[int, int]:
    """Return a key that is greater for tags that are to be kept."""
    return tag.posts, -tag.id


def _issue(tag: CheckedTag, kept: CheckedTag) -> Issue:
    posts = "1 post" if kept.posts == 1 else f"{kept.posts:,} posts"
    return Issue(
        rule=CheckRule.SIMILAR_TAGS,
        text=f"The tag {tag.name} is similar to the tag {kept.name} ({posts})",
        repair=f"Run `blogcli tag merge {tag_reference(tag)} {tag_reference(kept)}`",
    )


def tag_reference(tag: CheckedTag) -> str:
    """Return a word for the shell that names a tag."""
    is_safe = not tag.name.startswith(("-", "id:")) and tag.name.isprintable() and "`" not in tag.name
    return shlex.quote(tag.name) if is_safe else f"id:{tag.id}"


def _spelling_key(name: str) -> str:
    """Return the letters, digits and significant characters of a name, without accents on Latin letters."""
    letters: list[str] = []
    base = ""
    for character in unicodedata.normalize("NFD", tag_key(name)):
        if unicodedata.combining(character):
            # An accent on a letter of another script, such as the dakuten of か, makes it another letter.
            letters += [] if base.isascii() else [character]
            continue
        base = character
        is_first_dot = character == "." and not letters
        if character.isalnum() or character in _SIGNIFICANT or is_first_dot or unicodedata.category(character) == "Mc":
            letters.append(character)
    # A name that consists only of punctuation or symbols is compared as it is.
    return "".join(letters) or name


def _similar_keys(key: str) -> set[str]:
    """Return the keys of the names that count as spellings of the same word."""
    keys = {key}
    if len(key) > _MIN_PLURAL_LENGTH and key.endswith("s") and not key.endswith("ss"):
        keys.add(key[:-1])
    if len(key) >= _MIN_PLURAL_LENGTH and not key.endswith("s"):
        keys.add(f"{key}s")
    if len(key) >= _MIN_TYPO_LENGTH and key.isalpha():
        for distance in (1, 2):
            for start in range(len(key) - distance):
                end = start + distance
                before, moved, after = key[:start], key[start : end + 1], key[end + 1 :]
                keys |= {f"{before}{moved[1:]}{moved[0]}{after}", f"{before}{moved[-1]}{moved[:-1]}{after}"}
    return keys
