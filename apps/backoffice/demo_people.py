"""The demo's people: made once with random credentials, which are kept for the supervisor to show.

`$EXCHANGE_DATA/secrets/demo.json` (mode 600) is the record. Running again repairs what is missing
and changes nothing that is there.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.accounts.selectors import is_reference_used
from apps.accounts.services import create_account, credit_account, open_account
from apps.audit.types import SYSTEM
from apps.backoffice.demo_market import QUIET_SYMBOL, SYMBOLS
from apps.instruments.selectors import get_instruments
from apps.insurance.services import define_insurance_fund
from apps.users.api_keys import create_api_key
from apps.users.errors import EmailTaken
from apps.users.roles import MARKET_MAKER, has_role, set_roles
from apps.users.selectors import get_user_by_email
from apps.users.services import authenticate_api_key, register_user, set_password
from apps.users.types import UserRef
from matcher.protocol.units import ASSET_UNIT

TRADERS = ("alice@example.com", "bob@example.com", "carol@example.com")
MAKERS = ("demo-maker-1@example.com", "demo-maker-2@example.com", "demo-maker-3@example.com")
STAFF = "staff@example.com"
INSURANCE = "insurance@example.com"
FUND_UNITS = 1_000_000 * ASSET_UNIT
FUND_REFERENCE = "demo-insurance"
CREDIT_UNITS = 1_000_000 * ASSET_UNIT
CREDIT_REFERENCE = "demo-credit-1"


@dataclass(frozen=True, slots=True)
class Login:
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Trader(Login):
    api_key: str
    api_secret: str


class DemoRecord:
    """What demo.json says so far; written whole, mode 600, once everybody is there."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._found = _read(path)
        self.accounts: list[Trader] = []
        self.makers: list[Trader] = []
        self.staff: Login | None = None
        self.insurance: Login | None = None

    def entry(self, email: str) -> dict[str, str]:
        """What an earlier run noted of this person, or an empty dict."""
        people = [*self._found.get("accounts", []), *self._found.get("makers", [])]
        people += [self._found.get("staff") or {}, self._found.get("insurance") or {}]
        return next((dict(person) for person in people if person.get("email") == email), {})

    def save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self.path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(
                {
                    "accounts": [asdict(person) for person in self.accounts],
                    "staff": asdict(self.staff) if self.staff else None,
                    "insurance": asdict(self.insurance) if self.insurance else None,
                    "makers": [asdict(person) for person in self.makers],
                    "symbols": list(SYMBOLS),
                    "quiet_symbol": QUIET_SYMBOL,
                },
                file,
                indent=2,
            )
        draft.replace(self.path)


def demo_record() -> DemoRecord:
    return DemoRecord(Path(settings.EXCHANGE_DATA) / "secrets" / "demo.json")


def seed_trader(*, record: DemoRecord, email: str) -> Trader:
    """A person with a funded account and an API key, as noted or made now."""
    noted = record.entry(email)
    user, password = _person(email, noted, is_staff=False)
    if email in MAKERS and not has_role(user.id, MARKET_MAKER):
        set_roles(user_id=user.id, roles=[MARKET_MAKER], actor=SYSTEM, reason="demo")
    account = create_account(user_id=user.id, name=email.partition("@")[0])
    open_account(account_id=account.id)
    if not is_reference_used(account_id=account.id, reference=CREDIT_REFERENCE):
        credit_account(account_id=account.id, asset_code="USDT", amount_units=CREDIT_UNITS, reference=CREDIT_REFERENCE)
    key, secret = noted.get("api_key", ""), noted.get("api_secret", "")
    known = authenticate_api_key(key)
    if known is None or known.user_id != user.id or known.secret != secret.encode("ascii"):
        issued = create_api_key(user_id=user.id, label="demo", permissions=("read", "trade"))
        assert issued.secret is not None, "a key without a public key has a secret"
        key, secret = issued.row.key, issued.secret
    return Trader(email=email, password=password, api_key=key, api_secret=secret)


def seed_staff(*, record: DemoRecord) -> Login:
    """The person who may use the admin, as noted or made now."""
    _, password = _person(STAFF, record.entry(STAFF), is_staff=True)
    return Login(email=STAFF, password=password)


def seed_funds(*, record: DemoRecord) -> int:
    """One account that insures every settlement asset, with money in it; how many assets that are."""
    user, password = _person(INSURANCE, record.entry(INSURANCE), is_staff=False)
    account = create_account(user_id=user.id, name="insurance")
    open_account(account_id=account.id)
    insured = {spec.settlement_asset_id: spec.settlement_asset for spec in get_instruments()}
    for asset_id, code in insured.items():
        reference = f"{FUND_REFERENCE}-{asset_id}"
        if not is_reference_used(account_id=account.id, reference=reference):
            credit_account(account_id=account.id, asset_code=code, amount_units=FUND_UNITS, reference=reference)
        define_insurance_fund(asset_id=asset_id, account_id=account.id)
    record.insurance = Login(email=INSURANCE, password=password)
    return len(insured)


def _person(email: str, noted: dict[str, str], *, is_staff: bool) -> tuple[UserRef, str]:
    password = noted.get("password") or secrets.token_urlsafe(12)
    try:
        return register_user(email=email, password=password, is_staff=is_staff), password
    except EmailTaken:
        user = get_user_by_email(email)
        assert user is not None, "the email is taken, so somebody has it"
    if not noted:
        set_password(user_id=user.id, password=password)
    return user, password


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
