"""Measurements before and after in the same patients, and results beside those of earlier trials."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from reportlab.platypus import CondPageBreak, Flowable

from forms.shown import unit_words
from forms.study.analysis import Pair
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.baseline import number_figures
from reports.pdf.cohort.data import Cohort, share
from reports.pdf.cohort.groups import marks_of, p_figure, p_words, plain_ranks, tell, test_names
from reports.pdf.cohort.words import Book, middle_range, part_percent
from reports.statistics.comparisons import Tested, pearson, rank_sum, signed_rank
from reports.statistics.numbers import percent

PARTS = ("before", "after")


def pair_figures(cohort: Cohort) -> list[Figure]:
    """Of each pair: median, minimum and maximum before and after, and the test."""
    found: list[Figure] = []
    for pair in cohort.analysis.pairs:
        values = _values(cohort, pair)
        for at, part in enumerate(PARTS):
            by = tell(cohort, f"pairs.part_{part}")
            label = cohort.say("narrowed", name=cohort.said(pair.label), by=by)
            shown = [(subject, both[at]) for subject, both in values.items()]
            found += number_figures(f"pair.{pair.id}.{part}", label, shown, pair.unit, pair.decimals)
        people = [person for person in cohort.sets[pair.set] if person.id in values]
        label = cohort.say("narrowed", name=cohort.said(pair.label), by=tell(cohort, "pairs.part_p"))
        found.append(p_figure(f"pair.{pair.id}.p", label, _test(cohort, pair, list(values.values())), people))
    return found


def _values(cohort: Cohort, pair: Pair) -> dict[str, tuple[Decimal, Decimal]]:
    """Both values of each member of the set that has both."""
    found = {}
    for person in cohort.sets[pair.set]:
        before, after = person.number(pair.before), person.number(pair.after)
        if before is not None and after is not None:
            found[person.id] = (before, after)
    return found


def _test(cohort: Cohort, pair: Pair, values: list[tuple[Decimal, Decimal]]) -> Tested:
    plain = plain_ranks(cohort)
    if pair.test == "rank-sum":
        return rank_sum([before for before, _ in values], [after for _, after in values], plain=plain)
    return signed_rank([after - before for before, after in values], plain=plain)


def draw_pairs(cohort: Cohort, book: Book) -> list[Flowable]:
    """The table; a line with the set's name stands over its measurements. Nothing when the definition has none."""
    if not cohort.analysis.pairs:
        return []
    columns = (
        Column(tell(cohort, "pairs.column"), wrap=True),
        Column(tell(cohort, "pairs.n"), "right"),
        Column(tell(cohort, "pairs.before"), "point"),
        Column(tell(cohort, "pairs.after"), "point"),
        Column(tell(cohort, "p_head"), "right", width=44),
    )
    rows: list[TableRow] = []
    tested = [book[f"pair.{pair.id}.p"] for pair in cohort.analysis.pairs]
    marks = marks_of(tested)
    over = ""
    for pair in cohort.analysis.pairs:
        if pair.set != over:
            over = pair.set
            rows.append(row(tell(cohort, "of", name=cohort.set_label(over), n=len(cohort.sets[over])), kind="group"))
        rows.append(_row(cohort, pair, book, marks))
    tests = test_names(cohort, tested)
    title = tell(cohort, "pairs.title", no=cohort.next_table())
    note = tell(cohort, "pairs.note", tests=tests)
    table = draw_table(columns, rows, language=cohort.language, title=title, note=note)
    return [CondPageBreak(200), Heading(tell(cohort, "pairs.head"), 1, "pairs", cohort.language), table]


def _row(cohort: Cohort, pair: Pair, book: Book, marks: Mapping[str, str]) -> TableRow:
    label = cohort.said(pair.label)
    named = not pair.unit or any(pair.unit in words for words in pair.label.values())
    shown = label if named else cohort.say("narrowed", name=label, by=unit_words(pair.unit, cohort.language))
    cells = [
        middle_range(*(book[f"pair.{pair.id}.{part}.{one}"] for one in ("median", "min", "max"))) for part in PARTS
    ]
    p = book[f"pair.{pair.id}.p"]
    return row(shown, str(p.n), *cells, p_words(p, marks), kind="indent")


# --- earlier trials ---------------------------------------------------------------------------------------------------


def historical_figures(cohort: Cohort) -> list[Figure]:
    """The share here, the share there and the test of the two."""
    found: list[Figure] = []
    for other in cohort.analysis.historical:
        people, label = cohort.sets[other.set], cohort.said(other.label)
        known = [person for person in people if person.value(other.value) is not None]
        members = [person for person in known if person.value(other.value) is True]
        base = f"historical.{other.id}"
        found.append(share(f"{base}.here", label, members, len(known), interval=True))
        there = percent(other.count, other.of)
        source = cohort.said(other.source)
        found.append(Figure(f"{base}.there", label, there, "%", other.count, other.of, stratum=source, note=source))
        table = [[len(members), len(known) - len(members)], [other.count, other.of - other.count]]
        found.append(p_figure(f"{base}.p", tell(cohort, "p_of", name=label), pearson(table), known))
    return found


def draw_historical(cohort: Cohort, book: Book) -> list[Flowable]:
    """The table; nothing when the definition names no earlier trial."""
    if not cohort.analysis.historical:
        return []
    columns = (
        Column(tell(cohort, "historical.column"), wrap=True),
        Column(tell(cohort, "historical.here"), "point"),
        Column(tell(cohort, "historical.there"), "point"),
        Column(tell(cohort, "p_head"), "right", width=44),
        Column(tell(cohort, "historical.source"), wrap=True),
    )
    rows, tested = [], []
    for other in cohort.analysis.historical:
        here, there, p = (book[f"historical.{other.id}.{part}"] for part in ("here", "there", "p"))
        tested.append(p)
        cells = (part_percent(here), part_percent(there), p_words(p), cohort.said(other.source))
        rows.append(row(cohort.said(other.label), *cells))
    title = tell(cohort, "historical.title", no=cohort.next_table())
    note = tell(cohort, "historical.note", tests=test_names(cohort, tested))
    table = draw_table(columns, rows, language=cohort.language, title=title, note=note)
    return [CondPageBreak(140), Heading(tell(cohort, "historical.head"), 1, "historical", cohort.language), table]
