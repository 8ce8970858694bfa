"""Live settings: typed, kept with every version, seen everywhere within a second, and never bad."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from constance import config
from constance.codecs import dumps
from constance.models import Constance
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.approvals.errors import OwnRequest
from apps.approvals.models import ApprovalRequest
from apps.approvals.services import approve
from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.configuration import live
from apps.configuration.errors import SettingInvalid, SettingUnchanged, UnknownSetting
from apps.configuration.models import SettingVersion
from apps.configuration.services import change, get, history, keep_fresh, register, revert, set_value
from apps.configuration.types import Setting
from apps.users.models import User
from apps.users.roles import set_roles
from tests.support.pace import PATIENCE_S, bar

WINDOW = Setting("sample.window", 60, "A window.", unit="s", minimum=1, maximum=3600)
ACTION = Setting("sample.action", "warn", "An action.", choices=("off", "warn", "freeze"))
FUSE = Setting("sample.fuse", True, "A fuse.", guarded=True)
DOSE = Setting("sample.dose", 10, "A dose.", minimum=1, maximum=100, guarded=True)
register(WINDOW, ACTION, FUSE, DOSE)
ANN = Actor("staff", "7")
SEEN_WITHIN_S = bar(1.0)


def wait_for(setting: Setting[Any], value: object) -> float:
    """How long it took until the setting was seen to have the value."""
    begun = time.monotonic()
    while get(setting) != value:
        assert time.monotonic() - begun < PATIENCE_S, f"{setting.name} is still {get(setting)}"
        time.sleep(0.02)
    return time.monotonic() - begun


def elsewhere(setting: Setting[Any], value: object) -> None:
    """What another process commits to the store."""
    Constance.objects.update_or_create(key=setting.name, defaults={"value": dumps(value)})


@pytest.mark.django_db
def test_every_change_is_a_version_with_who_and_why() -> None:
    assert get(WINDOW) == get("sample.window") == 60
    assert set_value("sample.window", 30, actor=ANN, reason="too slow") == 1
    assert set_value("sample.window", 20, actor=ANN, reason="still too slow") == 2
    assert get(WINDOW) == 20
    assert [(row.number, row.before, row.after, row.actor_id, row.reason) for row in history("sample.window")] == [
        (2, 30, 20, "7", "still too slow"),
        (1, 60, 30, "7", "too slow"),
    ]
    assert revert("sample.window", number=1, actor=ANN, reason="no better") == 3
    assert (get(WINDOW), history("sample.window")[0].before) == (60, 20)
    assert history("sample.action") == []
    newest = list_records(action="configuration.changed")[0]
    assert (newest.actor.id, newest.subject, newest.reason) == ("7", "setting:sample.window", "no better")
    assert (newest.before, newest.after) == ('{"value":20}', '{"value":60}')


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "reason", "refusal"),
    [
        ("sample.window", 0, "why not", SettingInvalid),
        ("sample.window", "30", "why not", SettingInvalid),
        ("sample.window", 30, " ", SettingInvalid),
        ("sample.window", 60, "nothing new", SettingUnchanged),
        ("sample.nothing", 60, "why not", UnknownSetting),
    ],
)
def test_a_refusal_names_the_setting_and_changes_nothing(
    name: str, value: object, reason: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match=name):
        set_value(name, value, actor=ANN, reason=reason)
    assert get(WINDOW) == 60
    assert not SettingVersion.objects.exists()


@pytest.mark.django_db
def test_a_change_by_another_process_is_seen_within_a_second() -> None:
    assert get(WINDOW) == 60
    elsewhere(WINDOW, 15)
    assert wait_for(WINDOW, 15) <= SEEN_WITHIN_S


@pytest.mark.django_db(transaction=True)
async def test_an_event_loop_sees_it_too_and_never_asks_the_store_itself() -> None:
    assert get(WINDOW) == 60
    keeper = asyncio.create_task(keep_fresh())
    await sync_to_async(elsewhere)(WINDOW, 15)
    begun = time.monotonic()
    while get(WINDOW) != 15:
        assert time.monotonic() - begun < PATIENCE_S
        await asyncio.sleep(0.02)
    assert time.monotonic() - begun <= SEEN_WITHIN_S
    keeper.cancel()


@pytest.mark.django_db
@pytest.mark.parametrize("text", [dumps(0), dumps("x"), dumps(True), "{not json", ""])
def test_a_bad_value_in_the_store_never_takes_effect(text: str) -> None:
    set_value("sample.window", 30, actor=ANN, reason="too slow")
    assert get(WINDOW) == 30
    Constance.objects.filter(key="sample.window").update(value=text)
    live.read()
    assert get(WINDOW) == 30, "the last good one stays"
    live.forget_all()
    assert get(WINDOW) == 60, "a new process has the default"


@pytest.mark.django_db
def test_a_change_past_the_service_leaves_a_version_too() -> None:
    config.__setattr__("sample.window", 45)
    assert get(WINDOW) == 45
    call_command("constance", "set", "sample.action", "freeze")
    assert get(ACTION) == "freeze"
    rows = SettingVersion.objects.order_by("id").values_list("name", "before", "after", "actor_kind", "actor_id")
    assert list(rows) == [
        ("sample.window", 60, 45, "system", "store"),
        ("sample.action", "warn", "freeze", "system", "store"),
    ]


@pytest.fixture
def admin(client: Client, django_user_model: type[User]) -> Client:
    user = django_user_model.objects.create_superuser(email="ann@example.com", password="a long password")
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_the_admin_shows_changes_and_takes_back(admin: Client) -> None:
    listed = admin.get(reverse("admin:configuration_settingversion_changelist"))
    assert b"sample.window" in listed.content
    page = reverse("admin:configuration_setting", args=["sample.window"])
    refused = admin.post(page, {"value": "9999", "reason": "more"})
    assert "sample.window: must be from 1 to 3,600 s" in refused.content.decode()
    assert admin.post(page, {"value": "30", "reason": "less"}).status_code == 302
    shown = admin.get(page)
    assert b"less" in shown.content
    assert get(WINDOW) == 30
    assert admin.post(page, {"number": "1", "reason": "back"}).status_code == 302
    assert get(WINDOW) == 60
    assert [row.reason for row in history("sample.window")] == ["back", "less"]
    assert admin.get(reverse("admin:configuration_setting", args=["sample.nothing"])).status_code == 404


@pytest.mark.django_db
def test_a_guarded_setting_needs_a_second_person(client: Client) -> None:
    people = []
    for name in ("ann", "bob"):
        row = User.objects.create_user(f"{name}@example.com", "a long password")
        set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
        people.append(User.objects.get(pk=row.pk))
    client.force_login(people[0])
    page = reverse("admin:configuration_setting", args=["sample.fuse"])
    said = client.post(page, {"value": "no", "reason": "too jumpy"}, follow=True).content.decode()
    assert "waits for a second person" in said
    assert get(FUSE) is True
    asked = ApprovalRequest.objects.get()
    with pytest.raises(OwnRequest):
        approve(asked.pk, actor=Actor("staff", str(people[0].pk)), reason="me again")
    done = approve(asked.pk, actor=Actor("staff", str(people[1].pk)), reason="yes")
    assert (done.state, done.result) == ("executed", "sample.fuse is no, version 1")
    assert get(FUSE) is False
    assert history("sample.fuse")[0].actor_id == str(people[1].pk)
    with pytest.raises(SettingUnchanged):
        change("sample.fuse", False, actor=ANN, reason="again")


@pytest.mark.django_db
def test_a_change_is_allowed_from_the_value_that_was_shown() -> None:
    for name in ("ann", "bob"):
        row = User.objects.create_user(f"{name}@example.com", "a long password")
        set_roles(user_id=row.pk, roles=["risk"], actor=ANN, reason="first day")
    ann, bob = (Actor("staff", str(User.objects.get(email=f"{name}@example.com").pk)) for name in ("ann", "bob"))
    first = change("sample.dose", 20, actor=ann, reason="more")
    second = change("sample.dose", 30, actor=ann, reason="more still")
    assert first.approval_id
    assert second.approval_id
    assert approve(second.approval_id, actor=bob, reason="yes").state == "executed"
    done = approve(first.approval_id, actor=bob, reason="yes")
    assert (done.state, get("sample.dose")) == ("failed", 30)
    assert "has changed since" in done.result


@pytest.mark.django_db
def test_staff_without_the_right_sees_no_settings(client: Client, django_user_model: type[User]) -> None:
    user = django_user_model.objects.create_user(email="bob@example.com", password="a long password", is_staff=True)
    client.force_login(user)
    page = reverse("admin:configuration_setting", args=["sample.window"])
    assert client.get(page).status_code == 403
    assert client.post(page, {"value": "30", "reason": "less"}).status_code == 403
    assert get(WINDOW) == 60
