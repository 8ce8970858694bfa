"""Seeds the demo market, its people and their money. Needs EXCHANGE_DEMO=1; harmless to repeat."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, COLLATERAL, INSTRUMENTS
from apps.backoffice.demo_people import MAKERS, TRADERS, demo_record, seed_funds, seed_staff, seed_trader
from apps.common.errors import DomainError
from apps.instruments.services import define_instrument, push_definitions


class Command(BaseCommand):
    help = "Seed demo assets, instruments, accounts and money (only with EXCHANGE_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EXCHANGE_DEMO:
            raise CommandError("EXCHANGE_DEMO: set it to 1 to seed demo data; never in production")
        try:
            self._market()
            self._people()
        except DomainError as error:
            raise CommandError(f"{error.code}: {error.message}") from None

    def _market(self) -> None:
        for asset_id, code, name, decimals in ASSETS:
            define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals, collateral=COLLATERAL.get(code))
        for terms in INSTRUMENTS:
            define_instrument(terms=terms)
        self.stdout.write(f"market: {len(ASSETS)} assets, {len(INSTRUMENTS)} instruments")
        self.stdout.write(f"engine: {push_definitions()} definitions")

    def _people(self) -> None:
        record = demo_record()
        people = [(record.accounts, email) for email in TRADERS] + [(record.makers, email) for email in MAKERS]
        for done, (shelf, email) in enumerate(people, start=1):
            shelf.append(seed_trader(record=record, email=email))
            self.stdout.write(f"accounts: {done}/{len(people)}")
        funds = seed_funds(record=record)
        self.stdout.write(f"insurance: {funds} funds")
        record.staff = seed_staff(record=record)
        record.save()
        self.stdout.write(f"credentials: {record.path.name} in the secrets folder")
