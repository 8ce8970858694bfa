"""Sanctions lists: versions, scored hits that wait for a person, and another look when the list changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditRecord
from apps.audit.types import Actor
from apps.kyc import errors, reviews, screening
from apps.kyc.models import Application, Screening, Standing
from apps.kyc.sanctions import ListEntry, LocalListScreener, NameIndex, load_list, read_list
from apps.kyc.selectors import get_own_application, limits_of
from apps.kyc.types import Person
from apps.users.models import User
from tests.support.kyc_story import actor, approved, opened, submitted

pytestmark = pytest.mark.django_db
STAFF = Actor("staff", "99")
HEAD = "reference,name,aliases,birth_dates,programme\n"
EVIL = ListEntry("X-1", ("Alis Exampel", "Алис Экзампел"), ("1990-05-17",))
OTHER = ListEntry("X-2", ("Boris Bad",), ("1950",))


def load(*entries: ListEntry) -> int:
    return load_list(list(entries), source="test", actor=STAFF)


def person(name: str, born: str = "1990-05-17") -> Person:
    return Person(name, date.fromisoformat(born), "DE", "FR", "1 High Street")


@pytest.mark.parametrize(
    ("name", "born", "hits"),
    [
        ("Ivan Petrov", "1970-01-02", [("P-1", 100, "name and birth date")]),
        ("Иван Петров", "1970-01-02", [("P-1", 100, "name and birth date")]),
        ("Іvаn Реtrоv", "1970-06-07", [("P-1", 100, "name and about the year of birth")]),
        ("Ivan Petrov", "1990-01-02", [("P-1", 88, "name; another year of birth")]),
        ("Iwan Petrow", "1990-01-02", []),
        ("Wanja Petrov", "1970-01-02", [("P-1", 99, "name and birth date")]),
        ("Ghost Nodate", "1990-01-02", [("P-2", 100, "name; the list has no birth date")]),
        ("Peter Ivanov", "1990-01-02", []),
        ("Alice Example", "1990-05-17", []),
    ],
)
def test_hits_are_scored(name: str, born: str, hits: list[tuple[str, int, str]]) -> None:
    index = NameIndex(
        [
            ListEntry("P-1", ("Ivan Petrov", "Vanja Petrov"), ("1970-01-02", "1971")),
            ListEntry("P-2", ("Ghost Nodate",)),
        ],
    )
    assert [(hit.entry, hit.score, hit.why) for hit in index.hits(person(name, born))] == hits


def test_a_list_is_a_new_version_when_it_differs() -> None:
    assert LocalListScreener().list_version() == 0
    assert [load(EVIL), load(EVIL), load(EVIL, OTHER), load(OTHER, EVIL), load(EVIL)] == [1, 1, 2, 2, 3]
    assert AuditRecord.objects.filter(action="kyc.sanctions_list_loaded").count() == 3


def test_without_a_list_everybody_is_clear_and_it_is_written_down(alice: User) -> None:
    submitted(alice)
    found = Screening.objects.get()
    assert (found.outcome, found.list_version, found.hits) == ("clear", 0, [])


def test_a_hit_waits_for_a_person_and_blocks_the_approval(alice: User, carol: User) -> None:
    load(EVIL)
    application_id = submitted(alice)
    hit = Screening.objects.get()
    assert (hit.outcome, hit.list_version, hit.hits[0]["entry"]) == ("review", 1, "X-1")
    with pytest.raises(errors.OpenScreening):
        reviews.approve_application(application_id=application_id, actor=actor(carol), reason="fine")
    with pytest.raises(errors.ReasonMissing):
        screening.resolve_screening(screening_id=hit.pk, confirmed=False, actor=actor(carol), reason="")
    screening.resolve_screening(screening_id=hit.pk, confirmed=False, actor=actor(carol), reason="another country")
    with pytest.raises(errors.UnknownScreening):
        screening.resolve_screening(screening_id=hit.pk, confirmed=True, actor=actor(carol), reason="or not")
    assert reviews.approve_application(application_id=application_id, actor=actor(carol), reason="fine")
    load(EVIL, OTHER)
    assert screening.rescreen_outdated() == 1
    assert limits_of(alice.pk).daily_withdrawal_units > 0, "the same hit is not asked about again"


def test_a_confirmed_hit_ends_it_without_telling_why(alice: User, carol: User) -> None:
    load(EVIL)
    application_id = submitted(alice)
    hit = Screening.objects.get()
    screening.resolve_screening(
        screening_id=hit.pk, confirmed=True, actor=actor(carol), reason="passport number agrees"
    )
    found = get_own_application(alice.pk, application_id)
    assert (found.state, found.reason) == ("rejected", "The application cannot be accepted.")
    assert Standing.objects.get(user=alice).is_held
    load(OTHER)
    screening.rescreen_outdated()
    assert Standing.objects.get(user=alice).is_held


def test_a_new_list_holds_the_money_of_somebody_approved_until_it_is_cleared(alice: User, carol: User) -> None:
    approved(alice, carol)
    assert screening.rescreen_outdated() == 0
    load(EVIL)
    assert [screening.rescreen_outdated(), screening.rescreen_outdated()] == [1, 0]
    limits = limits_of(alice.pk)
    assert (limits.level, limits.daily_deposit_units, limits.daily_withdrawal_units) == (1, 0, 0)
    hit = Screening.objects.get(outcome="review")
    screening.resolve_screening(screening_id=hit.pk, confirmed=False, actor=actor(carol), reason="another face")
    assert limits_of(alice.pk).daily_withdrawal_units > 0


def test_who_is_taken_off_the_list_is_free_again(alice: User, carol: User) -> None:
    approved(alice, carol)
    load(EVIL)
    screening.rescreen_outdated()
    load(OTHER)
    screening.rescreen_outdated()
    assert not Standing.objects.get(user=alice).is_held


def test_an_approved_person_whose_hit_is_confirmed_loses_the_level(alice: User, carol: User) -> None:
    application_id = approved(alice, carol)
    load(EVIL)
    screening.rescreen_outdated()
    hit = Screening.objects.get(outcome="review")
    screening.resolve_screening(screening_id=hit.pk, confirmed=True, actor=actor(carol), reason="she it is")
    assert limits_of(alice.pk).level == 0
    assert get_own_application(alice.pk, application_id).state == "rejected"


def test_a_list_that_changed_meanwhile_is_read_before_the_approval(alice: User, carol: User) -> None:
    application_id = submitted(alice)
    load(EVIL)
    with pytest.raises(errors.OpenScreening):
        reviews.approve_application(application_id=application_id, actor=actor(carol), reason="fine")
    assert Screening.objects.filter(outcome="review").count() == 1, "the hit is kept for the reviewer"


def test_drafts_are_not_screened(alice: User) -> None:
    opened(alice)
    load(EVIL)
    assert screening.rescreen_outdated() == 0
    assert Application.objects.get().state == "draft"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name\nx", 1),
        (HEAD, 1),
        (HEAD + "A-1,,,,\n", 2),
        (HEAD + "A-1,Bad Man,,,UN\nA-1,Other Man,,,UN\n", 3),
        (HEAD + "A-1,Bad Man,,yesterday,UN\n", 2),
        (HEAD + "A-1,Bad Man,...;x,,UN\n", 2),
        (HEAD + "A-1,Bad Man\n", 2),
        (HEAD + "A-1,Bad Man,,,UN,more\n", 2),
    ],
)
def test_a_malformed_list_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(errors.MalformedList) as refusal:
        read_list(text)
    assert refusal.value.details == {"line": line}


def test_the_command_loads_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "list.csv"
    file.write_text(HEAD + 'A-1,"Bad, Man",Badman;Мэн Бэд,1960;1961-02-03,UN\n', encoding="utf-8-sig")
    call_command("load_sanctions", file)
    assert "version 1: 1 entries" in capsys.readouterr().out
    assert LocalListScreener().screen(person("Bad Man", "1960-05-05")).hits[0].entry == "A-1"
    file.write_text("nonsense")
    with pytest.raises(CommandError, match="columns"):
        call_command("load_sanctions", file)
    with pytest.raises(CommandError):
        call_command("load_sanctions", tmp_path / "none.csv")
