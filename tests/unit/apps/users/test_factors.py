"""Authenticator and backup codes: each code gets one person in once [S4]; secrets are nowhere in clear."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection, connections

from apps.users import factors, services
from apps.users.errors import InvalidCode, NoSecondFactor, SecondFactorExists
from apps.users.models import BackupCode, Session, TotpDevice
from apps.users.selectors import withdrawal_hold_until
from apps.users.types import TokenIdentity, UserRef
from tests.support.authenticators import totp_code
from tests.support.mailbox import Committed, last_subject
from tests.support.people import PASSWORD
from tests.unit.apps.users.conftest import HOME


def set_up(user_id: int, keep: str = "") -> tuple[str, list[str]]:
    """The secret and the backup codes of a confirmed authenticator."""
    secret = factors.begin_totp(user_id=user_id).secret
    codes = factors.confirm_totp(user_id=user_id, code=totp_code(secret), place=HOME, keep_session=keep)
    return secret, codes


def at_once(times: int, work: Callable[[], bool]) -> list[bool]:
    """What each of that many threads got, started together."""
    barrier, found = threading.Barrier(times), []

    def run() -> None:
        barrier.wait()
        try:
            while True:
                try:
                    found.append(work())
                except OperationalError:  # a table in memory is locked, not waited for: nothing was done
                    continue
                break
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_it_counts_once_a_code_was_confirmed(person: UserRef) -> None:
    setup = factors.begin_totp(user_id=person.id)
    assert setup.otpauth.startswith("otpauth://totp/Perpetual%20Exchange%3Aalice%40example.com?secret=" + setup.secret)
    assert setup.qr_svg.startswith("<svg")
    assert "style" not in setup.qr_svg
    assert factors.methods_of(person.id) == ()
    with pytest.raises(InvalidCode):
        factors.confirm_totp(user_id=person.id, code="000000", place=HOME)
    codes = factors.confirm_totp(user_id=person.id, code=totp_code(setup.secret), place=HOME)
    assert len(set(codes)) == 10
    assert factors.methods_of(person.id) == ("totp", "backup_code")
    with pytest.raises(SecondFactorExists):
        factors.begin_totp(user_id=person.id)


def test_secret_and_codes_lie_nowhere_in_clear(person: UserRef) -> None:
    secret, codes = set_up(person.id)
    with connection.cursor() as cursor:
        dump = []
        for table in ("users_totpdevice", "users_backupcode", "audit_auditrecord"):
            cursor.execute(f"SELECT * FROM {table}")
            dump.append(str(cursor.fetchall()))
    text = "".join(dump)
    assert secret not in text
    assert not any(code in text or code.replace("-", "") in text for code in codes)


def test_one_code_is_taken_once_and_none_older_after_it(person: UserRef) -> None:
    secret, _ = set_up(person.id)
    now = totp_code(secret, steps=1)
    assert factors.check_code(person.id, "totp", now, place=HOME)
    assert not factors.check_code(person.id, "totp", now, place=HOME)
    assert not factors.check_code(person.id, "totp", totp_code(secret, steps=-1), place=HOME)
    assert not factors.check_code(person.id, "totp", totp_code(secret, steps=5), place=HOME)
    assert not factors.check_code(person.id, "totp", totp_code(secret, steps=-5), place=HOME)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "-12345", "1" * 500])
def test_what_is_no_code_is_refused(person: UserRef, code: str) -> None:
    set_up(person.id)
    assert not factors.check_code(person.id, "totp", code, place=HOME)
    assert not factors.check_code(person.id, "backup_code", code, place=HOME)


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_send_the_same_code_at_once_one_gets_in() -> None:
    user = services.register_user(email="alice@example.com", password=PASSWORD)
    secret, codes = set_up(user.id)
    code = totp_code(secret, steps=1)
    assert sum(at_once(20, lambda: factors.check_code(user.id, "totp", code, place=HOME))) == 1
    assert sum(at_once(20, lambda: factors.check_code(user.id, "backup_code", codes[3], place=HOME))) == 1


def test_backup_codes_work_once_each_in_any_spelling_and_are_told(person: UserRef, committed: Committed) -> None:
    _, codes = set_up(person.id)
    assert committed(factors.check_code, person.id, "backup_code", codes[0].upper().replace("-", " "), place=HOME)
    assert last_subject(person.email) == "A backup code was used"
    assert not factors.check_code(person.id, "backup_code", codes[0], place=HOME)
    assert factors.factors_of(person.id).backup_codes_left == 9
    fresh = factors.renew_backup_codes(user_id=person.id, place=HOME)
    assert not factors.check_code(person.id, "backup_code", codes[1], place=HOME)
    assert factors.check_code(person.id, "backup_code", fresh[1], place=HOME)


def test_backup_codes_go_with_the_last_factor(person: UserRef) -> None:
    set_up(person.id)
    factors.remove_totp(user_id=person.id, place=HOME)
    assert not BackupCode.objects.exists()
    assert not TotpDevice.objects.exists()
    for work in (factors.remove_totp, factors.renew_backup_codes):
        with pytest.raises(NoSecondFactor):
            work(user_id=person.id, place=HOME)


def test_a_change_ends_other_sessions_holds_withdrawals_and_is_told(
    at_home: TokenIdentity, person: UserRef, committed: Committed
) -> None:
    other = services.open_session(user_id=person.id)
    assert withdrawal_hold_until(person.id) is None
    committed(set_up, person.id, keep=at_home.session_id)
    assert services.authenticate_token(other.access) is None
    assert Session.objects.filter(id=at_home.session_id, revoked_at=None).exists()
    assert withdrawal_hold_until(person.id) is not None
    assert last_subject(person.email) == "Authenticator added"
