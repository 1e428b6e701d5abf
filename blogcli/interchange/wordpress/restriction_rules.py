"""Collect the access rules of WordPress plugins. A rule is stored as an item that restricts access to other items."""

from dataclasses import dataclass, field
from typing import Final

from .export_file.xml_reader import Element
from .extra_fields import get_meta

# The post type in which the plugin MemberPress stores its rules. Most rules name the post, the category or the tag that
# they restrict.
_MEMBERPRESS: Final = "memberpressrule"
# The post types in which the plugins Content Control and Restrict User Access store their rules. Only the plugins can
# evaluate the conditions in the rules, so every post is treated as restricted if such a rule exists.
_OTHER_PLUGINS: Final = {"cc_restriction", "restriction"}
# Every post is treated as restricted if a MemberPress rule has one of these types.
_TYPES_FOR_ANY_POST: Final = {"all", "all_posts", "custom"}
_TAXONOMIES: Final = {"category": "category", "tag": "post_tag"}


@dataclass
class RestrictionRules:
    """The posts, categories and tags that the access rules in an export restrict."""

    # Pairs of the URL of a blog and the number of a restricted post.
    posts: set[tuple[str, str]] = field(default_factory=set)
    # Pairs of a taxonomy and the number of a restricted term.
    terms: set[tuple[str, str]] = field(default_factory=set)
    # Maps a taxonomy and the number of a term to the slug of the term.
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    # A description of a rule because of which every post is treated as restricted, or None if no such rule exists.
    rule_for_all: str | None = None

    def add_term(self, term: Element) -> None:
        """Store the slug of a category or a tag, because posts refer to categories and tags by their slugs."""
        for name, taxonomy in _TAXONOMIES.items():
            slug = term.child("wp:category_nicename" if name == "category" else "wp:tag_slug").strip()
            if slug and term.name == f"wp:{name}":
                self.slugs[taxonomy, term.child("wp:term_id").strip()] = slug

    def add_item(self, item: Element, blog: str) -> None:
        """Store the posts or terms that an item restricts, if the item is an active access rule."""
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
        """Return a description of the rule that restricts an item, or None if no rule restricts the item."""
        if (blog, item.child("wp:post_id").strip()) in self.posts:
            return "a rule of MemberPress"
        if self.terms and self._has_restricted_term(item):
            return "a rule of MemberPress for its category or tag"
        return self.rule_for_all

    def _has_restricted_term(self, item: Element) -> bool:
        terms = {(taxonomy, self.slugs.get((taxonomy, number))) for taxonomy, number in self.terms}
        # The slug of a restricted term is None if the export does not contain the term. Any post may have that term.
        if any(slug is None for _, slug in terms):
            return True
        categories = (child.attributes for child in item.children if child.name == "category")
        return any((category.get("domain", ""), category.get("nicename", "")) in terms for category in categories)
