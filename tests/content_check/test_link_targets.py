"""Tests that internal links are recognized, and that no other link is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blogcli.content_check.link_targets import Certainty, parse_link, parse_reference, path_key, permalink_key

POST = Certainty.POST
PAGE = Certainty.POST_OR_PAGE


@pytest.mark.parametrize(
    ("href", "slug", "certainty"),
    [
        ("/hello", "hello", PAGE),
        ("hello", "hello", PAGE),
        ("hello/", "hello", PAGE),
        ("./hello", "hello", PAGE),
        ("../hello/", "hello", PAGE),
        ("/hello.html", "hello", PAGE),
        ("/hello/index.html", "hello", PAGE),
        ("/Hello", "hello", PAGE),
        ("/blog/hello", "hello", PAGE),
        ("/posts/hello/", "hello", PAGE),
        ("hello.md", "hello", POST),
        ("../posts/hello.md", "hello", POST),
        ("hello/index.md", "hello", POST),
        ("@/blog/hello.md", "hello", POST),
        ("/2024/05/31/hello/", "hello", POST),
        ("/2024/05/hello", "hello", POST),
        ("/blog/2024/05/31/hello", "hello", POST),
        ("/news/2024/05/31/hello", "hello", POST),
        ("2024-05-31-hello.md", "hello", POST),
        ("/2024-05-31-hello", "hello", POST),
        ("/%E5%86%99%E7%9C%9F", "写真", PAGE),
        ("/python-3.12", "python-3.12", PAGE),
        (" /hello ", "hello", PAGE),
    ],
)
def test_internal_link_has_slug_and_certainty(href: str, slug: str, certainty: Certainty) -> None:
    target = parse_link(href)
    assert target
    assert (target.slugs[0], target.certainty) == (slug, certainty)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "https://example.org/hello",
        "HTTP://example.org",
        "//example.org/hello",
        "mailto:ann@example.org",
        "tel:123",
        "javascript:alert(1)",
        "data:image/png;base64,AAAA",
        "#",
        "/",
        "./",
        "?page=2",
        "/?p=12",
        "{{ site.url }}/hello",
        "{% link about.md %}",
        "__GHOST_URL__/hello",
        "${url}",
        "<your-name>",
        r"\\server\share",
    ],
)
def test_other_link_is_not_internal(href: str) -> None:
    assert parse_link(href) is None


@pytest.mark.parametrize(
    "href",
    [
        "/img/tram.jpg",
        "tram.jpg",
        "/files/2024-05-31-report.pdf",
        "/uploads/2024/05/31/report",
        "/docs/install",
        "docs/install.md",
        "README.md",
        "/2024/05",
        "/2024/05/31/",
        "/2024/13/hello/there",
        "/page/2",
        "/tags",
        "/tags/python",
        "example.org/hello",
        "www.example.org",
        "/search?q=hello",
        "/hello?lang=de",
        "/feed.xml",
    ],
)
def test_link_that_may_lead_to_anything_has_no_slug(href: str) -> None:
    target = parse_link(href)
    assert target
    assert (target.slugs, target.certainty) == ((), Certainty.ANYTHING)


def test_fragment_is_decoded_and_removed_from_path() -> None:
    target = parse_link("/hello#caf%C3%A9")
    assert target
    assert (target.slugs, target.fragment, target.is_own_post) == (("hello",), "café", False)


def test_fragment_without_path_is_in_same_post() -> None:
    target = parse_link("#install")
    assert target
    assert (target.fragment, target.is_own_post) == ("install", True)


@pytest.mark.parametrize(
    ("reference", "is_post", "slug", "certainty"),
    [
        ("2024-05-31-hello", True, "hello", POST),
        ("news/2024-05-31-hello", True, "hello", POST),
        ('"hello.md"', False, "hello", POST),
        ('"/hello"', False, "hello", PAGE),
        ('"/blog/2024-05-31-hello.md"', False, "hello", POST),
    ],
)
def test_reference_has_slug(reference: str, is_post: bool, slug: str, certainty: Certainty) -> None:
    target = parse_reference(reference, is_post=is_post)
    assert target
    assert (target.slugs[0], target.certainty) == (slug, certainty)


@pytest.mark.parametrize(
    "permalink",
    [
        "/2024/hello",
        "2024/hello/",
        "/2024/Hello.html",
        "/2024/hello/index.html",
        "https://example.org/2024/hello/",
        "https://example.org/2024/hello?utm=1#top",
    ],
)
def test_spellings_of_permalink_have_equal_keys(permalink: str) -> None:
    assert permalink_key(permalink) == path_key("/2024/hello")


@given(scheme=st.from_regex(r"\A[a-z][a-z0-9+.-]{0,9}\Z"), rest=st.text())
def test_link_with_scheme_is_never_internal(scheme: str, rest: str) -> None:
    assert parse_link(f"{scheme}:{rest}") is None
    assert parse_link(f"//{rest}") is None


@given(st.text())
def test_any_text_can_be_parsed(href: str) -> None:
    target = parse_link(href)
    assert target is None or target.path or target.fragment
