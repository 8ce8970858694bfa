"""The Celery app, its beat table and its ready files. Jobs never move money: those that must, send commands."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging, worker_ready

from apps.common.readiness import mark_ready, mark_starting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exchange.settings.local")

app = Celery("exchange")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    "heartbeat": {"task": "monitoring.heartbeat", "schedule": 10.0, "options": {"expires": 10}},
    "open pending accounts": {"task": "accounts.open_pending_accounts", "schedule": 10.0, "options": {"expires": 10}},
    "ledger sums to zero": {"task": "accounts.check_ledger", "schedule": 15.0, "options": {"expires": 15}},
    "books reconcile": {"task": "projection.reconcile", "schedule": 60.0, "options": {"expires": 60}},
    "books and engine": {"task": "projection.compare_with_engine", "schedule": 60.0, "options": {"expires": 60}},
    "funding": {"task": "funding.run", "schedule": 5.0, "options": {"expires": 5}},
    "sweep": {"task": "liquidations.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "collateral prices": {"task": "marketdata.price_collateral", "schedule": 10.0, "options": {"expires": 10}},
}


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**_: Any) -> None:
    """Django's LOGGING stays; connecting is what keeps Celery from putting its own in place."""


@celeryd_init.connect  # type: ignore[untyped-decorator]
def worker_starts(**_: Any) -> None:
    mark_starting("worker")


@worker_ready.connect  # type: ignore[untyped-decorator]
def worker_is_ready(**_: Any) -> None:
    mark_ready("worker")


@beat_init.connect  # type: ignore[untyped-decorator]
def beat_is_ready(**_: Any) -> None:
    mark_starting("beat")
    mark_ready("beat")
