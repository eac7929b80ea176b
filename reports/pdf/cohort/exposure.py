"""Exposure: cycles begun, amounts of each drug and the share of the plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from reportlab.platypus import Flowable

from forms.shown import unit_words
from forms.study.definition import Drug
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.baseline import number_figures
from reports.pdf.cohort.data import Cohort, Person, as_date, share
from reports.pdf.cohort.words import DASH, Book, count_percent, middle_range

HUNDRED = Decimal(100)


def exposure_figures(cohort: Cohort) -> list[Figure]:
    """Cycles, and for each drug patients, doses, cumulative amount and relative dose."""
    treated = cohort.treated
    begun = {person.id: cohort.cycle_starts(person) for person in treated}
    found: list[Figure] = []
    if cohort.study.cycle_event:
        counts = [(person.id, Decimal(len(begun[person.id]))) for person in treated]
        found += number_figures("exposure.cycles", cohort.say("exposure.cycles"), counts, "", 0)
        numbers = sorted({no for cycles in begun.values() for no in cycles}, key=lambda no: (len(no), no))
        for no in numbers:
            members = [person for person in treated if no in begun[person.id]]
            label = cohort.say("exposure.began", cycle=no)
            found.append(share(f"exposure.began.cycle_{no}", label, members, len(treated)))
    for drug in cohort.study.drugs:
        found += _drug_figures(cohort, drug, begun)
    return found


def _drug_figures(cohort: Cohort, drug: Drug, begun: dict[str, dict[str, date]]) -> list[Figure]:
    base, name = f"exposure.{drug.id.lower()}", cohort.said(drug.label)
    receivers = [person for person in cohort.treated if person.value(drug.received) is True]
    courses = {person.id: _course(cohort, drug, person, begun[person.id]) for person in receivers}
    doses = [(person.id, person.number(drug.doses)) for person in receivers]
    given = [(person.id, _whole(drug, person, courses[person.id])) for person in receivers]
    patients = cohort.say("exposure.patients")
    found = [share(f"{base}.patients", f"{name}: {patients}", receivers, len(cohort.treated))]
    if any(count for _, count in doses):
        found += number_figures(f"{base}.doses", f"{name}: {cohort.say('exposure.doses')}", doses, "", 0)
    found += number_figures(f"{base}.cumulative", f"{name}: {cohort.say('exposure.cumulative')}", given, drug.unit, 0)
    if drug.given and not drug.cycle_planned:
        return found
    relative = [(subject, course.relative) for subject, course in courses.items()]
    found += number_figures(f"{base}.relative", f"{name}: {cohort.say('exposure.relative')}", relative, "%", 1)
    if not drug.cycle_planned:
        return found
    intensity = [(subject, course.intensity) for subject, course in courses.items()]
    return found + number_figures(f"{base}.intensity", f"{name}: {cohort.say('exposure.intensity')}", intensity, "%", 1)


@dataclass(frozen=True)
class Course:
    """A drug in one patient, cycle by cycle. ``done`` are the cycles that are not running any more."""

    amounts: dict[str, tuple[Decimal | None, Decimal | None]]
    done: tuple[str, ...]
    days_planned: int | None
    days_taken: int | None

    @property
    def given(self) -> Decimal | None:
        """Amount of all cycles; not known when the amount of one of them is not known."""
        return _sum([given for given, _ in self.amounts.values()])

    @property
    def relative(self) -> Decimal | None:
        """Given over planned in percent, of the cycles done whose plan is known."""
        pairs = [self.amounts[no] for no in self.done if self.amounts[no][1] is not None]
        given, planned = _sum([pair[0] for pair in pairs]), _sum([pair[1] for pair in pairs])
        return HUNDRED * given / planned if given is not None and planned else None

    @property
    def intensity(self) -> Decimal | None:
        """Amount a time over planned amount a planned time, in percent: delays lower it (Hryniuk, Semin Oncol 1987)."""
        if self.relative is None or not self.days_planned or not self.days_taken:
            return None
        return self.relative * self.days_planned / self.days_taken


def _sum(amounts: list[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _whole(drug: Drug, person: Person, course: Course) -> Decimal | None:
    return person.number(drug.given) if drug.given else course.given


def _course(cohort: Cohort, drug: Drug, person: Person, begun: dict[str, date]) -> Course:
    amounts = {no: _amounts(cohort, drug, person, no) for no in begun}
    running = _running_cycle(cohort, person, begun)
    done = tuple(no for no in begun if no != running)
    return Course(amounts, done, *_times(cohort, person, begun, done))


def _times(
    cohort: Cohort, person: Person, begun: dict[str, date], done: tuple[str, ...]
) -> tuple[int | None, int | None]:
    """Days the cycles done should have taken, and days to the next cycle or to the planned end of the last one."""
    lengths = {no: _length(cohort, person, no, begun[no]) for no in done}
    known = [length for length in lengths.values() if length is not None]
    if not done or len(known) < len(done):
        return None, None
    last = max(done, key=lambda no: begun[no])
    after = [day for no, day in begun.items() if no not in done and day > begun[last]]
    end = min(after) if after else begun[last] + timedelta(days=lengths[last] or 0)
    return sum(known), (end - min(begun[no] for no in done)).days


def _length(cohort: Cohort, person: Person, no: str, start: date) -> int | None:
    """Days from the first day of a cycle to the day planned for the next one; None where the plan does not say."""
    following = _planned_day(cohort, person, str(int(no) + 1)) if no.isdecimal() else None
    return (following - start).days if following is not None and following > start else None


def _planned_day(cohort: Cohort, person: Person, no: str) -> date | None:
    event = cohort.study.event_by_id[cohort.study.cycle_event]
    return as_date(person.value(event.planned, event.id, no)) if event.planned else None


def _amounts(cohort: Cohort, drug: Drug, person: Person, no: str) -> tuple[Decimal | None, Decimal | None]:
    return (
        person.number(drug.cycle_given, cohort.study.cycle_event, no),
        person.number(drug.cycle_planned, cohort.study.cycle_event, no),
    )


def _running_cycle(cohort: Cohort, person: Person, begun: dict[str, date]) -> str:
    """The last cycle begun, while the day planned for the next one is not past and the patient lives."""
    if not begun or person.id in cohort.dead:
        return ""
    last = max(begun, key=lambda no: begun[no])
    following = _planned_day(cohort, person, str(int(last) + 1)) if last.isdecimal() else None
    return last if following is not None and following > cohort.day else ""


def draw_exposure(cohort: Cohort, book: Book) -> list[Flowable]:
    """Cycles begun and the table of drugs."""
    total = len(cohort.treated)
    rows: list[TableRow] = []
    if cohort.study.cycle_event:
        parts = (book[f"exposure.cycles.{name}"] for name in ("median", "min", "max"))
        rows.append(row(cohort.say("exposure.cycles_row"), middle_range(*parts)))
        rows += [row(figure.label, count_percent(figure), kind="indent") for figure in book.under("exposure.began.")]
    flowables: list[Flowable] = [Heading(cohort.say("exposure.head"), 0, "exposure", cohort.language)]
    if rows:
        columns = (Column("", wrap=True), Column(f"{cohort.treated_label}\n(n = {total})", "point"))
        title = cohort.table("exposure.cycles_title", n=total)
        flowables.append(draw_table(columns, rows, language=cohort.language, title=title))
    flowables.append(_drug_table(cohort, book, total))
    return flowables


def _drug_table(cohort: Cohort, book: Book, total: int) -> Flowable:
    rows = []
    by_cycle = any(drug.cycle_planned for drug in cohort.study.drugs)
    for drug in cohort.study.drugs:
        base = f"exposure.{drug.id.lower()}"
        doses = _range_or_dash(book, f"{base}.doses")
        rule = cohort.said(drug.rule) if drug.rule else ""
        rows.append(
            row(
                f"{cohort.said(drug.label)}\n{rule}" if rule else cohort.said(drug.label),
                count_percent(book[f"{base}.patients"]),
                doses,
                _range(book, f"{base}.cumulative"),
                unit_words(drug.unit, cohort.language),
                *(_range_or_dash(book, f"{base}.{name}") for name in ("relative", "intensity") if by_cycle),
            )
        )
    columns = [
        Column(cohort.say("exposure.drug"), wrap=True),
        Column(cohort.say("exposure.patients_head"), "point"),
        Column(cohort.say("exposure.doses_head"), "point"),
        Column(cohort.say("exposure.cumulative_head"), "point"),
        Column(cohort.say("exposure.unit"), "left"),
    ]
    columns += [Column(cohort.say(f"exposure.{name}_head"), "point") for name in ("relative", "intensity") if by_cycle]
    return draw_table(
        columns,
        rows,
        language=cohort.language,
        title=cohort.table("exposure.drugs_title", n=total),
        note=cohort.say("exposure.note" if by_cycle else "exposure.note_whole"),
    )


def _range(book: Book, base: str) -> str:
    return middle_range(*(book[f"{base}.{name}"] for name in ("median", "min", "max")))


def _range_or_dash(book: Book, base: str) -> str:
    return _range(book, base) if f"{base}.median" in book else DASH
