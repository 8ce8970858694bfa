"""The Celery app, its beat table and its ready files. Jobs never move money: those that must, send commands."""

import os
from typing import Any

from celery import Celery
from celery.schedules import crontab
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
    "old one-time texts": {"task": "users.remove_old_texts", "schedule": 86_400.0, "options": {"expires": 86_400}},
    "funding": {"task": "funding.run", "schedule": 5.0, "options": {"expires": 5}},
    "sweep": {"task": "liquidations.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "account limits": {"task": "risk.push_limits", "schedule": 10.0, "options": {"expires": 10}},
    "KYC submissions": {"task": "kyc.send_submissions", "schedule": 10.0, "options": {"expires": 10}},
    "KYC screening": {"task": "kyc.rescreen", "schedule": 60.0, "options": {"expires": 60}},
    "KYC expiry": {"task": "kyc.expire", "schedule": 300.0, "options": {"expires": 300}},
    "KYC retention": {"task": "kyc.delete_retained", "schedule": 3600.0, "options": {"expires": 3600}},
    "surveillance": {"task": "surveillance.look", "schedule": 5.0, "options": {"expires": 5}},
    "approvals": {"task": "approvals.run", "schedule": 10.0, "options": {"expires": 10}},
    "audit trail": {"task": "audit.verify", "schedule": 60.0, "options": {"expires": 60}},
    "audit trail, whole": {"task": "audit.verify_whole", "schedule": crontab(hour=3, minute=17)},
    "collateral prices": {"task": "marketdata.price_collateral", "schedule": 10.0, "options": {"expires": 10}},
    "open interest": {"task": "marketdata.sample_interest", "schedule": 30.0, "options": {"expires": 30}},
    "old readings": {"task": "marketdata.forget_readings", "schedule": 3600.0, "options": {"expires": 3600}},
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
