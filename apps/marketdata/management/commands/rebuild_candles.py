"""`manage.py rebuild_candles`: the candles that the stored trades make, compared with or put in place of those that stand."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.instruments.selectors import get_instruments
from apps.marketdata.rebuilding import differences, rebuild

TOLD_MAX = 20


class Command(BaseCommand):
    help = "Makes candles anew from the stored trades. --check only compares; without it stop the projector first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; fails when they differ")
        parser.add_argument("--symbol", help="only this instrument")

    def handle(self, *args: Any, **options: Any) -> None:
        specs = [spec for spec in get_instruments() if options["symbol"] in {None, spec.symbol}]
        if not specs:
            raise CommandError(f"no instrument {options['symbol']}")
        wrong = 0
        for spec in specs:
            wrong += self._check(spec.id, spec.symbol) if options["check"] else rebuild(spec.id)
        if options["check"] and wrong:
            raise CommandError(f"{wrong} candles are not what their trades make")
        self.stdout.write(f"{len(specs)} instruments: {wrong} candles {'differ' if options['check'] else 'replaced'}")

    def _check(self, instrument_id: int, symbol: str) -> int:
        count = 0
        for found in differences(instrument_id):
            count += 1
            if count <= TOLD_MAX:
                self.stderr.write(f"{symbol} {found.table} {found.candle_id}: {found.stands} is not {found.should}")
        return count
