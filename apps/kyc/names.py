"""Names made comparable: one script, one case, no marks and no invisible signs; and how alike two of them are."""

from __future__ import annotations

import re
import unicodedata


def _table(signs: str, spelled: str) -> dict[str, str]:
    return dict(zip(signs, spelled.replace("_", "").split(" "), strict=True))


CYRILLIC = _table(
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџќѓѕ",
    "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya i yi ye g u j lj nj c dj dz k g dz",
)
GREEK = _table("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o")
ARABIC = _table(
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئپچژگک",
    "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a a _ a i a w y p ch zh g k",
)
LATIN = _table("æœøđłðþıħŋß", "ae oe o d l d th i h n ss")
# Signs of other scripts that are drawn like Latin ones: what a word means that mixes scripts to look like another.
LOOKALIKES = str.maketrans("аеорсухіјѕԁһкмтαορυνικτ", "aeopcyxijsdhkmtaopyvikt")
APOSTROPHES = {ord(sign): None for sign in "'`\u2018\u2019\u02bc"}
WORD = re.compile(r"[^\W_]+")
PREFIX_WEIGHT, PREFIX_CHARS = 0.1, 4


def plain_words(text: str) -> tuple[str, ...]:
    """Lower-case Latin words of a name, in its order; signs of scripts we do not transliterate stay as they are."""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(_visible(sign) for sign in spread)
    words = (_latin(word) for word in WORD.findall(seen.translate(APOSTROPHES)))
    return tuple(word for word in words if word)


def _visible(sign: str) -> str:
    """Without combining marks and format signs; controls and separators become spaces."""
    category = unicodedata.category(sign)
    if category[0] == "M" or category == "Cf":
        return ""
    return " " if category[0] in "CZ" else sign


def _latin(word: str) -> str:
    mixes = any("a" <= sign <= "z" for sign in word) and any(sign in CYRILLIC or sign in GREEK for sign in word)
    if mixes:
        word = word.translate(LOOKALIKES)
    return "".join(_spell(sign) for sign in word)


def _spell(sign: str) -> str:
    for table in (LATIN, CYRILLIC, GREEK, ARABIC):
        if sign in table:
            return table[sign]
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return sign


def likeness(one: str, other: str) -> float:
    """Jaro-Winkler, 0 to 1: forgiving of swapped and wrong letters, more so behind a common start."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    reach = max(max(len(one), len(other)) // 2 - 1, 0)
    taken, first = [False] * len(other), []
    for at, sign in enumerate(one):
        for near in range(max(0, at - reach), min(len(other), at + reach + 1)):
            if not taken[near] and other[near] == sign:
                taken[near] = True
                first.append(sign)
                break
    matches = len(first)
    if not matches:
        return 0.0
    second = [sign for sign, was in zip(other, taken, strict=True) if was]
    swaps = sum(a != b for a, b in zip(first, second, strict=True)) / 2
    jaro = (matches / len(one) + matches / len(other) + (matches - swaps) / matches) / 3
    start = 0
    while start < min(len(one), len(other), PREFIX_CHARS) and one[start] == other[start]:
        start += 1
    return jaro + start * PREFIX_WEIGHT * (1 - jaro)


def name_score(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How alike two names are, 0 to 100, whatever the order of their words.

    Words that only one of them has cost a little; one common word of several is never a match.
    """
    if not one or not other:
        return 0
    joined = likeness("".join(one), "".join(other))
    score = (
        max(_paired(one, other), _paired(other, one))
        if len(one) == len(other)
        else _paired(*sorted((one, other), key=len))
    )
    return round(100 * max(score, joined if joined > 0.92 else 0.0))


def _paired(few: tuple[str, ...], many: tuple[str, ...]) -> float:
    """Each of the few words with the likest one left of the many, long words first and weighing more."""
    left, total, weight = list(many), 0.0, 0
    for word in sorted(few, key=len, reverse=True):
        best = max(left, key=lambda candidate: _word_likeness(word, candidate))
        total += _word_likeness(word, best) * len(word)
        weight += len(word)
        left.remove(best)
    score = total / weight - 0.04 * min(len(left), 3)
    return min(score, 0.7) if len(few) == 1 and left else score


def _word_likeness(one: str, other: str) -> float:
    """An initial stands for a word that begins with it."""
    if 1 in {len(one), len(other)} and len(one) != len(other):
        return 0.9 if one[0] == other[0] else 0.0
    found = likeness(one, other)
    return found if found >= 0.8 else found / 2
