"""Aim: daily limits hold while many count at once. Method: threads with connections of their own, on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THREADS, TRIES = 16, 10

STORY = f"""
import json, threading
import django
django.setup()
from django.db import connections
from apps.kyc.errors import DailyLimitExceeded
from apps.kyc.selectors import get_used_units, limits_of
from apps.kyc.services import count_deposit, count_withdrawal, release_use
from apps.kyc.types import LimitKind
from apps.users.services import register_user

PIECE = 150 * 10**8
alice = register_user(email="alice@example.com", password="seven-Ducks-swim").id
lock, barrier, told = threading.Lock(), threading.Barrier({THREADS}), []

def count(verb, reference):
    try:
        said = "counted" if verb(user_id=alice, amount_units=PIECE, reference=reference) else "known"
    except DailyLimitExceeded:
        said = "refused"
    with lock:
        told.append((verb.__name__, reference.partition("-")[0], said))

def run(number):
    try:
        barrier.wait()
        for turn in range({TRIES}):
            count(count_withdrawal, f"own-{{number}}-{{turn}}")
            count(count_deposit, f"own-{{number}}-{{turn}}")
        barrier.wait()
        if number == 0:
            release_use(user_id=alice, kind=LimitKind.WITHDRAWAL, reference=freed())
        barrier.wait()
        count(count_withdrawal, "same-reference")
        count(count_withdrawal, f"late-{{number}}")
    except BaseException as error:
        with lock:
            told.append(("failed", "", repr(error)))
        barrier.abort()
        raise
    finally:
        connections.close_all()

def freed():
    from apps.kyc.models import LimitUse
    return LimitUse.objects.filter(user_id=alice, kind=LimitKind.WITHDRAWAL, released_at=None).first().reference

threads = [threading.Thread(target=run, args=(number,)) for number in range({THREADS})]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
limits = limits_of(alice)
print(json.dumps({{
    "piece": PIECE,
    "limits": {{"count_deposit": limits.daily_deposit_units, "count_withdrawal": limits.daily_withdrawal_units}},
    "used": {{"count_deposit": get_used_units(alice, LimitKind.DEPOSIT),
              "count_withdrawal": get_used_units(alice, LimitKind.WITHDRAWAL)}},
    "told": told,
}}))
"""


@pytest.mark.stores
def test_many_threads_never_count_past_the_limit(private_postgres: str, tmp_path: Path) -> None:
    """A new person, so that the row they all lock is made by one of them; what is released once is taken once."""
    environ = {
        **os.environ,
        "DATABASE_URL": private_postgres,
        "EXCHANGE_DATA": str(tmp_path / "data"),
        "EXCHANGE_KYC_DEFAULT_LEVEL": "1",
        "DJANGO_SETTINGS_MODULE": "exchange.settings.local",
    }
    for argv in (["manage.py", "migrate", "--noinput"], ["-c", STORY]):
        done = subprocess.run(
            [sys.executable, *argv], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert [row for row in said["told"] if row[0] == "failed"] == []
    for verb, limit in said["limits"].items():
        room = limit // said["piece"]
        own = [what for name, kind, what in said["told"] if (name, kind) == (verb, "own")]
        assert 0 < room < THREADS * TRIES
        assert (own.count("counted"), own.count("refused")) == (room, THREADS * TRIES - room), verb
        assert said["used"][verb] == room * said["piece"], verb
    later = [(kind, what) for name, kind, what in said["told"] if kind in {"same", "late"}]
    assert sum(what == "counted" for _, what in later) == 1, "one place was given back"
    assert all(what != "known" for kind, what in later if kind == "late")
