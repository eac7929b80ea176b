"""What was given: cycles begun, amounts of each drug and the share of the plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from reportlab.platypus import Flowable

from forms.shown import unit_words
from forms.study.definition import Drug
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, Row, draw_table, row
from reports.pdf.cohort.baseline import number_figures
from reports.pdf.cohort.data import Cohort, Person, as_date, share
from reports.pdf.cohort.words import Book, count_percent, middle_range

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
    given: list[tuple[str, Decimal | None]] = []
    relative: list[tuple[str, Decimal | None]] = []
    doses: list[tuple[str, Decimal | None]] = []
    receivers = [person for person in cohort.treated if person.value(drug.received) is True]
    for person in receivers:
        amounts = {no: _amounts(cohort, drug, person, no) for no in begun[person.id]}
        known = [amount for amount, _ in amounts.values() if amount is not None]
        summed = sum(known, Decimal(0)) if known else None
        given.append((person.id, person.number(drug.given) if drug.given else summed))
        relative.append((person.id, _relative(cohort, person, amounts, begun[person.id])))
        doses.append((person.id, person.number(drug.doses)))
    patients = cohort.say("exposure.patients")
    found = [share(f"{base}.patients", f"{name}: {patients}", receivers, len(cohort.treated))]
    if any(count for _, count in doses):
        found += number_figures(f"{base}.doses", f"{name}: {cohort.say('exposure.doses')}", doses, "", 0)
    found += number_figures(f"{base}.cumulative", f"{name}: {cohort.say('exposure.cumulative')}", given, drug.unit, 0)
    if drug.given and not drug.cycle_planned:
        return found
    found += number_figures(f"{base}.relative", f"{name}: {cohort.say('exposure.relative')}", relative, "%", 1)
    return found


def _amounts(cohort: Cohort, drug: Drug, person: Person, no: str) -> tuple[Decimal | None, Decimal | None]:
    return (
        person.number(drug.cycle_given, cohort.study.cycle_event, no),
        person.number(drug.cycle_planned, cohort.study.cycle_event, no),
    )


def _relative(
    cohort: Cohort,
    person: Person,
    amounts: dict[str, tuple[Decimal | None, Decimal | None]],
    begun: dict[str, date],
) -> Decimal | None:
    """Given over planned in percent, over cycles that are not running any more and whose amounts are known."""
    running = _running_cycle(cohort, person, begun)
    pairs = [
        (given, planned)
        for no, (given, planned) in amounts.items()
        if no != running and given is not None and planned is not None
    ]
    planned = sum((pair[1] for pair in pairs), Decimal(0))
    return HUNDRED * sum((pair[0] for pair in pairs), Decimal(0)) / planned if planned else None


def _running_cycle(cohort: Cohort, person: Person, begun: dict[str, date]) -> str:
    """The last cycle begun, while the day planned for the next one is not past and the patient lives."""
    if not begun or person.id in cohort.dead:
        return ""
    last = max(begun, key=lambda no: begun[no])
    event = cohort.study.event_by_id[cohort.study.cycle_event]
    if not last.isdecimal() or not event.planned:
        return ""
    following = as_date(person.value(event.planned, event.id, str(int(last) + 1)))
    return last if following is not None and following > cohort.day else ""


def draw_exposure(cohort: Cohort, book: Book) -> list[Flowable]:
    """Cycles begun and the table of drugs."""
    total = len(cohort.treated)
    rows: list[Row] = []
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
    by_cycle = any(f"exposure.{drug.id.lower()}.relative.median" in book for drug in cohort.study.drugs)
    for drug in cohort.study.drugs:
        base = f"exposure.{drug.id.lower()}"
        doses = _range(book, f"{base}.doses") if f"{base}.doses.median" in book else "–"
        rule = cohort.said(drug.rule) if drug.rule else ""
        rows.append(
            row(
                f"{cohort.said(drug.label)}\n{rule}" if rule else cohort.said(drug.label),
                count_percent(book[f"{base}.patients"]),
                doses,
                _range(book, f"{base}.cumulative"),
                unit_words(drug.unit, cohort.language),
                *([_range(book, f"{base}.relative") if f"{base}.relative.median" in book else "–"] if by_cycle else []),
            )
        )
    columns = [
        Column(cohort.say("exposure.drug"), wrap=True),
        Column(cohort.say("exposure.patients_head"), "point"),
        Column(cohort.say("exposure.doses_head"), "point"),
        Column(cohort.say("exposure.cumulative_head"), "point"),
        Column(cohort.say("exposure.unit"), "left"),
    ]
    columns += [Column(cohort.say("exposure.relative_head"), "point")] if by_cycle else []
    return draw_table(
        columns,
        rows,
        language=cohort.language,
        title=cohort.table("exposure.drugs_title", n=total),
        note=cohort.say("exposure.note" if by_cycle else "exposure.note_whole"),
    )


def _range(book: Book, base: str) -> str:
    return middle_range(*(book[f"{base}.{name}"] for name in ("median", "min", "max")))
