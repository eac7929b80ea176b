"""How figures are written in cells and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from forms.texts import say
from reports.figure import Figure

NE = "NE"
DASH = "–"


class Book:
    """All figures of the report by id. A cell that shows a number takes it from here."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self.figures = tuple(figures)
        self._by_id = {figure.id: figure for figure in self.figures}
        if len(self._by_id) != len(self.figures):
            raise ValueError("two figures share an id")

    def __getitem__(self, figure: str) -> Figure:
        return self._by_id[figure]

    def __contains__(self, figure: object) -> bool:
        return figure in self._by_id

    def under(self, prefix: str) -> Iterator[Figure]:
        """Figures whose id begins with a dotted prefix."""
        return (figure for figure in self.figures if figure.id.startswith(prefix))


def number(value: object) -> str:
    """A number as printed, NE when there is none."""
    if value is None:
        return NE
    text = str(value)
    return "−" + text[1:] if isinstance(value, Decimal | int) and text.startswith("-") else text


def percent(value: object, language: str) -> str:
    """A number of percent as a language writes it: ``83.3 %``, in Chinese ``83.3%``; NE when there is none."""
    return NE if value is None else say(language, "reports.percent", value=number(value))


def interval(figure: Figure) -> str:
    """``35.9–99.6``; NE when neither limit can be estimated, one of them NE when it is the only one."""
    if figure.ci_low is None and figure.ci_high is None:
        return NE
    return f"{number(figure.ci_low)}{DASH}{number(figure.ci_high)}"


def count_percent(figure: Figure) -> str:
    """``6 (85.7)``; only the count when there is nothing to divide by."""
    return f"{figure.n} ({figure.value})" if figure.denominator else str(figure.n)


def part_percent(figure: Figure) -> str:
    """``5/6 (83.3)``."""
    return f"{figure.n}/{figure.denominator}" + (f" ({figure.value})" if figure.denominator else "")


def middle_range(median: Figure, low: Figure, high: Figure) -> str:
    """``32 (26–54)``, ``1000 (<500 – >100000)``; NE of nothing."""
    if median.value is None:
        return NE
    between = f" {DASH} " if low.sign or high.sign else DASH
    return f"{signed(median)} ({signed(low)}{between}{signed(high)})"


def signed(figure: Figure) -> str:
    """The number of a figure with the sign its assay gave it: ``<500``."""
    return figure.sign.replace("<=", "≤").replace(">=", "≥") + number(figure.value)
