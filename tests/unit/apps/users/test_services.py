"""Signing in and out: what works once, what ends everything, and what never says too much."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.users import services, tokens
from apps.users.api_keys import create_api_key
from apps.users.errors import EmailTaken, InvalidCredentials, InvalidToken, WeakPassword
from apps.users.models import Session, User
from apps.users.types import UserRef

pytestmark = pytest.mark.django_db
PASSWORD = "seven-Ducks-swim"


@pytest.fixture
def alice() -> UserRef:
    user = services.register_user(email="Alice@Example.com", password=PASSWORD)
    services.attach_account(user_id=user.id, account_id=41)
    return user


def test_an_email_is_one_person_whatever_its_case(alice: UserRef) -> None:
    assert alice.email == "alice@example.com"
    with pytest.raises(EmailTaken):
        services.register_user(email="ALICE@example.com", password=PASSWORD)


@pytest.mark.parametrize("password", ["short", "1234567890123", "password1234", "alice@example.com"])
def test_a_guessable_password_is_refused_with_its_reasons(password: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        services.register_user(email="alice@example.com", password=password)
    assert refusal.value.details["password"]
    assert not User.objects.exists()


def test_a_token_names_its_holder(alice: UserRef) -> None:
    pair = services.log_in(email=" alice@EXAMPLE.com", password=PASSWORD)
    identity = services.authenticate_token(pair.access)
    assert identity is not None
    assert (identity.user_id, identity.account_id, identity.session_id) == (alice.id, 41, pair.session_id)
    assert not identity.is_staff


def test_unknown_wrong_and_disabled_look_the_same(alice: UserRef) -> None:
    seen = set()
    for email, password in [("nobody@example.com", PASSWORD), ("alice@example.com", "wrong"), ("disabled", "")]:
        if email == "disabled":
            services.disable_user(user_id=alice.id)
            email, password = "alice@example.com", PASSWORD  # noqa: PLW2901
        with pytest.raises(InvalidCredentials) as refusal:
            services.log_in(email=email, password=password)
        seen.add((refusal.value.code, refusal.value.message, str(refusal.value.details)))
    assert len(seen) == 1


def test_logging_out_kills_both_tokens(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    services.log_out(session_id=pair.session_id)
    services.log_out(session_id=pair.session_id)
    assert services.authenticate_token(pair.access) is None
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=pair.refresh)


def test_a_refresh_token_works_once_and_its_reuse_kills_the_family(alice: UserRef) -> None:
    first = services.log_in(email=alice.email, password=PASSWORD)
    second = services.refresh_session(refresh_token=first.refresh)
    assert services.authenticate_token(second.access) is not None
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=first.refresh)
    assert services.authenticate_token(second.access) is None
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=second.refresh)
    assert Session.objects.get().revoke_reason == "refresh_reused"


def test_reuse_in_one_family_leaves_other_devices_alone(alice: UserRef) -> None:
    phone, laptop = (services.log_in(email=alice.email, password=PASSWORD) for _ in range(2))
    services.refresh_session(refresh_token=phone.refresh)
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=phone.refresh)
    assert services.authenticate_token(laptop.access) is not None


def test_an_expired_session_does_not_refresh(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    Session.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=pair.refresh)


def test_a_refresh_token_is_no_access_token_nor_the_other_way(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    assert services.authenticate_token(pair.refresh) is None
    with pytest.raises(InvalidToken):
        services.refresh_session(refresh_token=pair.access)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "é", "e" * 5000, "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ."])
def test_garbage_is_nobody(text: str) -> None:
    assert services.authenticate_token(text) is None


def test_a_token_under_another_key_is_nobody(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    head, body, _ = pair.access.split(".")
    assert services.authenticate_token(f"{head}.{body}.{'A' * 43}") is None
    assert tokens.read_access(pair.access).user_id == alice.id


def test_disabling_ends_sessions_and_silences_keys_until_enabled(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    key = create_api_key(user_id=alice.id, label="bot").row.key
    services.disable_user(user_id=alice.id)
    assert services.authenticate_token(pair.access) is None
    assert services.authenticate_api_key(key) is None
    assert services.enable_user(user_id=alice.id)
    assert not services.enable_user(user_id=alice.id)
    assert services.authenticate_api_key(key) is not None
    assert services.authenticate_token(pair.access) is None


def test_a_new_password_ends_every_session(alice: UserRef) -> None:
    pair = services.log_in(email=alice.email, password=PASSWORD)
    services.set_password(user_id=alice.id, password="eight-Geese-fly")
    assert services.authenticate_token(pair.access) is None
    assert services.log_in(email=alice.email, password="eight-Geese-fly").access


def test_the_first_account_stays(alice: UserRef) -> None:
    services.attach_account(user_id=alice.id, account_id=42)
    assert User.objects.get(id=alice.id).account_id == 41
