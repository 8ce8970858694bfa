"""Keys of programs: shown once, sealed at rest, dead when revoked."""

import re

import pytest

from apps.users import api_keys, services
from apps.users.errors import NoTradingAccount, TooManyApiKeys, UnknownApiKey
from apps.users.models import ApiKey
from apps.users.selectors import list_api_keys
from apps.users.types import UserRef

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> UserRef:
    user = services.register_user(email="alice@example.com", password="seven-Ducks-swim")
    services.attach_account(user_id=user.id, account_id=41)
    return user


def test_a_key_opens_with_the_secret_that_was_shown(alice: UserRef) -> None:
    issued = api_keys.create_api_key(user_id=alice.id, label="bot", permissions=("trade",))
    identity = services.authenticate_api_key(issued.row.key)
    assert identity is not None
    assert identity.secret == issued.secret.encode()
    assert (identity.account_id, identity.user_id, identity.permissions) == (41, alice.id, frozenset({"trade"}))
    assert all(re.fullmatch(r"[A-Za-z0-9]{64}", text) for text in (issued.row.key, issued.secret))


def test_the_secret_is_in_no_column_and_no_repr(alice: UserRef) -> None:
    issued = api_keys.create_api_key(user_id=alice.id, label="bot")
    row = ApiKey.objects.get()
    stored = b"|".join(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                       for value in vars(row).values())  # fmt: skip
    assert issued.secret.encode() not in stored
    identity = services.authenticate_api_key(row.key)
    assert issued.secret not in f"{issued!r}{identity!r}{list_api_keys(alice.id)!r}"


def test_a_sealed_secret_moved_to_another_key_does_not_open(alice: UserRef) -> None:
    first = api_keys.create_api_key(user_id=alice.id, label="one").row.key
    second = api_keys.create_api_key(user_id=alice.id, label="two").row.key
    source = ApiKey.objects.get(key=first)
    ApiKey.objects.filter(key=second).update(secret_sealed=source.secret_sealed, data_key_sealed=source.data_key_sealed)
    assert services.authenticate_api_key(second) is None
    assert services.authenticate_api_key(first) is not None


def test_revoked_is_dead_and_cannot_be_revoked_again(alice: UserRef) -> None:
    key = api_keys.create_api_key(user_id=alice.id, label="bot").row.key
    api_keys.revoke_api_key(user_id=alice.id, key=key)
    assert services.authenticate_api_key(key) is None
    with pytest.raises(UnknownApiKey):
        api_keys.revoke_api_key(user_id=alice.id, key=key)
    assert [row.is_active for row in list_api_keys(alice.id)] == [False]


def test_nobody_revokes_a_strangers_key(alice: UserRef) -> None:
    bob = services.register_user(email="bob@example.com", password="seven-Ducks-swim")
    key = api_keys.create_api_key(user_id=alice.id, label="bot").row.key
    with pytest.raises(UnknownApiKey):
        api_keys.revoke_api_key(user_id=bob.id, key=key)
    assert services.authenticate_api_key(key) is not None


def test_no_account_no_key() -> None:
    bob = services.register_user(email="bob@example.com", password="seven-Ducks-swim")
    with pytest.raises(NoTradingAccount):
        api_keys.create_api_key(user_id=bob.id, label="bot")


def test_an_unknown_right_is_no_right(alice: UserRef) -> None:
    with pytest.raises(ValueError, match="permission"):
        api_keys.create_api_key(user_id=alice.id, label="bot", permissions=("read", "admin"))


def test_live_keys_are_limited_and_revoking_makes_room(alice: UserRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MAX_LIVE_KEYS", 2)
    key = api_keys.create_api_key(user_id=alice.id, label="1").row.key
    api_keys.create_api_key(user_id=alice.id, label="2")
    with pytest.raises(TooManyApiKeys):
        api_keys.create_api_key(user_id=alice.id, label="3")
    api_keys.revoke_api_key(user_id=alice.id, key=key)
    assert api_keys.create_api_key(user_id=alice.id, label="3").secret


@pytest.mark.parametrize("text", ["", "x", "A" * 63, "A" * 64, "A" * 63 + "\0", "é" * 64, "' OR 1=1 --"])
def test_garbage_is_nobody(text: str) -> None:
    assert services.authenticate_api_key(text) is None
