"""A patient who is typed in form by form, and what the sheet then says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from forms.course.schedule import Visit, schedule
from forms.place import FormKey
from forms.sheet.follow import follow
from forms.sheet.sheet import Cell, Sheet, open_sheet
from forms.study.definition import Study
from forms.subject.subject import Subject
from forms.value import MISSING_CODES


@dataclass
class Patient:
    """One subject; `fill` types answers, the rest asks."""

    study: Study
    today: date = date(2025, 8, 1)
    settings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self):
        from dataclasses import replace

        changed = [replace(s, value=self.settings.get(s.id, s.value)) for s in self.study.settings]
        self.study = replace(self.study, settings=tuple(changed))
        self.subject = Subject(self.study, "S01-001", {}, {}, self.study.ranges, self.today, "S01")

    def key(self, where: str) -> FormKey:
        """``C_D1.2.VS``, ``SCR.VS``, or ``LOG.SAE#2`` for a second form of its kind."""
        event, *number, form = where.split(".")
        form, _, form_no = form.partition("#")
        return FormKey("S01-001", event, number[0] if number else "1", form, form_no or "1")

    def fill(self, where: str, row: str = "1", **answers: str | tuple[str, str]) -> Patient:
        """Type answers into a form; ``("9.2", "g/dL")`` gives a unit, a missing code says why there is none."""
        key = self.key(where)
        for item, answer in answers.items():
            text, unit = answer if isinstance(answer, tuple) else (answer, "")
            missing = text if text in MISSING_CODES else ""
            sheet = open_sheet(self.subject, key).enter(
                item, "" if missing else text, row=row, unit=unit, missing=missing
            )
            changed = {key.place(item, row): sheet.value_to_store(item, row)}
            self.subject, _ = follow(self.subject.with_values(changed), changed)
        return self

    def visit(self, where: str, day: str) -> Patient:
        """Record that a visit took place."""
        return self.fill(f"{where}.SV", SVPERF="Y", SVDAT=day)

    def sheet(self, where: str) -> Sheet:
        return open_sheet(self.subject, self.key(where))

    def cell(self, where: str, item: str, row: str = "1") -> Cell:
        return self.sheet(where).cell(item, row)

    def value(self, where: str, item: str, row: str = "1") -> str:
        return self.cell(where, item, row).value.value

    def rules(self, where: str) -> set[str]:
        """Rules that have something to say on a form."""
        return {finding.rule for finding in self.sheet(where).findings}

    def grades(self, where: str, item: str) -> dict[str, int | None]:
        return {grade.term: grade.grade for grade in self.cell(where, item).grades}

    def fact(self, name: str) -> object:
        found = self.subject.fact(name)
        return getattr(found, "canonical", found)

    def ask(self, expression: str, event: str = "", event_no: str = "1") -> object:
        found = self.subject.evaluate(expression, event, event_no)
        return found if isinstance(found, Decimal | str | bool | None) else getattr(found, "canonical", found)

    def visits(self) -> dict[tuple[str, str], Visit]:
        return {(visit.event, visit.event_no): visit for visit in schedule(self.subject)}
