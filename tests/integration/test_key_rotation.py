"""Ten thousand sealed secrets put under a new key while they are in use; stopped half way, it goes on."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings
from django_otp.oath import totp

from apps.common import sealed_rows, sealing
from apps.common.sealing import make_key, seal, use_key
from apps.users import factors
from apps.users.api_keys import create_api_key, seal_context
from apps.users.attempts import Place
from apps.users.models import ApiKey, User
from apps.users.services import attach_account, authenticate_api_key, register_user

pytestmark = pytest.mark.django_db
ROWS = 10_000


@pytest.fixture
def secrets(tmp_path: Path) -> Iterator[Path]:
    make_key(tmp_path, "1")
    with override_settings(EXCHANGE_SECRETS=tmp_path, EXCHANGE_KEK_ID="1"):
        yield tmp_path


def make_rows(count: int) -> None:
    ref = register_user(email="alice@example.com", password="seven-Ducks-swim")
    attach_account(user_id=ref.id, account_id=1)
    user = User.objects.get(id=ref.id)
    rows = []
    for number in range(count):
        row = ApiKey(key=f"{number:064d}", user=user, account_id=1, label="bot")
        sealed = seal(b"secret %d" % number, context=seal_context(row))
        row.secret_sealed, row.data_key_sealed, row.kek_id = sealed.ciphertext, sealed.data_key, sealed.kek_id
        rows.append(row)
    ApiKey.objects.bulk_create(rows, batch_size=1000)


def rotate(*arguments: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_ten_thousand_rows_change_their_key_and_keep_their_secrets(secrets: Path) -> None:
    make_rows(ROWS)
    before = bytes(ApiKey.objects.get(key=f"{77:064d}").secret_sealed)
    batches = sealed_rows.rewrap_all()
    make_key(secrets, "2")
    use_key(secrets, "2")
    first = next(batches)
    assert (first.done, first.left) == (sealed_rows.BATCH_ROWS, ROWS - sealed_rows.BATCH_ROWS)
    batches.close()  # stopped here
    for number in (0, ROWS - 1):  # one under each key
        identity = authenticate_api_key(f"{number:064d}")
        assert identity is not None
        assert identity.secret == b"secret %d" % number
    bob = register_user(email="bob@example.com", password="seven-Ducks-swim")
    attach_account(user_id=bob.id, account_id=2)
    assert ApiKey.objects.get(key=create_api_key(user_id=bob.id, label="new").row.key).kek_id == "2"
    told = rotate("--batch", "2000")
    assert f"{ROWS - sealed_rows.BATCH_ROWS} rows re-wrapped" in told
    assert not ApiKey.objects.exclude(kek_id="2").exists()
    (secrets / "kek_1").unlink()
    assert bytes(ApiKey.objects.get(key=f"{77:064d}").secret_sealed) == before
    sealing._providers.clear()  # as another process, which never read the destroyed key
    for number in range(0, ROWS, 97):
        identity = authenticate_api_key(f"{number:064d}")
        assert identity is not None
        assert identity.secret == b"secret %d" % number


def test_an_authenticator_outlives_the_key_its_secret_lay_under(secrets: Path) -> None:
    person = register_user(email="alice@example.com", password="seven-Ducks-swim")
    secret = base64.b32decode(factors.begin_totp(user_id=person.id).secret)
    factors.confirm_totp(user_id=person.id, code=f"{totp(secret, drift=-1):06d}", place=Place())
    assert "1 rows re-wrapped" in rotate("--make", "2")
    (secrets / "kek_1").unlink()
    sealing._providers.clear()
    assert factors.check_code(person.id, "totp", f"{totp(secret):06d}", place=Place())


def test_every_sealed_column_of_the_house_takes_part() -> None:
    """A model that is left out loses its secrets with the old key, and nothing says so before."""
    sealed = {model for model in apps.get_models() for field in model._meta.fields if field.name.endswith("kek_id")}
    assert {columns.rows.model for columns in sealed_rows.registered()} == sealed


def test_a_damaged_row_stops_nobody_else_and_is_told(secrets: Path) -> None:
    make_rows(5)
    ApiKey.objects.filter(key=f"{3:064d}").update(data_key_sealed=b"x" * 60)
    with pytest.raises(CommandError, match="1 rows are not under key new"):
        rotate("--make", "new")
    assert ApiKey.objects.filter(kek_id="new").count() == 4
    with pytest.raises(CommandError):
        rotate("--make", "new")
    with pytest.raises(CommandError):
        rotate("--make", "../x")


def test_keys_are_made_private(secrets: Path) -> None:
    assert "0 rows" in rotate("--make", "b")
    assert (secrets / "kek_b").stat().st_mode & 0o077 == 0
    assert (secrets / "kek_current").stat().st_mode & 0o077 == 0
