"""What the rules of surveillance cost beside the projector: CPU per 1,000 events, each on its own, on the same rows.

    python -m tests.load.bench_surveillance [--runs 3] [--stores postgresql,sqlite] [--json]

A journal of seeded orders, cancels and amends of 100 accounts grows by slices; after each slice the projector catches
up and every rule looks once, as its job does. CPU time of the process, so that a busy machine changes little; the
longest pass is what a worker is taken up with. Every rule is on, with its default thresholds.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections import Counter
from typing import Any

from tests.load.child import Row, main_of
from tests.support.journals import JournalWriter
from tests.support.story import Story

COMMANDS = 40_000
COMMANDS_A_SLICE = 4_000  # about what a busy market sends between two looks
ACCOUNTS = 100


def prepare() -> None:
    """Rows of the people and instruments that the story speaks of."""
    from apps.accounts.models import TradingAccount
    from apps.assets.services import define_asset
    from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
    from apps.instruments.services import define_instrument
    from apps.users.models import User

    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS[:2]:
        define_instrument(terms=terms)
    people = User.objects.bulk_create(User(email=f"p{n}@example.com", password="!") for n in range(1, ACCOUNTS + 1))
    TradingAccount.objects.bulk_create(
        TradingAccount(id=number, user=person) for number, person in enumerate(people, start=1)
    )


def measure(runs: int, journal: str) -> dict[str, Any]:
    """Runs in a process whose environment names the stores."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from apps.projection.follower import clear_rows
    from apps.surveillance.models import Alert, AlertAccount, RiskAction, RuleCursor
    from apps.surveillance.services import run_rules
    from matcher.core.engine import Engine
    from tests.support.projection import attached

    prepare()
    projector, rules, passes, by_rule = [], [], [], Counter[str]()
    events = 0
    for run in range(runs):
        clear_rows()
        for model in (RiskAction, AlertAccount, Alert, RuleCursor):
            model.objects.all().delete()
        writer = JournalWriter(journal)
        writer.execute("DELETE FROM matcher_journal")
        story = Story(Engine(), seed=run + 1, accounts=ACCOUNTS, step_ns=2_000_000)
        story.open()
        spent = {"projector": 0.0, "rules": 0.0}
        events = 0
        with attached(journal) as follower:
            while story.seq < COMMANDS:
                until = story.seq + COMMANDS_A_SLICE
                while story.seq < until:
                    story.go_on(1, 30)
                writer.append(story.batches)
                story.batches.clear()
                begun = time.process_time()
                events += follower.catch_up()
                spent["projector"] += time.process_time() - begun
                begun, wall = time.process_time(), time.perf_counter()
                done = run_rules(wall_ns=story.time_ns)
                spent["rules"] += time.process_time() - begun
                passes.append((time.perf_counter() - wall) * 1e3)
                assert not [one for one in done if one.error], done
                for one in done:
                    by_rule[one.rule] += one.cpu_ms / runs
        writer.close()
        projector.append(spent["projector"] / events * 1e6)
        rules.append(spent["rules"] / events * 1e6)
    return {
        "events": events,
        "projector_ms_per_1000": statistics.median(projector),
        "rules_ms_per_1000": statistics.median(rules),
        "longest_pass_ms": max(passes),
        "alerts": Alert.objects.count(),
        "by_rule_ms_per_1000": {rule: cpu / events * 1000 for rule, cpu in by_rule.most_common()},
    }


def print_table(found: dict[str, Row]) -> None:
    print("| CPU for 1,000 events | projector | all rules | longest pass | events | dearest rules |")
    print("|---|---|---|---|---|---|")
    for store, row in found.items():
        dearest = ", ".join(f"{rule} {cpu:.2f} ms" for rule, cpu in list(row["by_rule_ms_per_1000"].items())[:4])
        print(
            f"| {store} | {row['projector_ms_per_1000']:.1f} ms | {row['rules_ms_per_1000']:.1f} ms"
            f" | {row['longest_pass_ms']:.0f} ms | {row['events']:,} | {dearest} |"
        )


if __name__ == "__main__":
    sys.exit(main_of("bench_surveillance", measure, print_table, 3))
