"""Every expression of a definition where it is written: its path, and the form and event it stands at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from forms.authoring.yaml_source import Path_
from forms.study.definition import Analysis, Form, Study


class Written(NamedTuple):
    """An expression where it is written: its path, text, the form and event it stands at, the codes it may give."""

    path: Path_
    text: str
    form: Form | None = None
    event: str = ""
    gives: str = ""
    needed: bool = False


def written_rules(study: Study) -> Iterator[Written]:
    """Every expression of a study in the order of its parts, empty ones included where one is needed."""
    yield from _event_rules(study)
    for at, form in enumerate(study.forms):
        yield from _form_rules(form, ("forms", at))
    for at, fact in enumerate(study.facts):
        yield Written(("facts", at, "value"), fact.value, gives=fact.codelist, needed=True)
    for at, drug in enumerate(study.drugs):
        path: Path_ = ("drugs", at)
        yield Written((*path, "cycle_given"), drug.cycle_given, event=study.cycle_event)
        yield Written((*path, "given"), drug.given)
        yield Written((*path, "doses"), drug.doses)
        yield Written((*path, "cycle_planned"), drug.cycle_planned, event=study.cycle_event)
        yield Written((*path, "received"), drug.received)
    for at, rule in enumerate(study.eligibility):
        yield Written(("eligibility", at, "holds"), rule.holds)
    for at, date_rule in enumerate(study.analysis.dates.items):
        home = study.form_by_id.get(date_rule.item.partition(".")[0])
        for name in ("not_before", "not_after"):
            yield Written(("analysis", "dates", "items", at, name), getattr(date_rule, name), home)
    yield from _analysis_rules(study.analysis)
    yield Written(("amendment", "consent"), study.amendment.consent)
    yield Written(("amendment", "who"), study.amendment.who)


def _event_rules(study: Study) -> Iterator[Written]:
    for at, event in enumerate(study.events):
        yield Written(("events", at, "planned"), event.planned, event=event.id)
        yield Written(("events", at, "expected"), event.expected, event=event.id)
        for place, entry in enumerate(event.forms):
            yield Written(("events", at, "forms", place, "when"), entry.when, event=event.id)


def _form_rules(form: Form, path: Path_) -> Iterator[Written]:
    for at, group in enumerate(form.groups):
        yield Written((*path, "groups", at, "show"), group.show, form)
        for place, item in enumerate(group.items):
            here: Path_ = (*path, "groups", at, "items", place)
            yield Written((*here, "required"), item.required, form)
            yield Written((*here, "show"), item.show, form)
            yield Written((*here, "derive"), item.derive, form, gives=item.codelist)
            for number, check in enumerate(item.checks):
                yield Written((*here, "checks", number, "holds"), check.holds, form, needed=True)
    for number, check in enumerate(form.checks):
        yield Written((*path, "checks", number, "holds"), check.holds, form, needed=True)


def _analysis_rules(analysis: Analysis) -> Iterator[Written]:
    for at, group in enumerate(analysis.sets):
        yield Written(("analysis", "sets", at, "holds"), group.holds, needed=True)
    for name, variables in (("baseline", analysis.baseline), ("deaths", analysis.deaths)):
        for at, variable in enumerate(variables):
            yield Written(("analysis", name, at, "value"), variable.value, gives=variable.codelist, needed=True)
    for at, response in enumerate(analysis.responses):
        yield Written(("analysis", "responses", at, "value"), response.value, gives=response.codelist, needed=True)
        yield Written(("analysis", "responses", at, "evaluable"), response.evaluable, needed=True)
    for at, survival in enumerate(analysis.survivals):
        for name in ("origin", "event", "censor"):
            yield Written(("analysis", "survivals", at, name), getattr(survival, name), needed=True)
    for at, milestone in enumerate(analysis.milestones):
        yield Written(("analysis", "milestones", at, "value"), milestone.value, needed=True)
    yield from _comparison_rules(analysis)


def _comparison_rules(analysis: Analysis) -> Iterator[Written]:
    for at, division in enumerate(analysis.divisions):
        yield Written(("analysis", "divisions", at, "value"), division.value, gives=division.codelist, needed=True)
    for at, pair in enumerate(analysis.pairs):
        for name in ("before", "after"):
            yield Written(("analysis", "pairs", at, name), getattr(pair, name), needed=True)
    for at, table in enumerate(analysis.outcomes):
        for place, variable in enumerate(table.variables):
            path: Path_ = ("analysis", "outcomes", at, "variables", place, "value")
            yield Written(path, variable.value, gives=variable.codelist, needed=True)
    for at, other in enumerate(analysis.historical):
        yield Written(("analysis", "historical", at, "value"), other.value, needed=True)
    yield Written(("analysis", "safety_until"), analysis.safety_until)
