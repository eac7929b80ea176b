"""Adverse events by class and term, each patient once at the worst grade; worst laboratory grades against baseline."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256

from reportlab.platypus import Flowable, Paragraph

from forms.grading import tables
from forms.grading.grade import term_label
from forms.grading.result import StoredGrade, read_stored
from forms.place import GRADE_MARK
from forms.study.names import AE_END, AE_GRADE, AE_SERIOUS, AE_START, AE_TERM, AE_WORDS, YES
from forms.subject.applies import counted, form_counts
from forms.texts import say
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.style import marked, paragraph_style
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import Cohort, Person, as_date, share
from reports.pdf.cohort.words import Book, count_percent

SEVERE = 3
MARK = len(GRADE_MARK)
GRADES = (0, 1, 2, 3, 4)
ABOUT_EVENTS = (AE_TERM, AE_WORDS, AE_GRADE, AE_START, AE_END, AE_SERIOUS)


@dataclass(frozen=True, slots=True)
class AdverseEvent:
    """An adverse event of one patient. ``grade`` 0 = not graded yet."""

    term: str
    grade: int
    serious: bool


def slug(name: str) -> str:
    """A term or class as a part of a figure's id."""
    return re.sub(r"[^0-9a-z\u4e00-\u9fff]+", "_", name.lower()).strip("_") or "none"


def term_id(version: str, term: str) -> str:
    """A term as a part of a figure's id. What a person wrote in own words keeps apart by a mark of its letters."""
    plain = slug(term)
    if _class_of(version, term) or term == plain.replace("_", " "):
        return plain
    return f"{plain[:40]}_{sha256(term.encode()).hexdigest()[:12]}"


def events_of(cohort: Cohort, person: Person, until: date | None = None) -> list[AdverseEvent]:
    """Events that began on or after the first dose and by ``until``, or whose beginning is not known."""
    subject, form = person.subject, cohort.study.form_by_id.get(cohort.analysis.adverse_events)
    if form is None or AE_TERM not in form.known:
        return []
    group, dose = form.group_of[form.known[AE_TERM].id].id, subject.first_dose
    found = []
    for key, at, number in subject.instances(form.id):
        if at not in ("", group):
            continue
        filled = subject.filled(key)
        said = {
            name: counted(subject, filled, number, form.known[name].id) for name in ABOUT_EVENTS if name in form.known
        }
        term = said[AE_TERM] or said.get(AE_WORDS)
        start = as_date(said.get(AE_START))
        if term is None or not _began_in(start, as_date(said.get(AE_END)), dose, min(cohort.day, until or cohort.day)):
            continue
        grade = str(said.get(AE_GRADE))
        found.append(AdverseEvent(str(term), int(grade) if grade.isdecimal() else 0, said.get(AE_SERIOUS) == YES))
    return found


def _began_in(start: date | None, end: date | None, dose: date | None, last: date) -> bool:
    """Whether an event may have begun between the first dose and a day; one that had ended before the dose did not."""
    if dose is not None and any(day is not None and day < dose for day in (start, end)):
        return False
    return start is None or start <= last


@cache
def _class_of(version: str, term: str) -> str:
    found = tables.edition(version).by_name.get(term) or tables.edition(version).by_code.get(term)
    return found.soc if found else ""


def class_label(name: str, language: str) -> str:
    """A system organ class in a language; terms without one stand under "not coded"."""
    key = f"reports.soc.{name}" if name else "reports.ae.not_coded"
    told = say(language, key)
    return name if told == key else told


@dataclass
class Tally:
    """Who had a term (or anything of a class): worst grade by subject."""

    worst: dict[str, int] = field(default_factory=dict)

    def add(self, subject: str, grade: int) -> None:
        """Counts an event of a patient."""
        self.worst[subject] = max(grade, self.worst.get(subject, 0))

    def at_least(self, grade: int) -> set[str]:
        """Subjects whose worst grade is at least this."""
        return {subject for subject, worst in self.worst.items() if worst >= grade}


def _tallies(cohort: Cohort) -> tuple[Tally, dict[str, dict[str, Tally]], set[str]]:
    """Of everything, of each term within its class, and who had a serious event."""
    overall, by_class, serious = Tally(), dict[str, dict[str, Tally]](), set[str]()
    for person in cohort.treated:
        for event in events_of(cohort, person):
            overall.add(person.id, event.grade)
            terms = by_class.setdefault(_class_of(cohort.study.ctcae, event.term), {})
            terms.setdefault(event.term, Tally()).add(person.id, event.grade)
            if event.serious:
                serious.add(person.id)
    return overall, by_class, serious


def safety_figures(cohort: Cohort) -> list[Figure]:
    """Adverse events any grade and grade 3 or more, by class and term, then the worst laboratory grades."""
    overall, by_class, serious = _tallies(cohort)
    found = _pair(cohort, "ae.all", cohort.say("ae.any_event"), overall)
    found.append(_share(cohort, "ae.serious", cohort.say("ae.serious"), serious))
    fatal = overall.at_least(5) & cohort.dead.keys()
    found.append(_share(cohort, "ae.all.grade5", cohort.say("ae.fatal"), fatal))
    for name, terms in _by_frequency(by_class):
        together = Tally()
        for tally in terms.values():
            for subject, grade in tally.worst.items():
                together.add(subject, grade)
        label = class_label(name, cohort.language)
        found += _pair(cohort, f"ae.soc.{slug(name)}", label, together)
        for term, tally in sorted(terms.items(), key=lambda pair: (-len(pair[1].worst), pair[0])):
            label = term_label(cohort.study.ctcae, term, cohort.language)
            found += _pair(cohort, f"ae.term.{slug(name)}.{term_id(cohort.study.ctcae, term)}", label, tally)
    return found + lab_figures(cohort)


def _by_frequency(by_class: dict[str, dict[str, Tally]]) -> list[tuple[str, dict[str, Tally]]]:
    """Classes by falling number of patients, the ones not coded last."""
    size = {name: len({one for tally in terms.values() for one in tally.worst}) for name, terms in by_class.items()}
    return sorted(by_class.items(), key=lambda pair: (not pair[0], -size[pair[0]], pair[0]))


def _share(cohort: Cohort, figure: str, label: str, subjects: Iterable[str]) -> Figure:
    chosen = set(subjects)
    members = [person for person in cohort.treated if person.id in chosen]
    return share(figure, label, members, len(cohort.treated))


def _pair(cohort: Cohort, base: str, label: str, tally: Tally) -> list[Figure]:
    severe = cohort.say("narrowed", name=label, by=cohort.say("ae.severe"))
    return [
        _share(cohort, f"{base}.any", label, tally.worst),
        _share(cohort, f"{base}.grade3", severe, tally.at_least(SEVERE)),
    ]


# --- laboratory --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _grades_of(text: str) -> tuple[StoredGrade, ...]:
    return read_stored(text)


@dataclass
class LabTally:
    """Of one CTCAE term: worst grade after the first dose and the grade at baseline, by subject."""

    worst: dict[str, int] = field(default_factory=dict)
    baseline: dict[str, int] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    """Highest grade still possible where a person must decide."""


def lab_tallies(cohort: Cohort) -> dict[str, LabTally]:
    """Grades that the program gave, by term. Baseline: the last before the first dose, by setting also of its day."""
    found: dict[str, LabTally] = {}
    for person in cohort.treated:
        dose = person.subject.first_dose
        if dose is None:
            continue
        dated = []
        for at, (place, value) in enumerate(person.subject.values.items()):
            if place.item[-MARK:] == GRADE_MARK and value.value and form_counts(person.subject, place.form_key):
                day = person.subject.form_date(place.form_key)
                if day is not None:
                    dated.append((day, at, value.value))
        same_day = person.subject.same_day_counts
        for day, _, text in sorted(dated):
            before = day < dose or (same_day and day == dose)
            for one in _grades_of(text):
                _count(found.setdefault(one.term, LabTally()), person.id, one.grade, one.candidates, before)
    return found


def _count(tally: LabTally, subject: str, grade: int | None, candidates: tuple[int, ...], before: bool) -> None:
    if before:
        if grade is not None:
            tally.baseline[subject] = grade
        return
    if grade is not None:
        tally.worst[subject] = max(grade, tally.worst.get(subject, 0))
    elif candidates:
        tally.open[subject] = max(*candidates, tally.open.get(subject, 0))


def lab_figures(cohort: Cohort) -> list[Figure]:
    """For each term with a grade above 0: patients at each worst grade, grade 3 or more, worse than baseline, open."""
    found: list[Figure] = []
    for term, tally in _shown_terms(cohort):
        label, base = term_label(cohort.study.ctcae, term, cohort.language), f"lab.{slug(term)}"
        measured = sorted(tally.worst.keys() | tally.open.keys())
        found.append(_part(cohort, f"{base}.measured", f"{label}: {cohort.say('lab.measured')}", measured, measured))
        for grade in GRADES:
            subjects = [subject for subject, worst in tally.worst.items() if worst == grade]
            text = f"{label}: {cohort.say('lab.worst_grade', grade=grade)}"
            found.append(_part(cohort, f"{base}.grade_{grade}", text, subjects, measured))
        severe = [subject for subject, worst in tally.worst.items() if worst >= SEVERE]
        found.append(_part(cohort, f"{base}.grade3", f"{label}: {cohort.say('ae.severe')}", severe, measured))
        worse = [one for one, worst in tally.worst.items() if one in tally.baseline and worst > tally.baseline[one]]
        based = [one for one in tally.worst if one in tally.baseline]
        found.append(_part(cohort, f"{base}.worse", f"{label}: {cohort.say('lab.worse')}", worse, based))
        undecided = [one for one, highest in tally.open.items() if highest > tally.worst.get(one, -1)]
        found.append(_part(cohort, f"{base}.open", f"{label}: {cohort.say('lab.open')}", undecided, measured))
    return found


def _part(cohort: Cohort, figure: str, label: str, subjects: Iterable[str], whole: Iterable[str]) -> Figure:
    chosen = set(subjects)
    members = [person for person in cohort.treated if person.id in chosen]
    return share(figure, label, members, len(set(whole)))


def _shown_terms(cohort: Cohort) -> list[tuple[str, LabTally]]:
    """Terms with anything to say, most severe and most frequent first."""
    tallies = [(term, tally) for term, tally in lab_tallies(cohort).items() if any(tally.worst.values()) or tally.open]

    def rank(pair: tuple[str, LabTally]) -> tuple[int, int, str]:
        grades = pair[1].worst.values()
        return (-sum(grade >= SEVERE for grade in grades), -sum(grade > 0 for grade in grades), pair[0])

    return sorted(tallies, key=rank)


def draw_safety(cohort: Cohort, book: Book) -> list[Flowable]:
    """Both tables."""
    language, total = cohort.language, len(cohort.treated)
    flowables: list[Flowable] = [Heading(cohort.say("ae.head"), 0, "safety", language)]
    if cohort.analysis.adverse_events:
        flowables.append(_event_table(cohort, book, total))
    else:
        flowables.append(Paragraph(marked(cohort.say("not_defined")), paragraph_style("text", language)))
    flowables.append(Heading(cohort.say("lab.head"), 1, "laboratory", language))
    flowables.append(_lab_table(cohort, book, total))
    return flowables


def _event_table(cohort: Cohort, book: Book, total: int) -> Flowable:
    rows: list[TableRow] = [
        _event_row(book, "ae.all", kind="strong"),
        TableRow((book["ae.serious"].label, count_percent(book["ae.serious"]), "")),
        TableRow((book["ae.all.grade5"].label, count_percent(book["ae.all.grade5"]), "")),
    ]
    for figure in book.under("ae."):
        base = figure.id.removesuffix(".any")
        if figure.id.startswith("ae.soc.") and base != figure.id:
            rows.append(_event_row(book, base, kind="group"))
        elif figure.id.startswith("ae.term.") and base != figure.id:
            rows.append(_event_row(book, base, kind="indent"))
    columns = (
        Column(cohort.say("ae.column"), wrap=True),
        Column(cohort.say("ae.any_head", n=total), "point"),
        Column(cohort.say("ae.severe_head", n=total), "point"),
    )
    return draw_table(
        columns,
        rows,
        language=cohort.language,
        title=cohort.table("ae.title", n=total),
        note=cohort.say("ae.note", version=cohort.study.ctcae, set=cohort.treated_label),
    )


def _event_row(book: Book, base: str, *, kind: str) -> TableRow:
    any_grade, severe = book[f"{base}.any"], book[f"{base}.grade3"]
    cells = (any_grade.label, count_percent(any_grade), count_percent(severe) if severe.n else "0")
    return row(*cells, kind="strong" if kind == "strong" else "group" if kind == "group" else "indent")


def _lab_table(cohort: Cohort, book: Book, total: int) -> Flowable:
    rows = []
    for figure in book.under("lab."):
        base = figure.id.removesuffix(".measured")
        if base == figure.id:
            continue
        worse, severe = book[f"{base}.worse"], book[f"{base}.grade3"]
        counts = [str(book[f"{base}.grade_{grade}"].n or "–") for grade in GRADES]
        name = figure.label.rpartition(": ")[0]
        undecided = str(book[f"{base}.open"].n or "–")
        parts = (f"{worse.n}/{worse.denominator}", count_percent(severe) if severe.n else "0")
        rows.append(row(name, str(figure.n), *counts, undecided, *parts))
    columns = (
        Column(cohort.say("lab.column"), wrap=True),
        Column("n", "right"),
        *(Column(str(grade), "right", width=24) for grade in GRADES),
        Column(cohort.say("lab.open_head"), "right"),
        Column(cohort.say("lab.worse_head"), "centre"),
        Column(cohort.say("lab.severe_head"), "point"),
    )
    return draw_table(
        columns,
        rows,
        language=cohort.language,
        title=cohort.table("lab.title", n=total),
        note=cohort.say("lab.note", version=cohort.study.ctcae),
    )
