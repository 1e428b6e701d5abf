"""Rules about posts without text, and about front matter in the text of a post."""

import re

from ..enums import CheckRule
from .records import Issue

# Matches everything that a reader does not see: comments, the tags of text elements, spaces and invisible characters.
_INVISIBLE = re.compile(
    r"<!--(?>.*?-->|.*\Z)"
    r"|</?(?:p|div|br|span|section|article|b|i|em|strong|center|font|blockquote)\b[^<>]*+>"
    r"|&(?:nbsp|#160|#xa0|zwnj|zwj|shy);"
    r"|[\s\u00ad\u200b-\u200f\u2060\ufeff]++",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = (
    r"title|date|layout|tags?|categor(?:y|ies)|author|authors|slug|draft|published|permalink|description|summary|excerpt|"
    r"keywords|status|modified|lastmod|updated|type|weight|aliases|url|image|cover|featured|comments|toc|lang|id|uuid|"
    r"published_at|subtitle"
)
# Matches the opening delimiter, which may be missing as in Hexo, and the lines up to the closing delimiter.
_DELIMITED = re.compile(
    r"[\s\ufeff]*+(?P<start>)(?P<mark>---|\+\+\+)[ \t]*+\n(?P<fields>(?:[^\n]*+\n){1,100}?)"
    r"(?P=mark)[ \t]*+(?:\n|\Z)"
)
_CLOSED = re.compile(r"[\s\ufeff]*+(?P<start>)(?P<fields>(?:[^\n]++\n){2,100}?)---[ \t]*+(?:\n|\Z)")
_FIELD = re.compile(rf"^(?:{_NAMES})[ \t]*+[:=](?:[ \t]|$)", re.IGNORECASE | re.MULTILINE)
_FIRST_FIELD = re.compile(rf"[\s\ufeff]*+(?:{_NAMES})[ \t]*+:[ \t]", re.IGNORECASE)


def check_emptiness(content: str) -> Issue | None:
    """Return an issue if a text contains nothing that a reader can see, and otherwise None."""
    position = 0
    while match := _INVISIBLE.match(content, position):
        position = match.end()
    if position < len(content):
        return None
    text = "The post has no text" if not content.strip() else "The post has no visible text"
    repair = "Write the text with `blogcli post edit`, or delete the post"
    return Issue(rule=CheckRule.EMPTY_POST, text=text, repair=repair)


def check_front_matter(content: str) -> Issue | None:
    """Return an issue if a text, whose lines end with line feeds, begins with front matter, and otherwise None."""
    block = _DELIMITED.match(content)
    # A single line above `---` is a heading, so front matter without an opening delimiter needs two fields.
    min_fields = 1 if block else 2
    if block is None and _FIRST_FIELD.match(content):
        block = _CLOSED.match(content)
    fields = _FIELD.findall(block["fields"]) if block else []
    if block is None or len(fields) < min_fields:
        return None
    return Issue(
        rule=CheckRule.FRONT_MATTER_IN_BODY,
        text=f"The text begins with front matter ({fields[0].strip()} ...)",
        repair="Move the fields to the post with `blogcli post edit`, and remove them from the text",
        line=content.count("\n", 0, block.start("start")) + 1,
    )
