"""Normalize e-mail addresses, and make placeholders for unknown addresses."""

from functools import lru_cache
from hashlib import blake2b

# A domain that can never exist, according to section 2 of RFC 2606.
_PLACEHOLDER_DOMAIN = "authors.invalid"
# The maximum length of the part before the @, according to section 4.5.3.1 of RFC 5321.
_MAX_LOCAL_PART = 64
_EXTRA_LABEL = ".org"


def normalize_email(text: str, *, is_deliverable: bool = True) -> str:
    """Return a normalized e-mail address in lower case.

    Raises ValueError if `text` is not an address. Reserved domains such as `localhost`, `.test` and `.invalid` are
    accepted only if `is_deliverable` is false.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - most commands do not validate addresses

    # The library rejects reserved domains such as `localhost`, but not `localhost.org`. So a label is appended to the
    # domain before the validation, and the label is removed after the validation.
    extra_label = "" if is_deliverable else _EXTRA_LABEL
    try:
        valid = validate_email(text.strip() + extra_label, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an e-mail address: {error}") from None
    return valid.normalized.removesuffix(extra_label).lower()


# The cache is useful because an import contains many posts by few authors.
@lru_cache(maxsize=1_024)
def normalize_email_or_none(text: str) -> str | None:
    """Return a normalized e-mail address, or None if `text` is not an address. Reserved domains are accepted."""
    try:
        return normalize_email(text, is_deliverable=False)
    except ValueError:
        return None


def placeholder_email(name: str) -> str:
    """Return an undeliverable address for a person whose address is not known.

    `name` is the name or the login of the person. Equal names have equal addresses.
    """
    from .slugify import slugify_title  # noqa: PLC0415 - most commands do not make slugs

    address = f"{slugify_title(name)[:_MAX_LOCAL_PART].strip('-.')}@{_PLACEHOLDER_DOMAIN}"
    # All names without letters and digits have the same slug, and some slugs contain characters that are invalid in an
    # address. In both cases, the address contains a hash of the name instead of the slug.
    if any(map(str.isalnum, name)) and _is_normal(address):
        return address
    return f"author-{blake2b(name.encode(errors='surrogatepass'), digest_size=4).hexdigest()}@{_PLACEHOLDER_DOMAIN}"


def _is_normal(address: str) -> bool:
    return normalize_email_or_none(address) == address
