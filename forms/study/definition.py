"""The frozen study definition: what may be known in a trial and by which rules.

One set of plain dataclasses. `forms.authoring.load` reads them from YAML (validated by pydantic, every fault with file
and line) and writes them as canonical JSON; `forms.study.canonical` builds them from that JSON without pydantic. Nouns
are ODM's and CDASH's. Every expression is text in the language of docs/expressions.md; "" means "none".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

from forms.findings import Severity
from forms.study.analysis import Analysis as Analysis
from forms.study.analysis import AnalysisSet as AnalysisSet
from forms.study.analysis import Milestone as Milestone
from forms.study.analysis import ResponseEndpoint as ResponseEndpoint
from forms.study.analysis import SurvivalEndpoint as SurvivalEndpoint
from forms.study.analysis import Text as Text
from forms.study.analysis import Trend as Trend
from forms.study.analysis import Variable as Variable

Kind = Literal["text", "long", "integer", "number", "date", "datetime", "time", "code", "codes"]


@dataclass(frozen=True)
class Code:
    """One entry of a code list."""

    code: str
    label: Text


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes with labels; order is the order shown."""

    id: str
    label: Text
    codes: tuple[Code, ...]

    @cached_property
    def labels(self) -> dict[str, Text]:
        """Label by code."""
        return {entry.code: entry.label for entry in self.codes}


@dataclass(frozen=True)
class Check:
    """A rule that must hold. A finding is made when ``holds`` is false; unknown makes none."""

    id: str
    holds: str
    text: Text
    severity: Severity = "query"


@dataclass(frozen=True)
class Bounds:
    """Inclusive limits in the item's first unit; None is open."""

    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Item:
    """One question. ``analyte`` makes it a laboratory (or vital) measurement with range and CTCAE grade.

    ``lookup`` offers a dictionary while typing: ``ctcae`` the terms of the study's CTCAE version, the study's expected
    ones first.
    """

    id: str
    label: Text
    kind: Kind
    units: tuple[str, ...] = ()
    codelist: str = ""
    decimals: int | None = None
    required: str = "false"
    show: str = ""
    derive: str = ""
    analyte: str = ""
    grade: bool = False
    soft: Bounds | None = None
    hard: Bounds | None = None
    partial: bool = False
    missing: tuple[str, ...] = ("ND", "NA", "UNK", "NASK", "NI")
    help: Text = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    cdash: str = ""
    lookup: Literal["", "ctcae"] = ""
    unique: bool = False
    """Whether no two subjects may have the same value, as of a randomisation number."""


@dataclass(frozen=True)
class ItemGroup:
    """Items that belong together. ``repeat``: rows are added by the person (a log), shown as a table."""

    id: str
    label: Text
    items: tuple[Item, ...]
    repeat: bool = False
    layout: Literal["fields", "slip"] = "fields"
    show: str = ""


@dataclass(frozen=True)
class Form:
    """A case-report form. ``date_item`` dates what it says; ``drug`` names the drug a dosing form is for."""

    id: str
    label: Text
    groups: tuple[ItemGroup, ...]
    repeat: bool = False
    date_item: str = ""
    drug: str = ""
    domain: str = ""
    help: Text = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items of all groups by id, in reading order."""
        return {item.id: item for group in self.groups for item in group.items}

    @cached_property
    def known(self) -> dict[str, Item]:
        """Items by the name the program knows them by: the CDASH name, else the id. Of two the first counts."""
        named = {item.cdash: item for item in reversed(self.items.values()) if item.cdash}
        return self.items | named

    @cached_property
    def group_of(self) -> dict[str, ItemGroup]:
        """Group by item id."""
        return {item.id: group for group in self.groups for item in group.items}


@dataclass(frozen=True)
class EventForm:
    """A form's place in an event. ``when`` (an expression at the event) says whether it applies; "" = always."""

    form: str
    required: bool = True
    when: str = ""


@dataclass(frozen=True)
class Event:
    """A study event.

    ``kind``: ``visit`` happens once; ``cycle`` happens in each cycle, ``event_no`` = cycle number up to ``cycles``;
    ``log`` runs through the study; ``added`` is made by a person as often as needed. ``planned`` gives the scheduled
    date at that event (expression -> date), ``before``/``after`` the window in days around it, ``expected`` whether the
    event is to happen at all for this subject. ``date_item`` ("SV.SVDAT") is the actual date.
    """

    id: str
    label: Text
    kind: Literal["visit", "cycle", "log", "added"]
    forms: tuple[EventForm, ...]
    cycles: int = 1
    planned: str = ""
    protocol_day: Text = field(default_factory=dict)
    before: int = 0
    after: int = 0
    expected: str = "true"
    date_item: str = "SV.SVDAT"


@dataclass(frozen=True)
class Fact:
    """A named value about the subject, ``$name`` in expressions: first dose, age at consent, cycle of today."""

    id: str
    label: Text
    kind: Kind
    value: str
    codelist: str = ""
    unit: str = ""
    decimals: int | None = None


@dataclass(frozen=True)
class Setting:
    """A choice the protocol leaves open, with its visible default; unconfirmed settings only advise."""

    id: str
    label: Text
    value: str
    source: Literal["seed", "general", "open"] = "open"
    confirmed: bool = False
    kind: Kind = "text"


@dataclass(frozen=True)
class LabRange:
    """Reference limits of one analyte at one laboratory, for a sex and an age band, from a date on.

    ``low``/``high`` inclusive in ``unit``, None = no such limit. ``sex`` "" = any. Ages in completed years,
    ``age_from`` <= age < ``age_to`` (None = open). ``valid_from`` ISO date, "" = always.
    """

    lab: str
    analyte: str
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    sex: str = ""
    age_from: Decimal | None = None
    age_to: Decimal | None = None
    valid_from: str = ""
    source: str = ""


@dataclass(frozen=True)
class Laboratory:
    """A laboratory whose ranges apply; its id is what the item LBNAM (CDASH) holds."""

    id: str
    label: Text


@dataclass(frozen=True)
class Drug:
    """A study drug for exposure tables. ``given``/``planned`` are sums over the subject's dosing forms.

    ``cycle_given``/``cycle_planned`` are evaluated at (`Study.cycle_event`, cycle n) and give that cycle's amount.
    Where treatment has no cycles, ``given`` is the amount of the whole course. ``doses`` is the number of doses; ""
    tells none.
    """

    id: str
    label: Text
    unit: str
    route: str = ""
    rule: Text = field(default_factory=dict)
    cycle_given: str = ""
    cycle_planned: str = ""
    received: str = ""
    given: str = ""
    doses: str = ""


@dataclass(frozen=True)
class EligibilityRule:
    """One criterion. ``item`` is the answer on the form, ``holds`` the machine's own, three-valued."""

    id: str
    label: Text
    inclusion: bool
    item: str
    holds: str = ""


@dataclass(frozen=True)
class Role:
    """A role of the delegation list and the rights it has."""

    id: str
    label: Text
    rights: tuple[str, ...]


@dataclass(frozen=True)
class ComingIntoForce:
    """How a new version of a study takes over from the one before.

    ``since``: ISO date from which it applies, "" the day it is put in force. ``consent``: an expression at the subject
    that gives the day of its re-consent, from which the version applies to it; "" when no re-consent is asked for.
    ``who``: whether a subject is to re-consent; "" all who are not known dead. ``begun``: whether visits that have
    begun ``keep`` their version or ``follow`` the new one. ``summary``: what is new, in words.
    """

    since: str = ""
    consent: str = ""
    who: str = ""
    begun: Literal["keep", "follow"] = "keep"
    summary: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A whole definition. ``version`` is the author's; the program names it by the sha256 of its canonical JSON."""

    id: str
    version: str
    title: Text
    short_title: Text
    registry: str
    ctcae: str
    languages: tuple[str, ...]
    events: tuple[Event, ...]
    forms: tuple[Form, ...]
    codelists: tuple[CodeList, ...]
    roles: tuple[Role, ...]
    settings: tuple[Setting, ...] = ()
    facts: tuple[Fact, ...] = ()
    laboratories: tuple[Laboratory, ...] = ()
    ranges: tuple[LabRange, ...] = ()
    drugs: tuple[Drug, ...] = ()
    eligibility: tuple[EligibilityRule, ...] = ()
    expected_terms: tuple[str, ...] = ()
    analysis: Analysis = field(default_factory=Analysis)
    subject_id_pattern: str = r"[A-Z0-9]+-[0-9]{3}"
    synopsis: Text = field(default_factory=dict)
    amendment: ComingIntoForce = field(default_factory=ComingIntoForce)

    @cached_property
    def form_by_id(self) -> dict[str, Form]:
        """Forms by id."""
        return {form.id: form for form in self.forms}

    @cached_property
    def event_by_id(self) -> dict[str, Event]:
        """Events by id."""
        return {event.id: event for event in self.events}

    @cached_property
    def role_by_id(self) -> dict[str, Role]:
        """Roles by id."""
        return {role.id: role for role in self.roles}

    @cached_property
    def cycle_event(self) -> str:
        """Id of the event that begins each cycle: the first of kind cycle; "" in a study without cycles."""
        return next((event.id for event in self.events if event.kind == "cycle"), "")

    @cached_property
    def codelist_by_id(self) -> dict[str, CodeList]:
        """Code lists by id."""
        return {codelist.id: codelist for codelist in self.codelists}

    @cached_property
    def setting_by_id(self) -> dict[str, Setting]:
        """Settings by id."""
        return {setting.id: setting for setting in self.settings}

    @cached_property
    def fact_by_id(self) -> dict[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.facts}
