"""Who the patients were: the baseline table of the definition's variables."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from reportlab.platypus import Flowable

from forms.shown import unit_words
from forms.study.definition import Variable
from forms.values.censored import Amount, Censored
from forms.values.dates import PartialDate
from reports.figure import Figure
from reports.paper.page import Heading
from reports.paper.tables import Column, TableRow, draw_table, row
from reports.pdf.cohort.data import Cohort, Person, as_amount, share
from reports.pdf.cohort.words import Book, count_percent, middle_range
from reports.statistics.describe import describe
from reports.statistics.numbers import rounded

SHORT_LIST = 3
"""Code lists up to this length are shown whole, longer ones as far as they occur."""


def baseline_figures(cohort: Cohort) -> list[Figure]:
    """One to a few figures for each variable, over the first set."""
    found: list[Figure] = []
    for variable in cohort.analysis.baseline:
        answers = [(person, person.value(variable.value)) for person in cohort.enrolled]
        if variable.kind == "number":
            found += number_figures(
                f"baseline.{variable.id}",
                _label(cohort, variable),
                [(person.id, as_amount(answer)) for person, answer in answers],
                variable.unit,
                variable.decimals,
            )
            missing = [person for person, answer in answers if as_amount(answer) is None]
        else:
            found += _category_figures(cohort, variable, answers)
            missing = [person for person, answer in answers if answer is None]
        label = f"{_label(cohort, variable)}, {cohort.say('baseline.missing')}"
        found.append(share(f"baseline.{variable.id}.missing", label, missing, len(answers)))
    return found


def number_figures(
    figure: str, label: str, values: Sequence[tuple[str, Amount | None]], unit: str, decimals: int
) -> list[Figure]:
    """Median, minimum and maximum of the known values, as three figures ending in .median, .min and .max.

    The median of whole numbers may lie between two of them: it is then printed with its half.
    """
    known = [(subject, value) for subject, value in values if value is not None]
    summary = describe([value for _, value in known])
    whole = all(_number(value) == _number(value).to_integral_value() for _, value in known)
    subjects = tuple(subject for subject, _ in known)
    parts = (("median", summary.median), ("min", summary.low), ("max", summary.high))
    return [
        Figure(
            id=f"{figure}.{name}",
            label=f"{label}, {name}",
            value=None if value is None else rounded(_number(value), _places(_number(value), decimals, whole)),
            unit=unit,
            n=len(known),
            denominator=len(values),
            subjects=subjects,
            sign=value.sign if isinstance(value, Censored) else "",
        )
        for name, value in parts
    ]


def _number(value: Amount) -> Decimal:
    return value.number if isinstance(value, Censored) else value


def _places(value: Decimal, decimals: int, whole: bool) -> int:
    return 1 if whole and not decimals and value != value.to_integral_value() else decimals


def _label(cohort: Cohort, variable: Variable) -> str:
    return cohort.said(variable.label)


def _category_figures(cohort: Cohort, variable: Variable, answers: Sequence[tuple[Person, object]]) -> list[Figure]:
    label = _label(cohort, variable)
    known = [(person, answer) for person, answer in answers if answer is not None]
    if variable.kind == "yes":
        members = [person for person, answer in known if answer is True]
        return [share(f"baseline.{variable.id}", label, members, len(known))]
    return [
        share(
            f"baseline.{variable.id}.{code}",
            f"{label}: {code_label(cohort, variable.codelist, code)}",
            [person for person, answer in known if category(answer) == code],
            len(known),
        )
        for code in _codes(cohort, variable, [category(answer) for _, answer in known])
    ]


def category(answer: object) -> str:
    """The code or text that an answer is counted under."""
    if isinstance(answer, bool):
        return "Y" if answer else "N"
    if isinstance(answer, PartialDate):
        return answer.canonical
    return ";".join(map(str, answer)) if isinstance(answer, tuple) else str(answer)


def _codes(cohort: Cohort, variable: Variable, present: Sequence[str]) -> list[str]:
    codelist = cohort.study.codelist_by_id.get(variable.codelist)
    listed = [entry.code for entry in codelist.codes] if codelist else []
    if len(listed) > SHORT_LIST:
        listed = [code for code in listed if code in present]
    return listed + sorted(set(present) - set(listed))


def code_label(cohort: Cohort, codelist: str, code: str) -> str:
    """Label of a code, the code itself when the list does not know it."""
    found = cohort.study.codelist_by_id.get(codelist)
    label = found.labels.get(code) if found else None
    return cohort.said(label) if label else code


def draw_baseline(cohort: Cohort, book: Book) -> list[Flowable]:
    """Heading and table."""
    total = len(cohort.enrolled)
    rows: list[TableRow] = []
    for variable in cohort.analysis.baseline:
        rows += _variable_rows(cohort, variable, book)
    columns = (
        Column(cohort.say("baseline.characteristic"), wrap=True),
        Column(f"{cohort.enrolled_label}\n(n = {total})", "point"),
    )
    table = draw_table(
        columns,
        rows,
        language=cohort.language,
        title=cohort.table("baseline.title", n=total),
        note=cohort.say("baseline.note", set=cohort.enrolled_label),
    )
    return [Heading(cohort.say("baseline.head"), 0, "baseline", cohort.language), table]


def _names_unit(variable: Variable) -> bool:
    """Whether the label already says the unit, in whichever language."""
    return any(variable.unit in label for label in variable.label.values())


def _variable_rows(cohort: Cohort, variable: Variable, book: Book) -> list[TableRow]:
    label, base = _label(cohort, variable), f"baseline.{variable.id}"
    missing = book[f"{base}.missing"]
    tail = [row(cohort.say("baseline.missing"), str(missing.n), kind="indent")] if missing.n else []
    if variable.kind == "number":
        plain = variable.unit in ("", "a", "d", "1") or _names_unit(variable)
        shown = label if plain else cohort.say("narrowed", name=label, by=unit_words(variable.unit, cohort.language))
        parts = (book[f"{base}.{name}"] for name in ("median", "min", "max"))
        return [row(shown, middle_range(*parts)), *tail]
    if variable.kind == "yes":
        return [row(label, count_percent(book[base])), *tail]
    figures = [figure for figure in book.under(f"{base}.") if figure.id != f"{base}.missing"]
    names = [figure.label.removeprefix(f"{label}: ") for figure in figures]
    return [
        row(label, kind="group"),
        *(row(name, count_percent(figure), kind="indent") for name, figure in zip(names, figures, strict=True)),
        *tail,
    ]
