"""Tests of importing posts to which WordPress plugins restrict access with meta fields, shortcodes, blocks or rules."""

from pathlib import Path

import pytest

from blogcli.enums import PostStatus
from blogcli.interchange.notes import NoteCode
from blogcli.interchange.records import PostRecord
from tests.interchange.wordpress.exports import (
    codes_of,
    make_export,
    make_item,
    make_meta,
    posts_of,
    read_items,
    write_sources,
)


def serialize_map(**values: str) -> str:
    """Return a mapping of strings as the PHP function `serialize` formats it."""
    pairs = (f's:{len(name)}:"{name}";s:{len(value)}:"{value}";' for name, value in values.items())
    return f"a:{len(values)}:{{{''.join(pairs)}}}"


def read_post(folder: Path, *metas: str, content: str = "") -> tuple[PostRecord, list[NoteCode]]:
    items = read_items(write_sources(folder, make_export(make_item(*metas, content=content))))
    return posts_of(items)[0], [code for code in codes_of(items) if code is not NoteCode.CONTENT_CONVERTED]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rcp_subscription_level", "any"),
        ("rcp_subscription_level", 'a:2:{i:0;i:1;i:1;s:1:"2";}'),
        ("rcp_access_level", "3"),
        ("rcp_user_level", "Subscriber"),
        ("rcUserLevel", "Editor"),
        ("_is_paid", "1"),
        ("_members_access_role", "subscriber"),
        ("um_content_restriction", serialize_map(_um_custom_access_settings="1", _um_accessible="2")),
        ("s2member_ccaps_req", 'a:1:{i:0;s:5:"music";}'),
        ("pms-content-restrict-subscription-plan", "12"),
        ("wppb-content-restrict-user-status", "loggedin"),
        ("_wpmem_block", "1"),
        ("groups-read", "4"),
        ("memberful_acl", 'a:1:{s:12:"subscription";a:1:{i:7;i:7;}}'),
        ("_llms_is_restricted", "yes"),
        ("patreon-level", "5"),
        ("passster_activate_protection", "1"),
        ("_issuem_leaky_paywall_visibility", 'a:1:{s:15:"visibility_type";s:4:"only";}'),
        ("arm_access_plan", "0"),
        ("_onlyloggedin", "yes"),
        # The following meta fields belong to unknown plugins. They are recognized by the words in their keys.
        ("my_plugin_access_level", "gold"),
        ("_restricted_to", '["members"]'),
        ("is_private", "1"),
        ("_content_protected", "on"),
        ("page_password", "xyzzy"),
        ("members_only", "true"),
        ("required_role", "editor"),
    ],
)
def test_restricting_meta_makes_post_a_draft(tmp_path: Path, key: str, value: str) -> None:
    post, codes = read_post(tmp_path, make_meta(key, value))
    assert (post.status, codes) == (PostStatus.DRAFT, [NoteCode.NOT_PUBLIC])
    fields = post.extra["wordpress"]
    assert isinstance(fields, dict)
    assert fields["status"] == "publish"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rcp_subscription_level", ""),
        ("rcp_access_level", "None"),
        ("rcp_user_level", 'a:1:{i:0;s:3:"all";}'),
        ("_is_paid", "0"),
        ("_members_access_role", ""),
        ("_members_access_error", "For members only"),
        (
            "um_content_restriction",
            serialize_map(_um_custom_access_settings="0", _um_accessible="2", _um_access_roles="x"),
        ),
        ("um_content_restriction", 'a:2:{s:26:"_um_custom_access_settings";b:0;s:14:"_um_accessible";i:1;}'),
        ("s2member_ccaps_req", "a:0:{}"),
        ("pms-content-restrict-type", "message"),
        ("_wpmem_block", "0"),
        ("_llms_is_restricted", "no"),
        ("passster_protection_type", "password"),
        ("_issuem_leaky_paywall_visibility", 'a:2:{s:15:"visibility_type";s:7:"default";s:4:"only";a:0:{}}'),
        ("_wc_memberships_force_public", "yes"),
        ("_wc_memberships_content_restricted_message", "Join"),
        ("_access_token", "abc"),
        ("restricted_to", "[]"),
        ("restricted_to", '{"roles": [], "everyone": "0"}'),
        ("post_accessibility", "AA"),
        ("_yoast_wpseo_meta-robots-noindex", "1"),
        ("_wp_page_template", "private.php"),
        ("_edit_lock", "1:1"),
    ],
)
def test_unrestricting_meta_changes_nothing(tmp_path: Path, key: str, value: str) -> None:
    post, codes = read_post(tmp_path, make_meta(key, value))
    assert (post.status, codes) == (PostStatus.PUBLISHED, [])


@pytest.mark.parametrize(
    ("metas", "content"),
    [([make_meta("team_role", "Captain")], ""), ([make_meta("subscriber", "ann")], ""), ([], "x [restrict_below] y")],
)
def test_possible_restriction_is_reported(tmp_path: Path, metas: list[str], content: str) -> None:
    post, codes = read_post(tmp_path, *metas, content=content)
    assert (post.status, codes) == (PostStatus.PUBLISHED, [NoteCode.NOT_PUBLIC])


@pytest.mark.parametrize(
    "content",
    [
        "Open. [restrict]Secret[/restrict]",
        "[Restrict userlevel='editor']Secret[/Restrict]",
        '[membership level="1,2"]Secret[/membership]',
        "[mepr-show rules='7']Secret[/mepr-show]",
        "[members_logged_in]Secret[/members_logged_in]",
        "[um_loggedin]Secret[/um_loggedin]",
        "[wcm_restrict plans='gold']Secret[/wcm_restrict]",
        "[s2If current_user_can(access_s2member_level1)]Secret[/s2If]",
        "[swpm_protected for='2']Secret[/swpm_protected]",
        "[wlm_private 'Gold|Silver']Secret[/wlm_private]",
        "[content_control roles='editor']Secret[/content_control]",
        "[student]Secret[/student]",
        "[pms-restrict]Secret[/pms-restrict]",
        "[passster password='x']Secret[/passster]",
        "[groups_member group='Premium']Secret[/groups_member]",
        "[access role='editor']Secret[/access]",
        "[our-vip-area]Secret[/our-vip-area]",
        "<!-- wp:memberpress/protected-content --><p>x</p><!-- /wp:memberpress/protected-content -->",
        '<!-- wp:pmpro/membership {"levels":["1"]} --><p>x</p><!-- /wp:pmpro/membership -->',
        '<!-- wp:paragraph {"contentControls":{"enabled":true,"rules":{"user":{}}}} --><p>x</p><!-- /wp:paragraph -->',
        '<!-- wp:group {"restrictTo":["gold"]} --><p>x</p><!-- /wp:group -->',
        '<!-- wp:group {"llms_visibility":"enrolled"} --><p>x</p><!-- /wp:group -->',
    ],
)
def test_restricted_content_makes_post_a_draft(tmp_path: Path, content: str) -> None:
    post, codes = read_post(tmp_path, content=content)
    assert post.status is PostStatus.DRAFT
    assert NoteCode.NOT_PUBLIC in codes


@pytest.mark.parametrize(
    "content",
    [
        "[gallery ids='1,2'] [caption]x[/caption]",
        "[[restrict]Not a shortcode[/restrict]]",
        "[um_loggedout]For visitors[/um_loggedout] [visitor]x[/visitor]",
        "[member] and [private] are words in brackets, as here [1].",
        "[wpmem_login_form] [members_login_form]x[/members_login_form]",
        "[member_directory]x[/member_directory]",
        "<!-- wp:list --><ul><li>x</li></ul><!-- /wp:list -->",
        '<!-- wp:group {"contentControls":{"enabled":false},"llms_visibility":"all"} --><p>x</p><!-- /wp:group -->',
        '<!-- wp:group {"isPrivate":false,"role":"main"} --><p>x</p><!-- /wp:group -->',
    ],
)
def test_unrestricted_content_stays_public(tmp_path: Path, content: str) -> None:
    assert read_post(tmp_path, content=content)[0].status is PostStatus.PUBLISHED


def make_rule(kind: str, content: str = "") -> str:
    metas = (make_meta("_mepr_rules_type", kind), make_meta("_mepr_rules_content", content))
    return make_item(*metas, title="A rule", post_type="memberpressrule", post_id="9")


CATEGORY = "<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>gold</wp:category_nicename></wp:category>"
IN_GOLD = '<category domain="category" nicename="gold">Gold</category>'


@pytest.mark.parametrize(
    ("rule", "drafts"),
    [
        (make_rule("single_post", "1"), {"One"}),
        (make_rule("category", "5"), {"Two"}),
        (make_rule("category", "6"), {"One", "Two"}),
        (make_rule("all_posts"), {"One", "Two"}),
        (make_rule("custom", "/secret"), {"One", "Two"}),
        (make_rule("single_page", "1"), set()),
        (make_rule("partial"), set()),
        (make_item(title="A rule", post_type="cc_restriction", post_id="9"), {"One", "Two"}),
        (make_item(title="A rule", post_type="cc_restriction", post_id="9", status="draft"), set()),
    ],
)
def test_restriction_rules_make_posts_drafts(tmp_path: Path, rule: str, drafts: set[str]) -> None:
    items_xml = (make_item(title="One"), make_item(IN_GOLD, title="Two", post_id="2"), rule)
    posts = posts_of(read_items(write_sources(tmp_path, make_export(CATEGORY, *items_xml))))
    assert {post.title for post in posts if post.status is PostStatus.DRAFT} == drafts
