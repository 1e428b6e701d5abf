"""Rules of plugins that are items of an export themselves, and restrict who reads other items of it."""

from dataclasses import dataclass, field
from typing import Final

from .extra_fields import meta_of
from .xml_reader import Element

# Of MemberPress, whose rules say what they restrict; of Content Control and Restrict User Access, whose rules name
# conditions that only the plugin understands.
_MEMBERPRESS: Final = "memberpressrule"
_OTHERS: Final = {"cc_restriction", "restriction"}
# Types of MemberPress's rules that may be about any post.
_FOR_MANY: Final = {"all", "all_posts", "custom"}
_TAXONOMIES: Final = {"category": "category", "tag": "post_tag"}


@dataclass
class Rules:
    """The rules of an export: which posts, which categories and tags, and whether all posts are restricted."""

    posts: set[tuple[str, str]] = field(default_factory=set)
    terms: set[tuple[str, str]] = field(default_factory=set)
    # Slugs of categories and tags, by their taxonomy and number.
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    for_all: str | None = None

    def note_term(self, term: Element) -> None:
        """Remember under which slug posts name a category or a tag."""
        for name, taxonomy in _TAXONOMIES.items():
            slug = term.child("wp:category_nicename" if name == "category" else "wp:tag_slug").strip()
            if slug and term.name == f"wp:{name}":
                self.slugs[taxonomy, term.child("wp:term_id").strip()] = slug

    def note_item(self, item: Element, blog: str) -> None:
        """Remember what an item restricts, if it is a rule that is in force."""
        kind = item.child("wp:post_type").strip()
        if item.child("wp:status").strip() != "publish":
            return
        if kind in _OTHERS:
            self.for_all = f"the rule {item.child('title').strip()!r} of a plugin ({kind})"
        if kind != _MEMBERPRESS:
            return
        said, content = meta_of(item, "_mepr_rules_type").strip(), meta_of(item, "_mepr_rules_content").strip()
        if said == "single_post":
            self.posts.add((blog, content))
        elif said in _TAXONOMIES:
            self.terms.add((_TAXONOMIES[said], content))
        elif said in _FOR_MANY or said.startswith("all_tax_") or said.endswith("cpt_post"):
            self.for_all = f"the rule {item.child('title').strip()!r} of MemberPress"

    def reason_for(self, item: Element, blog: str) -> str | None:
        """Return which rule restricts an item; None if none does."""
        if (blog, item.child("wp:post_id").strip()) in self.posts:
            return "a rule of MemberPress"
        if self.terms and self._has_restricted_term(item):
            return "a rule of MemberPress for its category or tag"
        return self.for_all

    def _has_restricted_term(self, item: Element) -> bool:
        slugs = {(taxonomy, self.slugs.get((taxonomy, number))) for taxonomy, number in self.terms}
        # A term that the export does not hold may be any.
        if any(slug is None for _, slug in slugs):
            return True
        named = (each.attributes for each in item.children if each.name == "category")
        return any((each.get("domain", ""), each.get("nicename", "")) in slugs for each in named)
