"""Fields by which generators keep a post from the public, other than a status."""

from .json_values import Fields
from .values import is_blank, truth

# Of Pelican, Nikola, WordPress and Ghost: there for some, or for nobody.
NOT_PUBLIC = {"hidden", "private", "skip", "unlisted", "members", "paid", "password"}
# Fields that say the same if they say yes: of Docusaurus, Hugo, Jekyll's and Hexo's themes.
_HIDING = ("hidden", "unlisted", "private", "headless")


def hiding_fields(fields: Fields) -> list[str]:
    """The names of those that do."""
    return [*_unbuilt(fields), *_hiding(fields)]


def _hiding(fields: Fields) -> list[str]:
    names = [name for name in _HIDING if truth(fields.get(name))]
    visibility = fields.get("visibility")
    if isinstance(visibility, str) and visibility.strip().lower() in NOT_PUBLIC:
        names.append("visibility")
    # Of plugins that encrypt a post.
    if not is_blank(fields.get("password")):
        names.append("password")
    return names


def _unbuilt(fields: Fields) -> list[str]:
    """Of the fields by which Hugo, Zola and Eleventy make no page of a file, those that say so."""
    said = {"render": fields.get("render"), "permalink": fields.get("permalink")}
    for name, key in (("build", "render"), ("_build", "render"), ("permalink", "build")):
        inner = fields.get(name)
        said |= {name: inner.get(key)} if isinstance(inner, dict) else {}
    return [name for name, value in said.items() if truth(value) is False or value == "never"]
