"""Collect the access rules of plugins, which are items of an export and restrict access to other items."""

from dataclasses import dataclass, field
from typing import Final

from .export_file.xml_reader import Element
from .extra_fields import get_meta

# The rules of MemberPress state which posts they restrict.
_MEMBERPRESS: Final = "memberpressrule"
# The rules of Content Control and Restrict User Access contain conditions that only the plugin can evaluate.
_OTHER_PLUGINS: Final = {"cc_restriction", "restriction"}
# These types of MemberPress rules may concern any post.
_TYPES_FOR_ANY_POST: Final = {"all", "all_posts", "custom"}
_TAXONOMIES: Final = {"category": "category", "tag": "post_tag"}


@dataclass
class RestrictionRules:
    """The posts, categories and tags that the access rules of an export restrict."""

    # Pairs of the address of a blog and the number of a post.
    posts: set[tuple[str, str]] = field(default_factory=set)
    # Pairs of a taxonomy and the number of a term.
    terms: set[tuple[str, str]] = field(default_factory=set)
    # The slugs of categories and tags by taxonomy and number.
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    # The description of a rule that restricts all posts.
    rule_for_all: str | None = None

    def add_term(self, term: Element) -> None:
        """Store the slug by which posts refer to a category or a tag."""
        for name, taxonomy in _TAXONOMIES.items():
            slug = term.child("wp:category_nicename" if name == "category" else "wp:tag_slug").strip()
            if slug and term.name == f"wp:{name}":
                self.slugs[taxonomy, term.child("wp:term_id").strip()] = slug

    def add_item(self, item: Element, blog: str) -> None:
        """Store what an item restricts if it is an active rule."""
        post_type = item.child("wp:post_type").strip()
        if item.child("wp:status").strip() != "publish":
            return
        if post_type in _OTHER_PLUGINS:
            self.rule_for_all = f"the rule {item.child('title').strip()!r} of a plugin ({post_type})"
        if post_type != _MEMBERPRESS:
            return
        rule_type = get_meta(item, "_mepr_rules_type").strip()
        target = get_meta(item, "_mepr_rules_content").strip()
        if rule_type == "single_post":
            self.posts.add((blog, target))
        elif rule_type in _TAXONOMIES:
            self.terms.add((_TAXONOMIES[rule_type], target))
        elif rule_type in _TYPES_FOR_ANY_POST or rule_type.startswith("all_tax_") or rule_type.endswith("cpt_post"):
            self.rule_for_all = f"the rule {item.child('title').strip()!r} of MemberPress"

    def find_rule(self, item: Element, blog: str) -> str | None:
        """Return a description of the rule that restricts an item, or None if no rule restricts it."""
        if (blog, item.child("wp:post_id").strip()) in self.posts:
            return "a rule of MemberPress"
        if self.terms and self._has_restricted_term(item):
            return "a rule of MemberPress for its category or tag"
        return self.rule_for_all

    def _has_restricted_term(self, item: Element) -> bool:
        terms = {(taxonomy, self.slugs.get((taxonomy, number))) for taxonomy, number in self.terms}
        # A term that the export does not contain may be assigned to any post.
        if any(slug is None for _, slug in terms):
            return True
        categories = (child.attributes for child in item.children if child.name == "category")
        return any((category.get("domain", ""), category.get("nicename", "")) in terms for category in categories)
