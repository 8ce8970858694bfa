"""One of several processes that write to the trail at once, or press the same button at once.

`python -m tests.support.audit_worker work PERSON` says "ready", waits for a line, adds records, every fifth in a
transaction that is rolled back, then approves every request as that person, and prints what it did as JSON.
`... prepare` makes the persons and the requests.
"""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.test")
django.setup()

from collections.abc import Mapping  # noqa: E402
from typing import Any  # noqa: E402

from django.db import transaction  # noqa: E402

from apps.approvals import services as approvals  # noqa: E402
from apps.approvals.errors import NotPending  # noqa: E402
from apps.approvals.types import Execution  # noqa: E402
from apps.audit.services import record  # noqa: E402
from apps.audit.types import Actor  # noqa: E402
from tests.support.approvals import staff_member  # noqa: E402

APPROVERS, REQUESTS, RECORDS = 3, 10, 50


def do_it(payload: Mapping[str, Any], execution: Execution) -> str:
    record("test.done", actor=Actor("system", str(os.getpid())), subject=execution.reference)
    return "done"


approvals.register("test.deed", do_it, roles=["risk"])


def prepare() -> list[int]:
    asker = staff_member("asker", "finance")
    people = [staff_member(f"approver{number}", "risk").pk for number in range(APPROVERS)]
    for _ in range(REQUESTS):
        approvals.request("test.deed", {}, actor=Actor("staff", str(asker.pk)), reason="to race for")
    return people


def add_records(count: int) -> int:
    me = Actor("system", str(os.getpid()))
    for number in range(count):
        with transaction.atomic():
            record("test.written", actor=me, subject=f"number:{number}")
            transaction.set_rollback(number % 5 == 4)
    return count - count // 5


def approve_all(person: int) -> int:
    won = 0
    for number in range(1, REQUESTS + 1):
        try:
            approvals.approve(number, actor=Actor("staff", str(person)), reason="race")
            won += 1
        except NotPending:
            continue
    return won


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        print(json.dumps(prepare()))
    else:
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps([add_records(RECORDS), approve_all(int(sys.argv[2]))]), flush=True)
