"""Finding a CTCAE term as people type it, which grades it has, and what each of them means.

Search reads English, Chinese and pinyin (whole or initials) and forgives slips of the fingers. Nothing is looked
up outside: terms, Chinese names, pinyin, other words for terms and the descriptions lie in `resources/ctcae/`.
Descriptions are this house's own words; the official wording can be added from NCI's workbook, see
`forms.grading.nci_workbook`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from forms.errors import Refusal
from forms.grading.signs import pretty
from forms.grading.tables import VERSIONS, Term, chinese_names, edition
from forms.texts import say
from forms.value import Value
from forms.values.glyphs import folded
from resources import folder

__all__ = [
    "Described",
    "TermHit",
    "canonical",
    "check_choice",
    "describe",
    "find_terms",
    "needs_text",
    "soc_label",
    "term",
]

_FUZZY_FROM = 3
_FUZZY_LEAST = 72
_OTHER = "Other, specify"
_PUNCTUATION = re.compile(r"[\-\u2010-\u2015_,.;:'\u2019()\[\]/\uff0d\u3001\uff0c\u3002]+")


class TermHit(NamedTuple):
    """A term found. ``label`` in the language asked for; ``score`` 0-100; ``expected`` by the study."""

    term: Term
    label: str
    score: int
    expected: bool


class Described(NamedTuple):
    """Meaning of a grade of a term. ``source``: ``official``, ``own``, ``numbers`` or ``scale`` (the general one)."""

    text: str
    source: Literal["official", "own", "numbers", "scale"]


class _Entry(NamedTuple):
    term: Term
    name: str
    words: tuple[str, ...]
    zh: str
    initials: str
    pinyin: str


def term(version: str, code_or_name: str) -> Term | None:
    """A term of an edition by its code, English or Chinese name; None when the edition has none of that name.

    Case, width, blanks, dashes, commas and British spelling don't matter: ``diarrhoea`` is Diarrhea. Other words for a
    term are none of its names: what they mean a person chooses (`find_terms`).
    """
    here = edition(version)
    found = here.by_name.get(code_or_name)
    return found if found is not None else _by_spelling(version).get(_spelled(code_or_name))


def canonical(version: str, typed: str) -> str:
    """The English name of the term that a text names in an edition; the text itself where it names none of them.

    By this name terms are stored, compared and counted, whichever of their names was typed.
    """
    found = term(version, typed) if version in VERSIONS else None
    return typed if found is None else found.name


def as_term(version: str, value: Value) -> Value:
    """A typed answer as it is stored: by the name of the term it names, with what was typed beside it."""
    return replace(value, value=canonical(version, value.value)) if value.value else value


_BRITISH = (
    ("ae", "e"),
    ("oe", "e"),
    ("our", "or"),
    ("leuco", "leuko"),
    ("sulph", "sulf"),
    ("is", "iz"),
    ("ys", "yz"),
    ("re ", "er "),
)
"""Differences of British and American spelling; applied to both sides, so that neither is preferred."""


@lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    """A name as it is compared: without case, width, punctuation, and as one spelling of English."""
    text = _plain(_PUNCTUATION.sub(" ", name)) + " "
    for british, american in _BRITISH:
        text = text.replace(british, american)
    return text.strip()


@cache
def _by_spelling(version: str) -> Mapping[str, Term]:
    found: dict[str, Term] = {}
    for one in edition(version).terms:
        for name in (one.name, one.code, one.zh):
            found.setdefault(_spelled(name), one)
    return found


def needs_text(term: Term) -> bool:
    """Whether the term is one of the "Other, specify" ones, which say nothing without a text."""
    return term.name.endswith(_OTHER)


def check_choice(version: str, code_or_name: str, grade: int, text: str = "") -> Term:
    """The term of a choice that may be made. Raises `Refusal`: no such term, a grade it lacks, "Other" without text."""
    found = term(version, code_or_name)
    if found is None:
        raise Refusal("grade.no_such_term", term=code_or_name, version=version)
    if grade not in found.grades:
        raise Refusal("grade.term_lacks_grade", term=found.name, grade=grade)
    if needs_text(found) and not text.strip():
        raise Refusal("grade.other_needs_text", term=found.name)
    return found


def soc_label(version: str, soc: str, language: str) -> str:
    """An organ class in a language; its Chinese name is that of its "Other, specify" term."""
    if language != "zh":
        return soc
    others = (one.zh for one in edition(version).terms if one.soc == soc and needs_text(one) and one.zh)
    return next(others, soc).partition("－")[0]


def _plain(text: str) -> str:
    return " ".join(folded(text).lower().replace("-", " ").replace(",", " ").split())


@cache
def _index(version: str) -> tuple[_Entry, ...]:
    zh = chinese_names()
    made: list[_Entry] = []
    for one in edition(version).terms:
        name = _plain(one.name)
        _, initials, pinyin = zh.get(one.name, ("", "", ""))
        made.append(_Entry(one, name, tuple(name.split()), one.zh.lower(), initials, pinyin))
    return tuple(made)


@cache
def _synonyms() -> Mapping[str, Sequence[str]]:
    raw = json.loads(folder("ctcae", "synonyms.json").read_text(encoding="utf-8"))
    return {_plain(words): names for words, names in raw.items()}


def find_terms(
    version: str, query: str, language: str, expected: Iterable[str] = (), limit: int = 20
) -> tuple[TermHit, ...]:
    """Terms that a typed text may mean, the best first.

    Among those that contain what was typed the study's ``expected`` terms (names or codes) come first; guesses at slips
    of the fingers follow. An empty query gives the expected terms, then all by name.
    """
    wanted = frozenset(expected)
    asked = _plain(query)
    scores = {entry.term.code: _score(entry, asked) for entry in _index(version)} if asked else {}
    hits: list[tuple[bool, TermHit]] = []
    by_synonym = _named_otherwise(asked) if asked else {}
    direct = len(by_synonym) + sum(score > 0 for score in scores.values())
    guesses = _guesses(version, asked) if direct < (1 if len(asked) <= _FUZZY_FROM else limit) else {}
    for entry in _index(version):
        one = entry.term
        score = max(scores.get(one.code, 0), by_synonym.get(one.name, 0))
        guess = not score and guesses.get(one.code, 0)
        if asked and not score and not guess:
            continue
        label = one.zh if language == "zh" and one.zh else one.name
        likely = one.name in wanted or one.code in wanted
        hits.append((bool(guess), TermHit(one, label, score or guesses.get(one.code, 0), likely)))
    hits.sort(key=lambda hit: (hit[0], not hit[1].expected, -hit[1].score, len(hit[1].term.name), hit[1].term.name))
    if not asked:
        hits.sort(key=lambda hit: (not hit[1].expected, hit[1].term.name))
    return tuple(hit for _, hit in hits[:limit])


def _score(entry: _Entry, asked: str) -> int:
    """How well an entry contains what was typed: 100 the whole name, 0 not at all."""
    if asked in (entry.name, entry.zh, entry.term.code):
        return 100
    if not asked.isascii():
        return _score_chinese(entry, asked)
    if entry.name.startswith(asked):
        return 95
    typed = asked.split()
    if all(any(word.startswith(part) for word in entry.words) for part in typed):
        return 90 if entry.words[0].startswith(typed[0]) else 85
    if entry.initials and " " not in asked:
        if entry.initials == asked:
            return 92
        if entry.initials.startswith(asked) and len(asked) > 1:
            return 80
        if entry.pinyin.startswith(asked) and len(asked) > 2:
            return 78
    if len(asked) >= _FUZZY_FROM and asked in entry.name:
        return 70
    if len(asked) > _FUZZY_FROM and (asked in entry.initials or asked in entry.pinyin):
        return 60
    return 0


def _score_chinese(entry: _Entry, asked: str) -> int:
    if entry.zh.startswith(asked):
        return 95
    if asked in entry.zh:
        return 85
    letters = asked.replace(" ", "")
    at = 0
    for letter in letters:
        at = entry.zh.find(letter, at) + 1
        if at == 0:
            return 0
    return 65 if len(letters) > 1 else 0


def _named_otherwise(asked: str) -> dict[str, int]:
    """Terms by other words for them, e.g. the abbreviation or what the ward says."""
    found: dict[str, int] = {}
    for words, names in _synonyms().items():
        score = 94 if words == asked else 75 if len(asked) > 1 and words.startswith(asked) else 0
        for place, name in enumerate(names if score else ()):
            found[name] = max(found.get(name, 0), score - place)
    return found


def _guesses(version: str, asked: str) -> dict[str, int]:
    """Terms whose name is nearly what was typed."""
    if len(asked) < _FUZZY_FROM:
        return {}
    from rapidfuzz import fuzz, process  # loaded when a text fits nothing by itself

    entries = _index(version)
    names = [entry.name for entry in entries] if asked.isascii() else [entry.zh for entry in entries]
    scorer = fuzz.token_set_ratio if asked.isascii() else fuzz.ratio
    least = _FUZZY_LEAST if asked.isascii() else 60
    found: dict[str, int] = {}
    for score_with in (scorer, fuzz.WRatio) if asked.isascii() else (scorer,):
        for _, score, place in process.extract(asked, names, scorer=score_with, score_cutoff=least, limit=40):
            code = entries[place].term.code
            found[code] = max(found.get(code, 0), min(69, int(score * 0.7)))
    for entry in entries if asked.isascii() else ():
        close = max((fuzz.ratio(asked, word[: len(asked) + 1]) for word in entry.words), default=0)
        if close >= 80:
            found[entry.term.code] = max(found.get(entry.term.code, 0), min(69, int(close * 0.7)))
    return found


@cache
def _descriptions() -> Mapping[str, Mapping[str, object]]:
    raw: Mapping[str, Mapping[str, object]] = json.loads(
        folder("ctcae", "descriptions.json").read_text(encoding="utf-8")
    )
    return raw


def described_terms() -> tuple[str, ...]:
    """Names of the terms that have descriptions of their own."""
    return tuple(_descriptions()["terms"])


def describe(
    version: str, code_or_name: str, grade: int, language: str, official: Mapping[str, Mapping[str, str]] | None = None
) -> Described | None:
    """The meaning of a grade of a term; None for a grade the term doesn't have.

    ``official``: wording read from NCI's workbook (code -> grade -> text), shown before any other. Then this house's
    own words, then the numbers of the tables, then the general scale.
    """
    found = term(version, code_or_name)
    if found is None or grade not in found.grades:
        return None
    if official is not None and (wording := official.get(found.code, {}).get(str(grade))):
        return Described(wording, "official")
    own = _own_words(found.name, grade, language)
    if own:
        return Described(own, "own")
    numbers = _numbers(version, found, grade, language)
    if numbers:
        return Described(numbers, "numbers")
    return Described(_words(_descriptions()["scale"], grade, language), "scale")


def _words(grades: Mapping[str, object], grade: int, language: str) -> str:
    texts = grades.get(str(grade))
    if not isinstance(texts, Mapping):
        return ""
    return str(texts.get(language) or texts.get("en") or "")


def _own_words(name: str, grade: int, language: str) -> str:
    found = _descriptions()["terms"].get(name)
    if isinstance(found, str):
        found = _descriptions()["patterns"].get(found)
    return _words(found, grade, language) if isinstance(found, Mapping) else ""


def _numbers(version: str, found: Term, grade: int, language: str) -> str:
    """The numeric steps of a grade in each published unit, one after the other."""
    by_analyte: dict[str, list[str]] = {}
    for analyte, routes in edition(version).routes.items():
        for route in routes:
            if route["term"] != found.code:
                continue
            cuts = [
                pretty(cut, language) + ("" if unit == "*" else f" {unit}")
                for row in route["rows"]
                if row["grade"] == grade
                for unit, cut in row["cut"].items()
            ]
            text = say(language, "grade.or").join(dict.fromkeys(cuts))
            if cuts and text not in by_analyte.setdefault(analyte, []):
                by_analyte[analyte].append(text)
    named = len(by_analyte) > 1  # what is measured needs a name only where several things are
    return "; ".join(f"{analyte}: {text}" if named else text for analyte, texts in by_analyte.items() for text in texts)
