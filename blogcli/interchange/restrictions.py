"""Recognize meta fields in which WordPress plugins restrict who may read a post.

The meta fields of known plugins are recognized by their complete keys. The meta fields of other plugins are recognized
by the words in their keys. A key that contains a word for restricted access, such as `password`, certainly restricts
the post. A key that contains only a word for groups of people, such as `role` in `team_role`, possibly restricts the
post. A meta field restricts nothing if its value is empty or allows everybody to read the post. Plugins add such meta
fields to every post.
"""

from collections.abc import Iterator
from contextlib import suppress
from enum import Enum, auto
from typing import Any

from ..text.json_text import parse_json
from .identifiers import words_of
from .php_values import is_serialized, iter_php_scalars


class Restriction(Enum):
    """The certainty with which a meta field restricts who may read a post."""

    CERTAIN = auto()
    POSSIBLE = auto()


# The keys of meta fields of known plugins, in lower case. The comment after a key names the plugin.
_KNOWN_KEYS = {
    "rcp_subscription_level", "rcp_access_level", "rcp_user_level", "_is_paid", "rcuserlevel",  # Restrict Content (Pro)
    "_members_access_role", "members_access_role",  # Members
    "um_content_restriction", "_um_custom_access_settings",  # Ultimate Member
    "s2member_ccaps_req",  # s2Member
    "pms-content-restrict-subscription-plan", "pms-content-restrict-user-status",  # Paid Member Subscriptions
    "pms-content-restrict-all-subscription-plans",  # Paid Member Subscriptions
    "wppb-content-restrict-user-status", "wppb-content-restrict-user-role",  # Profile Builder
    "_wpmem_block",  # WP-Members
    "groups-read", "groups-groups_read_post",  # Groups
    "memberful_acl", "memberful_available_to_any_registered_user",  # Memberful
    "_llms_is_restricted", "_llms_restricted_levels",  # LifterLMS
    "patreon-level",  # Patreon
    "passster_activate_protection",  # Passster
    "_issuem_leaky_paywall_visibility",  # Leaky Paywall
    "_jetpack_newsletter_access",  # Jetpack
    "_onlyloggedin",  # EventON
    "ihc_mb_who",  # Ultimate Membership Pro
    "_is4wp_membership_levels", "_is4wp_any_membership", "_is4wp_any_loggedin_user",  # Memberium
    "_wpac_is_members_only",  # WordPress Access Control
}  # fmt: skip
# Keys of meta fields that restrict access to a post even if their value is 0. ARMember stores the id of a plan whose
# members may read the post, or 0 if the members of no plan may read the post.
_KEYS_WITH_ANY_VALUE = {"arm_access_plan"}

# If the key of a meta field contains one of these words, the field certainly restricts access to the post.
_CERTAIN_WORDS = frozenset(
    "access gated loggedin membership memberships passcode passphrase password passwords paywall paywalled private "  # noqa: SIM905 - a list of literals would take one line for each word
    "protect protected protection restrict restricted restriction restrictions restricts".split()
)
# If the key of a meta field contains one of these words, the field may restrict access to the post. The restriction is
# certain if the key also contains one of `_CONFIRMING_WORDS`.
_POSSIBLE_WORDS = frozenset({"member", "members", "role", "roles", "subscriber", "subscribers"})
_CONFIRMING_WORDS = frozenset({"allowed", "level", "levels", "only", "plan", "plans", "required"})
# If the key of a meta field contains one of these words, the field restricts nothing. Such a field contains, for
# example, a message for users who may not read the post.
_OTHER_WORDS = frozenset(
    "comment comments count date email error excerpt expiry form hint label log message messages name note notes photo "  # noqa: SIM905 - a list of literals would take one line for each word
    "public redirect style teaser template text time timestamp title token tokens type url views".split()
)
# Values, in lower case, with which a meta field allows everybody to read a post.
_PUBLIC_VALUES = frozenset(
    "0 all anyone default disable disabled everybody everyone false free guest inactive inherit n no none null off "  # noqa: SIM905 - a list of literals would take one line for each word
    "open public visible".split()
)


def classify_meta(key: str, value: str) -> Restriction | None:
    """Return whether a meta field restricts its post certainly or possibly, or None if it restricts nothing."""
    if is_known_restriction(key, value):
        return Restriction.CERTAIN
    words = frozenset(words_of(key))
    if not words & (_CERTAIN_WORDS | _POSSIBLE_WORDS) or words & _OTHER_WORDS or not _is_restricting(key, value):
        return None
    is_certain = words & (_CERTAIN_WORDS | _CONFIRMING_WORDS)
    return Restriction.CERTAIN if is_certain else Restriction.POSSIBLE


def is_known_restriction(key: str, value: str) -> bool:
    """Return whether a meta field belongs to a known plugin and restricts its post."""
    name = key.strip().lower()
    if name in _KEYS_WITH_ANY_VALUE:
        return bool(value.strip())
    return name in _KNOWN_KEYS and _is_restricting(name, value)


def is_about_restriction(words: frozenset[str]) -> bool:
    """Return whether an identifier that consists of `words` names a restriction, and not its message or its date."""
    return bool(words & _CERTAIN_WORDS) and not words & _OTHER_WORDS


def _is_restricting(key: str, value: str) -> bool:
    """Return whether the value of a meta field is not empty and does not allow everybody to read the post."""
    scalars = list(_iter_scalars(value.strip()))
    # Ultimate Member stores all settings of a post in one map. The setting `_um_custom_access_settings` enables the
    # other settings in the map, so only the value of `_um_custom_access_settings` is checked.
    switches = [scalar for name, scalar in scalars if name == "_um_custom_access_settings"]
    if switches or key == "um_content_restriction":
        scalars = [("", switch) for switch in switches]
    return any(scalar.strip().lower() not in _PUBLIC_VALUES for _, scalar in scalars if scalar.strip())


def _iter_scalars(value: str) -> Iterator[tuple[str, str]]:
    if is_serialized(value):
        return iter_php_scalars(value)
    if value[:1] in ("[", "{"):
        with suppress(ValueError):
            return _iter_json_scalars("", parse_json(value))
    return iter([("", value)])


def _iter_json_scalars(key: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the value can be any JSON value
    match value:
        case dict():
            for name, inner in value.items():
                yield from _iter_json_scalars(name, inner)
        case list():
            for inner in value:
                yield from _iter_json_scalars(key, inner)
        case None:
            return
        case _:
            yield key, str(value)
