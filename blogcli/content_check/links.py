"""Rules about links between posts, and about the anchors in posts."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from text_unidecode import unidecode

from ..enums import CheckRule, PostStatus
from .document import Document
from .link_targets import Certainty, parse_link, parse_reference
from .records import InternalLink, Issue, PostReport

# Matches links that may be internal. A text without a match need not be parsed.
_MAY_LINK = re.compile(
    r"\](?:\(|:)\s*+<?+(?!https?:|mailto:|\s|\Z)|\bhref\s*+=\s*+[\"']?+(?!https?:|mailto:)", re.IGNORECASE
)
# Matches the links to documents in the template languages of Jekyll and Hugo.
_REFERENCE = re.compile(
    r"\{%-?+[ \t]*+post_url[ \t]++(?P<post>[^\s%{}]++)[ \t]*+-?%\}"
    r"|\{\{[<%][ \t]*+(?:rel)?ref[ \t]++(?P<page>[^\s%{}<>]++)[ \t]*+[%>]\}\}"
)
# Matches templates and the components of MDX, which can add headings and ids.
_TEMPLATE = re.compile(r"\{\{|\{%|<%|<[A-Z]\w*+[\s/>]")
# The anchors that themes, comment systems and Markdown extensions add to the page of a post.
_GENERATED_ANCHORS = re.compile(
    r"(?:top|main|content|header|footer|nav|navigation|_|[!/:].*|(?:fn|footnote|comment|respond|reply|disqus|more|cite|"
    r"ref|page|post|toc|table-of-contents).*)\Z",
    re.IGNORECASE | re.DOTALL,
)
# Shorter names are similar by chance.
_MIN_MISSPELLED_LENGTH = 6
_LAST_DIGITS = re.compile(r"\d++\Z")


@dataclass(frozen=True, slots=True)
class TargetPost:
    """The post to which a link leads."""

    id: int
    slug: str
    status: PostStatus


def may_have_internal_link(content: str) -> bool:
    """Return whether a text contains something that may be a link to another post, so that it must be parsed."""
    return bool(_MAY_LINK.search(content) or _REFERENCE.search(content))


def find_internal_links(content: str, document: Document) -> Iterator[InternalLink]:
    """Yield the links of a text that may lead to posts of the blog."""
    for link in document.links:
        target = parse_link(link.href)
        if target:
            yield InternalLink(link.line, link.href, target)
    counted = 0
    line = 1
    for reference in _REFERENCE.finditer(content):
        line += content.count("\n", counted, reference.start())
        counted = reference.start()
        target = parse_reference(reference["post"] or reference["page"], is_post=reference["post"] is not None)
        if target and not document.is_code(line, reference[0]):
            yield InternalLink(line, reference[0], target)


def anchors_of(content: str, document: Document) -> frozenset[str] | None:
    """Return the anchors of a post in a comparable form, or None if templates in the text may add others."""
    if _TEMPLATE.search(content):
        return None
    anchors = {_anchor_key(id_) for id_ in document.ids}
    for heading in document.headings:
        # Site generators omit or transliterate the letters that are not ASCII.
        ascii_letters = heading.encode("ascii", "ignore").decode()
        anchors |= {_anchor_key(heading), _anchor_key(ascii_letters), _anchor_key(unidecode(heading))}
    return frozenset(anchors)


def has_anchor(anchors: frozenset[str] | None, fragment: str) -> bool:
    """Return whether a post may have an anchor. The anchors are None if they are not known."""
    if anchors is None or not fragment or _GENERATED_ANCHORS.match(fragment):
        return True
    key = _anchor_key(fragment)
    # Site generators append numbers to the anchors of headings that occur several times.
    return key in anchors or _LAST_DIGITS.sub("", key) in anchors or not key


def check_link(link: InternalLink, source: PostReport, post: TargetPost) -> Issue | None:
    """Return the issue of a link to the given post, or None if the link is correct."""
    if post.status is PostStatus.TRASHED:
        text = f"The link {link.href} leads to post {post.id}, which is in the trash"
        repair = f"Change the link, or run `blogcli post restore {post.id}`"
        return Issue(rule=CheckRule.BROKEN_LINK, text=text, repair=repair, line=link.line)
    if source.is_public and post.status is not PostStatus.PUBLISHED:
        text = f"The link {link.href} of a published post leads to post {post.id}, which is not public ({post.status})"
        repair = f"Run `blogcli post publish {post.id}`, or remove the link"
        return Issue(rule=CheckRule.LINK_TO_UNPUBLISHED, text=text, repair=repair, line=link.line)
    return None


def check_missing_post(link: InternalLink, similar_slug: str | None) -> Issue | None:
    """Return the issue of a link to a post that does not exist, or None if the link may lead to anything.

    `similar_slug` is the slug of a post of which the link may contain a misspelling.
    """
    if link.target.certainty is Certainty.ANYTHING:
        return None
    if similar_slug is None and link.target.certainty is Certainty.POST_OR_PAGE:
        text = f"The link {link.href} leads to no post; it may lead to a page"
        repair = "Correct the link, or list the page in the setting `pages`"
        return Issue(rule=CheckRule.UNRESOLVED_LINK, text=text, repair=repair, line=link.line)
    text = f"The link {link.href} leads to a post that does not exist"
    repair = f"Correct the link: there is a post {similar_slug}" if similar_slug else "Correct or remove the link"
    return Issue(rule=CheckRule.BROKEN_LINK, text=text, repair=repair, line=link.line)


def is_misspelling(slug: str, other: str) -> bool:
    """Return whether two slugs differ in one letter, or in the order of two adjacent letters.

    Slugs with different digits, such as `part-1` and `part-2`, are different words.
    """
    if len(slug) < _MIN_MISSPELLED_LENGTH or abs(len(slug) - len(other)) > 1 or slug == other:
        return False
    if [letter for letter in slug if letter.isdecimal()] != [letter for letter in other if letter.isdecimal()]:
        return False
    pairs = enumerate(zip(slug, other, strict=False))
    start = next((number for number, (letter, other_letter) in pairs if letter != other_letter), len(slug))
    longer, shorter = (slug, other) if len(slug) >= len(other) else (other, slug)
    if len(longer) > len(shorter):
        return longer[start + 1 :] == shorter[start:]
    is_swapped = longer[start : start + 2] == shorter[start : start + 2][::-1]
    return longer[start + 1 :] == shorter[start + 1 :] or (is_swapped and longer[start + 2 :] == shorter[start + 2 :])


def check_anchor(link: InternalLink, anchors: frozenset[str] | None) -> Issue | None:
    """Return the issue of a link whose anchor is not in its post, or None if the link has no anchor or is correct."""
    if has_anchor(anchors, link.target.fragment):
        return None
    text = f"The link {link.href} leads to an anchor that does not exist"
    return Issue(
        rule=CheckRule.BROKEN_ANCHOR, text=text, repair="Change the link to an existing heading", line=link.line
    )


def _anchor_key(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(character for character in folded if character.isalnum())
