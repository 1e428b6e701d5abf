"""Tests of the methods of the model `User`."""

from tests.factories import make_user


def test_set_active_returns_whether_it_changed() -> None:
    user = make_user(is_active=True)
    assert not user.set_active(active=True)
    assert user.set_active(active=False)
    assert user.is_active is False
