"""What may be the e-mail address of a person; pure."""

from functools import lru_cache
from hashlib import blake2b

# Reaches nobody, ever. Source: RFC 2606, section 2.
_NOWHERE = "authors.invalid"
# The longest that stands before an @. Source: RFC 5321, section 4.5.3.1.
_LONGEST = 64
_LABEL = ".org"


def email_address(text: str, *, is_deliverable: bool = True) -> str:
    """The address, normalised and in lower case.

    Raises ValueError for what cannot be one; without `is_deliverable`, one of `localhost`, `.test` or `.invalid` can.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - most commands check no address

    # With a label more, no name is one that is reserved.
    more = "" if is_deliverable else _LABEL
    try:
        valid = validate_email(text.strip() + more, check_deliverability=False, strict=True)
    except EmailNotValidError as error:
        raise ValueError(f"{text!r} is not an address: {error}") from None
    return valid.normalized.removesuffix(more).lower()


# The same few people write many posts.
@lru_cache(maxsize=1_024)
def known_address(text: str) -> str | None:
    """The address, normalised, even one that reaches nobody; None for what is none."""
    try:
        return email_address(text, is_deliverable=False)
    except ValueError:
        return None


def made_up_address(name: str) -> str:
    """The address, always the same, of a person of whom only a name or a login is known: it reaches nobody."""
    from .slugify import slug_of  # noqa: PLC0415 - the same

    address = f"{slug_of(name)[:_LONGEST].strip('-.')}@{_NOWHERE}"
    # Names without letters would all be one; not all that a slug may have may stand in an address.
    if any(map(str.isalnum, name)) and _is_normal(address):
        return address
    return f"author-{blake2b(name.encode(errors='surrogatepass'), digest_size=4).hexdigest()}@{_NOWHERE}"


def _is_normal(address: str) -> bool:
    return known_address(address) == address
