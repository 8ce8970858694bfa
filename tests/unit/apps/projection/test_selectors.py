"""Waiting for the rows: at once when they are there, in time when they come, never longer than asked."""

from __future__ import annotations

import threading
import time

import pytest
from asgiref.sync import sync_to_async
from django.db import connections

from apps.projection.models import Cursor
from apps.projection.selectors import await_seq, get_cursor, wait_seq
from tests.support.pace import PATIENCE_S, bar


@pytest.mark.django_db
def test_no_cursor_is_zero() -> None:
    assert get_cursor() == 0


@pytest.mark.django_db
def test_wait_seq() -> None:
    Cursor.objects.create(id=1, seq=5)
    assert wait_seq(5, timeout_s=0)
    started = time.monotonic()
    assert not wait_seq(6, timeout_s=0.1)
    assert time.monotonic() - started < bar(0.3)


@pytest.mark.django_db(transaction=True)
async def test_await_seq_sees_what_another_thread_writes() -> None:
    create = sync_to_async(Cursor.objects.create)
    await create(id=1, seq=5)
    assert await await_seq(5, timeout_s=1)
    assert not await await_seq(6, timeout_s=0.05)

    def later() -> None:
        time.sleep(0.1)
        Cursor.objects.update(seq=6)
        connections.close_all()

    writer = threading.Thread(target=later)
    writer.start()
    assert await await_seq(6, timeout_s=PATIENCE_S)
    writer.join()
