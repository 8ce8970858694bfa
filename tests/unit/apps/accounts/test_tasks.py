"""The ledger check finds a planted mismatch and shouts."""

import pytest

from apps.accounts import tasks
from apps.accounts.models import Balance

pytestmark = pytest.mark.django_db


def test_right_books_are_quiet(caplog: pytest.LogCaptureFixture) -> None:
    assert tasks.check_ledger() == 0
    assert "out of balance" not in caplog.text


def test_money_from_nowhere_is_found(caplog: pytest.LogCaptureFixture) -> None:
    Balance.objects.create(balance_id=3 * 1024 + 1, account_id=3, asset_id=1, wallet_units=7, updated_ns=1)
    assert tasks.check_ledger() == 1
    assert "out of balance" in caplog.text
