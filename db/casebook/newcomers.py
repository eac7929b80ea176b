"""Before a subject is added: the number it would get, and who may be the same person under another number."""

from __future__ import annotations

import re

from db.casebook.casebook import Casebook
from db.casebook.subjects import free_id
from forms.study.definition import Study
from forms.study.names import BIRTH, INITIALS, SEX
from forms.values.dates import parse_date
from forms.values.glyphs import folded
from forms.values.likeness import likeness

_PLAIN_FACT = re.compile(r"(?:\w+\.)*(\w+)")


def next_id(casebook: Casebook) -> str:
    """The number that `Casebook.add_subject` would take now."""
    return free_id(casebook.connection, casebook.study, casebook.site)


def look_alikes(casebook: Casebook, subject: str) -> tuple[str, ...]:
    """Subjects whose id differs from this one only in how it is written."""
    rows = casebook.connection.execute("SELECT id FROM subject ORDER BY id").fetchall()
    return tuple(each for (each,) in rows if likeness(each) == likeness(subject))


def without_values(casebook: Casebook) -> tuple[str, ...]:
    """Subjects for whom nothing has been entered yet: one of them may have been meant."""
    rows = casebook.connection.execute(
        """SELECT id FROM subject WHERE NOT EXISTS (
             SELECT 1 FROM current AS v JOIN spot AS s ON s.id = v.spot WHERE s.subject = subject.id) ORDER BY id"""
    )
    return tuple(each for (each,) in rows)


def resembling(
    casebook: Casebook, *, birth: str = "", sex: str = "", initials: str = ""
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Subjects who may be the person these words describe, most alike first, each with what agrees.

    What agrees is ``birth``, ``initials``, ``sex``. Half of all people share a sex: it names nobody by itself, and one
    that differs excuses nobody, since it may be the slip. A date that is no day and what the study does not ask for
    count as not given.
    """
    items, day = asked_of(casebook.study), parse_date(birth, casebook.clock.today())
    wanted = {"birth": day.canonical if day is not None else "", "initials": _letters(initials), "sex": sex}
    agrees: dict[str, list[str]] = {}
    for name, text in wanted.items():
        if text and name in items:
            for subject, value in _values(casebook, items[name]):
                if (_letters(value) if name == "initials" else value) == text:
                    agrees.setdefault(subject, []).append(name)
    found = {subject: tuple(names) for subject, names in agrees.items() if names != ["sex"]}
    return tuple(sorted(found.items(), key=lambda each: (-len(each[1]), each[0])))


def asked_of(study: Study) -> dict[str, str]:
    """The study's items for ``birth``, ``sex`` and ``initials``, as far as it has them."""
    plain = {fact.id: _PLAIN_FACT.fullmatch(fact.value.strip()) for fact in study.facts if fact.id in (BIRTH, SEX)}
    found = {name: match[1] for name, match in plain.items() if match is not None}
    initials = next((form.known[INITIALS].id for form in study.forms if INITIALS in form.known), "")
    return found | ({"initials": initials} if initials else {})


def _values(casebook: Casebook, item: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = casebook.connection.execute(
        """SELECT DISTINCT s.subject, p.value FROM current AS v JOIN spot AS s ON s.id = v.spot
           JOIN payload AS p ON p.strand = v.strand AND p.seq = v.seq WHERE v.item = ? AND p.value <> ''""",
        (item,),
    ).fetchall()
    return rows


def _letters(initials: str) -> str:
    """Initials without blanks, dots, width and case."""
    return "".join(sign for sign in folded(initials).casefold() if sign.isalnum())
