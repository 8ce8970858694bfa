"""Aim: a person's further accounts. Method: the services on rows and the reference engine."""

import pytest

from apps.accounts.errors import AccountRestricted, InvalidAccountName, OpeningRefused, TooManyAccounts
from apps.accounts.models import TradingAccount
from apps.accounts.services import open_account, open_pending_accounts, register_trader
from apps.accounts.sub_accounts import open_sub_account
from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.configuration.services import set_value
from apps.risk.models import AccountLimit
from apps.risk.selectors import list_versions
from apps.risk.services import set_limits
from apps.risk.types import LimitTerms
from apps.users.errors import NoTradingAccount
from apps.users.models import User
from apps.users.services import register_user
from apps.users.types import UserRef
from matcher.protocol.commands import OpenAccount, SetAccountLimits
from matcher.protocol.enums import AccountState
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "1")


@pytest.fixture
def alice(engine: EngineTwin) -> UserRef:
    return register_trader(email="alice@example.com", password="seven-Ducks-swim")


def test_it_opens_once_beside_the_main_one_and_in_its_group(alice: UserRef, engine: EngineTwin) -> None:
    account, is_new = open_sub_account(user_id=alice.id, name="Grid 1", address="192.0.2.7")
    assert (is_new, account.is_open, account.name) == (True, True, "Grid 1")
    told = engine.sent[-1]
    assert isinstance(told, OpenAccount)
    assert (told.account, told.group) == (account.id, alice.account_id), "the main account's group is its number"
    assert User.objects.get().account_id == alice.account_id, "the session's account stays"
    assert open_sub_account(user_id=alice.id, name="grid 1") == (account, False)
    assert TradingAccount.objects.count() == 2
    (row,) = list_records(action="accounts.opened")
    assert (row.actor.id, row.actor.address, row.subject) == (
        str(alice.id),
        "192.0.2.7",
        f"accounts.account:{account.id}",
    )


def test_a_group_that_staff_chose_is_the_new_accounts_too(alice: UserRef) -> None:
    TradingAccount.objects.update(group=77)
    account, _ = open_sub_account(user_id=alice.id, name="two")
    assert TradingAccount.objects.get(id=account.id).group == 77


@pytest.mark.parametrize("name", ["", " ", "a ", "-a", "a\n", "a/b", "ä", "x" * 33, "<b>"])
def test_a_name_is_plain(alice: UserRef, name: str) -> None:
    with pytest.raises(InvalidAccountName):
        open_sub_account(user_id=alice.id, name=name)


def test_there_are_only_so_many(alice: UserRef) -> None:
    set_value("accounts.per_person_max", 3, actor=STAFF, reason="a test")
    for name in ("two", "three"):
        open_sub_account(user_id=alice.id, name=name)
    with pytest.raises(TooManyAccounts):
        open_sub_account(user_id=alice.id, name="four")
    assert not open_sub_account(user_id=alice.id, name="three")[1], "what is there may be asked for"


def test_none_is_opened_around_a_restriction(alice: UserRef) -> None:
    TradingAccount.objects.update(state=AccountState.REDUCE_ONLY.value)
    with pytest.raises(AccountRestricted):
        open_sub_account(user_id=alice.id, name="way out")


def test_who_has_no_account_yet_opens_none(engine: EngineTwin) -> None:
    bob = register_user(email="bob@example.com", password="seven-Ducks-swim")
    with pytest.raises(NoTradingAccount):
        open_sub_account(user_id=bob.id, name="two")


def test_limits_of_the_main_account_go_over(alice: UserRef, engine: EngineTwin) -> None:
    assert alice.account_id
    terms = LimitTerms(max_open_orders=5, orders_10s=9)
    set_limits(account_id=alice.account_id, instrument_id=0, terms=terms, actor=STAFF, reason="a test")
    account, _ = open_sub_account(user_id=alice.id, name="two")
    told = engine.sent[-1]
    assert isinstance(told, SetAccountLimits)
    assert (told.account, told.max_open_orders) == (account.id, 5)
    row = AccountLimit.objects.get(account_id=account.id)
    assert (row.orders_10s, row.told_at is not None) == (9, True)
    assert [one.reason for one in list_versions(account.id, 0)] == [f"as account {alice.account_id} of the same person"]


def test_it_waits_for_an_engine_that_does_not_answer(alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    account, is_new = open_sub_account(user_id=alice.id, name="two")
    assert (is_new, account.is_open) == (True, False)
    engine.down = False
    again, is_new = open_sub_account(user_id=alice.id, name="two")
    assert (again.id, is_new, again.is_open) == (account.id, False, True)


def test_a_refused_account_holds_up_no_other(alice: UserRef, engine: EngineTwin) -> None:
    engine.down = True
    account, _ = open_sub_account(user_id=alice.id, name="two")
    engine.down = False
    TradingAccount.objects.filter(id=alice.account_id).update(opened_at=None, state=9)
    with pytest.raises(OpeningRefused):
        open_account(account_id=alice.account_id or 0)
    assert open_pending_accounts() == 1
    assert list(TradingAccount.objects.filter(opened_at=None).values_list("id", flat=True)) == [alice.account_id]
    assert TradingAccount.objects.get(id=account.id).opened_at
