"""Roles: groups hold exactly the table's permissions, and who holds what is answered from them."""

from __future__ import annotations

import pytest
import rules
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client

from apps.audit.selectors import list_records
from apps.audit.types import Actor
from apps.common.roles import ROLES, STAFF_ROLES, roles_of
from apps.users.models import User
from apps.users.role_groups import sync_groups
from apps.users.role_table import TABLE, grants
from apps.users.roles import ADMIN, SUPPORT, TRADER, has_any_role, has_role, set_roles
from tests.support import role_page

pytestmark = pytest.mark.django_db
BOSS = Actor("staff", "1")


def person(name: str, *roles: str) -> User:
    row = User.objects.create_user(f"{name}@example.com", "seven-Ducks-swim")
    if roles:
        set_roles(user_id=row.pk, roles=roles, actor=BOSS, reason="first day")
    return User.objects.get(pk=row.pk)


def test_every_model_of_the_admin_site_has_a_line_in_the_table() -> None:
    shown = {model._meta.label_lower for model in admin.site._registry}
    assert shown - set(TABLE) == set()
    known = {f"{app}.{code}" for app, code in Permission.objects.values_list("content_type__app_label", "codename")}
    assert {f"{app}.{code}" for _, app, code in grants()} <= known
    assert {role for role, _, _ in grants()} <= set(STAFF_ROLES), "customers have no permission of the back office"


def test_groups_hold_exactly_what_the_table_says() -> None:
    wanted: dict[str, set[str]] = {role: set() for role in ROLES}
    for role, app, code in grants():
        wanted[role].add(f"{app}.{code}")
    intruder = Permission.objects.get(codename="delete_user")
    Group.objects.get(name="support").permissions.add(intruder)
    Group.objects.get(name="auditor").permissions.clear()
    sync_groups()
    for role in ROLES:
        held = Permission.objects.filter(group__name=role).values_list("content_type__app_label", "codename")
        assert {f"{app}.{code}" for app, code in held} == wanted[role], role


def test_the_page_of_roles_is_fresh() -> None:
    said = role_page.PAGE.read_text(encoding="utf-8")
    assert said == role_page.page(), "write it anew: python -m tests.support.role_page"


def test_roles_count_only_for_live_staff() -> None:
    row = person("carol", SUPPORT, TRADER)
    assert roles_of(row.pk) == {SUPPORT, TRADER}
    assert has_role(row.pk, SUPPORT)
    assert not has_any_role(row.pk, [ADMIN])
    User.objects.filter(pk=row.pk).update(is_staff=False)
    assert roles_of(row.pk) == {TRADER}
    User.objects.filter(pk=row.pk).update(is_active=False)
    assert roles_of(row.pk) == roles_of(987654) == frozenset()


def test_giving_roles_is_recorded_and_makes_staff() -> None:
    row = person("carol", SUPPORT)
    assert row.is_staff
    set_roles(user_id=row.pk, roles=[TRADER], actor=BOSS, reason="left the house")
    assert not User.objects.get(pk=row.pk).is_staff
    newest = list_records(action="user.roles_changed")[0]
    assert (newest.subject, newest.reason) == (f"users.user:{row.pk}", "left the house")
    assert (newest.before, newest.after) == ('{"roles":["support"]}', '{"roles":["trader"]}')
    with pytest.raises(ValueError, match="emperor"):
        set_roles(user_id=row.pk, roles=["emperor"], actor=BOSS, reason="ambition")


def test_whose_row_may_be_touched() -> None:
    boss, helper, customer = person("boss", ADMIN), person("helper", SUPPORT), person("alice")
    assert rules.test_rule("users.touch_person", helper, customer)
    assert rules.test_rule("users.touch_person", boss, helper)
    assert not rules.test_rule("users.touch_person", helper, boss)
    assert not rules.test_rule("users.touch_person", boss, boss)
    assert rules.test_rule("users.give_roles", boss, customer)
    assert not rules.test_rule("users.give_roles", helper, customer)


def test_staff_without_a_role_see_nothing(client: Client) -> None:
    row = person("clerk")
    User.objects.filter(pk=row.pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=row.pk))
    for model in admin.site._registry:
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert client.get(path).status_code == 403, path
        assert client.get(f"{path}add/").status_code == 403, path
