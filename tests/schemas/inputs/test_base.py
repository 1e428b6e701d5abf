"""Tests of the validation that several inputs share."""

import pytest

from blogcli.errors import InvalidError
from blogcli.schemas.inputs.base import Input
from blogcli.schemas.inputs.posts import PostUpdate
from blogcli.schemas.inputs.users import UserUpdate


@pytest.mark.parametrize("schema", [PostUpdate, UserUpdate])
def test_update_without_values_sets_nothing(schema: type[Input]) -> None:
    assert schema.checked().model_dump(exclude_unset=True) == {}


@pytest.mark.parametrize(
    ("schema", "field"),
    [*((PostUpdate, field) for field in ("title", "slug", "content", "status", "author")), (UserUpdate, "email")],
)
def test_update_refuses_null_for_required_field(schema: type[Input], field: str) -> None:
    with pytest.raises(InvalidError, match=f"^{field.capitalize()}: must not be null$"):
        schema.checked(**{field: None})


@pytest.mark.parametrize(
    ("schema", "field"), [(PostUpdate, "excerpt"), (PostUpdate, "published_at"), (UserUpdate, "full_name")]
)
def test_update_accepts_null_for_optional_field(schema: type[Input], field: str) -> None:
    assert schema.checked(**{field: None}).model_dump(exclude_unset=True) == {field: None}
