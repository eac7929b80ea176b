"""The cohort report a definition asks for: sets, endpoints, divisions and comparisons, as plain dataclasses."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Text = dict[str, str]
"""Words by language: ``{"en": ..., "zh": ...}``."""


@dataclass(frozen=True)
class AnalysisSet:
    """Who is counted: expression on the subject."""

    id: str
    label: Text
    holds: str
    flow: bool = True
    """Whether the flow diagram steps through it; a set that is no part of the one before it does not."""


@dataclass(frozen=True)
class Variable:
    """A row of the baseline table: ``number`` gives median (range), ``category`` n (%), ``yes`` n (%) of true."""

    id: str
    label: Text
    value: str
    kind: Literal["number", "category", "yes"]
    codelist: str = ""
    unit: str = ""
    decimals: int = 1


@dataclass(frozen=True)
class ResponseEndpoint:
    """Response at a time point: ``value`` gives a code of ``codelist``, ``evaluable`` the denominator."""

    id: str
    label: Text
    value: str
    codelist: str
    responders: tuple[str, ...]
    shown: tuple[str, ...]
    evaluable: str
    note: Text = field(default_factory=dict)
    by: tuple[str, ...] = ()
    """Ids of divisions: rates of their groups with a test, and a forest plot."""
    course: bool = True
    """Whether the flow and the course of each patient show it; tables always do."""
    set: str = ""
    """Id of the set of whom ``evaluable`` chooses; "" is the set ``safety``, or the first when there is none."""


@dataclass(frozen=True)
class SurvivalEndpoint:
    """Time from ``origin`` to ``event`` (dates); without event censored at ``censor`` or the cut-off."""

    id: str
    label: Text
    origin: str
    event: str
    censor: str
    set: str
    interval: Literal["log-log", "plain"] = "log-log"
    landmarks: tuple[Decimal, ...] = ()
    note: Text = field(default_factory=dict)
    by: tuple[str, ...] = ()
    """Ids of divisions: curves of their groups with the log-rank test."""


@dataclass(frozen=True)
class Milestone:
    """A dated thing shown in flow, swimmer and death tables: transplant, death, relapse. ``value`` gives its date."""

    id: str
    label: Text
    value: str
    symbol: Literal["diamond", "cross", "circle", "triangle", "square"] = "circle"


@dataclass(frozen=True)
class Trend:
    """A measurement drawn over time for each subject (``FORM.ITEM``)."""

    item: str
    label: Text
    log: bool = False


@dataclass(frozen=True)
class Division:
    """A way to divide patients: ``value`` gives a code of ``codelist``; unknown leaves a patient out of its groups.

    ``shown`` are the groups to show, in order; empty: every code that occurs, in the order of the list.
    """

    id: str
    label: Text
    value: str
    codelist: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A measurement before and after in the same patients of ``set``: medians and a test of the two.

    The signed-rank test is for paired values; the rank-sum test takes the two as independent groups.
    """

    id: str
    label: Text
    before: str
    after: str
    set: str
    unit: str = ""
    decimals: int = 1
    test: Literal["signed-rank", "rank-sum"] = "signed-rank"


@dataclass(frozen=True)
class OutcomeTable:
    """A table of variables over a set, beside its groups when ``by`` names a division.

    A variable that is unknown for a patient leaves the patient out of its denominator: "transplanted, of the
    refractory" is unknown for everyone else. ``test`` compares the groups.
    """

    id: str
    label: Text
    set: str
    variables: tuple[Variable, ...]
    by: str = ""
    test: bool = False
    note: Text = field(default_factory=dict)
    section: Literal["response", "exposure"] = "response"
    """Where in the report it stands."""


@dataclass(frozen=True)
class Historical:
    """A share of ``set`` for which ``value`` is true, beside ``count`` of ``of`` patients of an earlier trial."""

    id: str
    label: Text
    value: str
    set: str
    count: int
    of: int
    source: Text


@dataclass(frozen=True)
class DateRule:
    """How reports read one date of a form. ``item`` is ``FORM.ITEM``; rules are asked at its form and row.

    ``not_before`` and ``not_after`` give days beyond which the event can't lie; a bound that leaves no day is passed
    over. ``tells`` names items of the same form that are known only from that day on: how an event ended, which
    relapse a call told of.
    """

    item: str
    take: Literal["", "earliest", "middle", "latest"] = ""
    not_before: str = ""
    not_after: str = ""
    tells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dates:
    """The study's rule for dates known in part: which day is taken of events and beginnings, and of ends."""

    events: Literal["earliest", "middle", "latest"] = "earliest"
    ends: Literal["earliest", "middle", "latest"] = "latest"
    items: tuple[DateRule, ...] = ()


@dataclass(frozen=True)
class Analysis:
    """Everything the cohort report shows."""

    sets: tuple[AnalysisSet, ...] = ()
    baseline: tuple[Variable, ...] = ()
    responses: tuple[ResponseEndpoint, ...] = ()
    survivals: tuple[SurvivalEndpoint, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    deaths: tuple[Variable, ...] = ()
    trends: tuple[Trend, ...] = ()
    adverse_events: str = ""
    """Id of the form that holds adverse events (AEDECOD, AETOXGR, AESTDAT, AESER)."""
    divisions: tuple[Division, ...] = ()
    baseline_by: str = ""
    """Id of the division whose groups stand beside the total in the baseline table."""
    baseline_tests: bool = True
    """Whether the groups of the baseline table are compared by tests; in a randomised trial they are not."""
    pairs: tuple[Pair, ...] = ()
    rank_tests: Literal["exact", "normal"] = "exact"
    """``exact`` where feasible, or the ``normal`` approximation without continuity correction, as SPSS prints it."""
    outcomes: tuple[OutcomeTable, ...] = ()
    historical: tuple[Historical, ...] = ()
    safety_by: str = ""
    """Id of the division whose groups the second table of adverse events compares."""
    safety_until: str = ""
    """Last day whose events count in that table; unknown or empty: all of them."""
    dates: Dates = field(default_factory=Dates)
