"""Keys of programs: shown once, sealed at rest, dead when revoked."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.utils import timezone

from apps.users import api_keys, services
from apps.users.errors import (
    AddressListNeeded,
    InvalidAddress,
    InvalidExpiry,
    InvalidPublicKey,
    NoTradingAccount,
    TooManyApiKeys,
    UnknownApiKey,
)
from apps.users.models import ApiKey
from apps.users.selectors import get_ended_keys, list_api_keys
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


def test_a_key_is_of_one_account_and_each_account_has_its_own_number_of_them(
    alice: UserRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_LIVE_KEYS", 1)
    main = api_keys.create_api_key(user_id=alice.id, label="main").row
    other = api_keys.create_api_key(user_id=alice.id, label="other", account_id=57).row
    assert (main.account_id, other.account_id) == (41, 57)
    identity = services.authenticate_api_key(other.key)
    assert identity is not None
    assert (identity.account_id, identity.user_id) == (57, alice.id)
    with pytest.raises(TooManyApiKeys):
        api_keys.create_api_key(user_id=alice.id, label="another", account_id=57)


@pytest.mark.parametrize("text", ["", "x", "A" * 63, "A" * 64, "A" * 63 + "\0", "é" * 64, "' OR 1=1 --"])
def test_garbage_is_nobody(text: str) -> None:
    assert services.authenticate_api_key(text) is None


# limits of a key


def pem_of(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_key_of_a_public_half_has_no_secret_anywhere(alice: UserRef) -> None:
    private = Ed25519PrivateKey.generate()
    issued = api_keys.create_api_key(user_id=alice.id, label="bot", public_key=pem_of(private))
    row = ApiKey.objects.get()
    identity = services.authenticate_api_key(issued.row.key)
    assert identity is not None
    assert (issued.secret, identity.secret, bytes(row.secret_sealed), row.kek_id) == (None, b"", b"", "")
    assert identity.public_key == private.public_key().public_bytes_raw()
    assert issued.row.key_type == "ed25519"


def foreign_pems() -> list[str]:
    private = Ed25519PrivateKey.generate()
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    return [
        secret,
        elliptic.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "x",
        "é",
        "A" * 5000,
    ]


@pytest.mark.parametrize("pem", foreign_pems())
def test_only_an_ed25519_public_key_is_taken(alice: UserRef, pem: str) -> None:
    with pytest.raises(InvalidPublicKey):
        api_keys.create_api_key(user_id=alice.id, label="bot", public_key=pem)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    ("addresses", "kept"),
    [
        (["10.1.2.3"], ["10.1.2.3/32"]),
        (["10.1.2.3/24", "10.1.2.9/24"], ["10.1.2.0/24"]),
        (["2001:DB8::1/48"], ["2001:db8::/48"]),
    ],
)
def test_addresses_are_kept_as_networks(alice: UserRef, addresses: list[str], kept: list[str]) -> None:
    row = api_keys.create_api_key(user_id=alice.id, label="bot", addresses=addresses).row
    assert list(row.addresses) == kept


@pytest.mark.parametrize(
    "address", ["", "example.com", "10.0.0.0/33", "10.0.0", "1.2.3.4; DROP", "::1%eth0/128", "٣.1.1.1"]
)
def test_what_is_no_address_is_refused(alice: UserRef, address: str) -> None:
    with pytest.raises(InvalidAddress):
        api_keys.create_api_key(user_id=alice.id, label="bot", addresses=[address])


@pytest.mark.parametrize("right", ["transfer", "withdraw"])
@pytest.mark.parametrize("addresses", [(), ("0.0.0.0/0",), ("10.0.0.0/8",), ("::/0",), ("10.1.1.1", "::/0")])
def test_rights_over_money_ask_for_a_narrow_list(alice: UserRef, right: str, addresses: tuple[str, ...]) -> None:
    with pytest.raises(AddressListNeeded):
        api_keys.create_api_key(user_id=alice.id, label="bot", permissions=("read", right), addresses=addresses)
    row = api_keys.create_api_key(user_id=alice.id, label="b", permissions=("read", right), addresses=["10.1.1.1"]).row
    assert row.permissions == ("read", right)
    with pytest.raises(AddressListNeeded):
        api_keys.change_api_key(user_id=alice.id, key=row.key, addresses=addresses)


def test_rights_over_money_are_off_by_default(alice: UserRef) -> None:
    assert api_keys.create_api_key(user_id=alice.id, label="bot").row.permissions == ("read", "trade")


def test_a_key_ends_by_itself(alice: UserRef) -> None:
    soon = timezone.now() + timedelta(hours=1)
    key = api_keys.create_api_key(user_id=alice.id, label="bot", expires_at=soon).row.key
    assert services.authenticate_api_key(key) is not None
    assert get_ended_keys([key, "x"]) == {"x"}
    with time_machine.travel(soon + timedelta(seconds=1)):
        assert services.authenticate_api_key(key) is None
        assert get_ended_keys([key]) == {key}
        with pytest.raises(InvalidExpiry):
            api_keys.create_api_key(user_id=alice.id, label="bot", expires_at=soon)
    with pytest.raises(InvalidExpiry):
        api_keys.create_api_key(user_id=alice.id, label="bot", expires_at=soon + timedelta(days=6 * 366))


def test_terms_change_and_what_is_not_named_stays(
    alice: UserRef, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    told: list[tuple[str, str]] = []
    monkeypatch.setattr("apps.users.news._publish", lambda kind, identity, account_id: told.append((kind, identity)))
    key = api_keys.create_api_key(user_id=alice.id, label="bot", instruments=["btcusdt"]).row.key
    with django_capture_on_commit_callbacks(execute=True):
        row = api_keys.change_api_key(user_id=alice.id, key=key, label="new", permissions=["read"])
    assert (row.label, row.permissions, row.instruments) == ("new", ("read",), ("BTCUSDT",))
    assert told == [("api_key", key)]
    api_keys.revoke_api_key(user_id=alice.id, key=key)
    with pytest.raises(UnknownApiKey):
        api_keys.change_api_key(user_id=alice.id, key=key, label="again")


def test_the_last_use_goes_forward_only(alice: UserRef) -> None:
    key = api_keys.create_api_key(user_id=alice.id, label="bot").row.key
    now = timezone.now()
    services.record_key_use({key: (now, "10.0.0.1"), "unknown": (now, "10.0.0.2")})
    services.record_key_use({key: (now - timedelta(seconds=5), "10.0.0.3")})
    (row,) = list_api_keys(alice.id)
    assert (row.last_used_at, row.last_used_address) == (now, "10.0.0.1")
    services.record_key_use({key: (now + timedelta(seconds=5), "local")})
    assert list_api_keys(alice.id)[0].last_used_address is None
