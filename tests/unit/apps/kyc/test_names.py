"""Names are made comparable whatever script, case or trick they are written with, and scored."""

from __future__ import annotations

import pytest

from apps.kyc.names import likeness, name_score, plain_words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ivan Petrov", ("ivan", "petrov")),
        ("  IVAN\u00a0\u2003petrov ", ("ivan", "petrov")),
        ("Иван Петров", ("ivan", "petrov")),
        ("Іvаn Реtrоv", ("ivan", "petrov")),  # Cyrillic signs among Latin ones
        ("Ｉｖａｎ　Ｐｅｔｒｏｖ", ("ivan", "petrov")),
        ("I\u200bv\u00adan P\u202eetrov", ("ivan", "petrov")),
        ("𝓘𝓿𝓪𝓷 𝔓etrov", ("ivan", "petrov")),
        ("I\u0301van Pe\u0323trov", ("ivan", "petrov")),
        ("Γιώργος", ("giorgos",)),
        ("Łukasz Ørsted-Großmann", ("lukasz", "orsted", "grossmann")),
        ("O'Neil", ("oneil",)),
        ("O’Neil", ("oneil",)),
        ("محمد", ("mhmd",)),
        ("王 小明", ("王", "小明")),
        ("'; DROP TABLE users; --", ("drop", "table", "users")),
        ("\u200b\u0301", ()),
        ("", ()),
    ],
)
def test_words(written: str, words: tuple[str, ...]) -> None:
    assert plain_words(written) == words


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Ivan Petrov", "Petrov Ivan", 100, 100),
        ("Ivan Petrov", "Ivan Petrow", 95, 100),
        ("Sergey Ivanov", "Сергей Иванов", 95, 100),
        ("Mohammed al-Hassan", "Muhammad Al Hassan", 88, 100),
        ("Alqaida Group", "Al Qaida Group", 88, 100),
        ("J. Smith", "John Smith", 88, 100),
        ("Ivan Sergeevich Petrov", "Ivan Petrov", 90, 99),
        ("Ivan", "Ivan Petrov", 0, 70),
        ("Ivan Sidorov", "Ivan Petrov", 0, 70),
        ("Alice Example", "Bob Sample", 0, 80),
        ("", "Ivan", 0, 0),
    ],
)
def test_scores(one: str, other: str, least: int, most: int) -> None:
    forth, back = name_score(plain_words(one), plain_words(other)), name_score(plain_words(other), plain_words(one))
    assert least <= forth <= most
    assert abs(forth - back) <= 3


def test_likeness_is_jaro_winkler() -> None:
    """Against values published with the measure: MARTHA/MARHTA, DIXON/DICKSONX, DWAYNE/DUANE."""
    assert round(likeness("martha", "marhta"), 3) == 0.961
    assert round(likeness("dixon", "dicksonx"), 3) == 0.813
    assert round(likeness("dwayne", "duane"), 3) == 0.84
    assert (likeness("a", ""), likeness("abc", "xyz"), likeness("abc", "abc")) == (0.0, 0.0, 1.0)
