"""The local sanctions list: versions of entries in rows, an index of the newest in memory, scored matches."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from apps.audit.services import record
from apps.audit.types import Actor
from apps.kyc.errors import MalformedList
from apps.kyc.models import SanctionsEntry, SanctionsList
from apps.kyc.names import likeness, name_score, plain_words
from apps.kyc.types import Person, ScreeningHit, ScreeningResult

SCREENER = "local list"
HIT_SCORE = 88
SAME_DATE, OTHER_YEAR = 5, -12
WORD_LIKENESS = 0.84
LIST_BYTES_MAX = 64 * 1024 * 1024
COLUMNS = ("reference", "name", "aliases", "birth_dates", "programme")
_BIRTH = re.compile(r"[0-9]{4}(-[0-9]{2}-[0-9]{2})?\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A sanctioned person: every spelling, and birth dates as `YYYY-MM-DD` or `YYYY`."""

    reference: str
    names: tuple[str, ...]
    birth_dates: tuple[str, ...] = ()
    programme: str = ""


class NameIndex:
    """The entries of one version, found by words like those of a name."""

    def __init__(self, entries: Iterable[ListEntry]) -> None:
        self._entries = list(entries)
        self._names: list[tuple[int, str, tuple[str, ...]]] = []
        self._by_word: dict[str, list[int]] = {}
        for at, entry in enumerate(self._entries):
            for name in entry.names:
                words = plain_words(name)
                for word in {*words, "".join(words)}:
                    self._by_word.setdefault(word, []).append(len(self._names))
                self._names.append((at, name, words))

    def hits(self, person: Person) -> list[ScreeningHit]:
        """Entries that may be the person, the likeliest first."""
        words = plain_words(person.full_name)
        best: dict[int, ScreeningHit] = {}
        for number in self._candidates(words):
            at, name, theirs = self._names[number]
            entry, score = self._entries[at], name_score(words, theirs)
            if score < HIT_SCORE + OTHER_YEAR:
                continue
            added, why = _compare_birth(person.birth_date, entry.birth_dates)
            score = min(score + added, 100)
            if score >= HIT_SCORE and (at not in best or best[at].score < score):
                best[at] = ScreeningHit(entry=entry.reference, name=name, score=score, why=why)
        return sorted(best.values(), key=lambda hit: -hit.score)

    def _candidates(self, words: tuple[str, ...]) -> set[int]:
        found: set[int] = set()
        for mine in {*words, "".join(words)}:
            for word, numbers in self._by_word.items():
                close = abs(len(word) - len(mine)) <= 3 and likeness(mine, word) >= WORD_LIKENESS
                if word == mine or close:
                    found.update(numbers)
        return found


def _compare_birth(mine: date, theirs: tuple[str, ...]) -> tuple[int, str]:
    """What the birth date adds to a score, and in words."""
    if not theirs:
        return 0, "name; the list has no birth date"
    if mine.isoformat() in theirs:
        return SAME_DATE, "name and birth date"
    if any(abs(int(text[:4]) - mine.year) <= 1 for text in theirs):
        return 0, "name and about the year of birth"
    return OTHER_YEAR, "name; another year of birth"


class LocalListScreener:
    """Screens against the newest version of the rows."""

    name = SCREENER

    def list_version(self) -> int:
        """0 before a list was loaded."""
        return SanctionsList.objects.order_by("-version").values_list("version", flat=True).first() or 0

    def screen(self, person: Person) -> ScreeningResult:
        newest = SanctionsList.objects.order_by("-version").values_list("version", "digest").first()
        version, digest = newest or (0, "")
        if digest not in _indexes:
            _indexes.clear()
            _indexes[digest] = NameIndex(_entries_of(version))
        return ScreeningResult(screener=self.name, list_version=version, hits=tuple(_indexes[digest].hits(person)))


_indexes: dict[str, NameIndex] = {}  # of the newest list alone, by digest


def _entries_of(version: int) -> Iterator[ListEntry]:
    for row in SanctionsEntry.objects.filter(sanctions_list__version=version).iterator():
        yield ListEntry(row.reference, tuple(row.names), tuple(row.birth_dates), row.programme)


def read_list(text: str) -> list[ListEntry]:
    """Entries of a CSV with the columns of COLUMNS; several aliases or dates are parted by `;`. Raises MalformedList."""
    if len(text) > LIST_BYTES_MAX:
        raise MalformedList("The list is too large.", line=0)
    reader = csv.DictReader(io.StringIO(text))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise MalformedList(f"The columns must be {', '.join(COLUMNS)}.", line=1)
    entries: dict[str, ListEntry] = {}
    for row in reader:
        line = reader.line_num
        if None in row or None in row.values():
            raise MalformedList("A line has too many or too few columns.", line=line)
        parts = {name: tuple(filter(None, map(str.strip, row[name].split(";")))) for name in ("aliases", "birth_dates")}
        reference, names = row["reference"].strip(), (row["name"].strip(), *parts["aliases"])
        if not reference or len(reference) > 64 or reference in entries or not all(plain_words(name) for name in names):
            raise MalformedList("An entry needs a reference of its own and names with letters.", line=line)
        if not all(_BIRTH.match(birth) for birth in parts["birth_dates"]):
            raise MalformedList("Birth dates are YYYY-MM-DD or YYYY.", line=line)
        entries[reference] = ListEntry(reference, names, parts["birth_dates"], row["programme"].strip()[:120])
    if not entries:
        raise MalformedList("The list is empty.", line=1)
    return list(entries.values())


def load_list(entries: list[ListEntry], *, source: str, actor: Actor) -> int:
    """The version now in force: a new one, unless the list is what it was. Screening again is a job's work."""
    digest = hashlib.sha256(repr(sorted(entries, key=lambda one: one.reference)).encode()).hexdigest()
    with transaction.atomic():
        newest = SanctionsList.objects.select_for_update().order_by("-version").first()
        if newest is not None and newest.digest == digest:
            return newest.version
        version = newest.version + 1 if newest else 1
        row = SanctionsList.objects.create(
            version=version, digest=digest, source=source[:200], entry_count=len(entries)
        )
        SanctionsEntry.objects.bulk_create(
            (
                SanctionsEntry(
                    sanctions_list=row,
                    reference=entry.reference,
                    names=list(entry.names),
                    birth_dates=list(entry.birth_dates),
                    programme=entry.programme,
                )
                for entry in entries
            ),
            batch_size=1000,
        )
        record(
            "kyc.sanctions_list_loaded",
            actor=actor,
            subject=f"kyc.sanctionslist:{version}",
            reason=source,
            after={"version": version, "entries": len(entries), "digest": digest},
        )
    return version
