"""Does the part of a definition that reports read make sense: drugs, eligibility, sets, endpoints, trends."""

from __future__ import annotations

from collections.abc import Iterable

from forms.authoring.ids import check_ids
from forms.authoring.yaml_source import Path_, Source
from forms.study.analysis import ResponseEndpoint, Variable
from forms.study.definition import EligibilityRule, Item, Study
from forms.study.names import AE_GRADE, AE_SERIOUS, AE_START, AE_TERM, NO, YES

AE_ITEMS = (AE_TERM, AE_GRADE, AE_START, AE_SERIOUS)
"""Items that the tables of adverse events read from their form."""


def check_analysis(study: Study, source: Source) -> None:
    """Note every fault of drugs, eligibility rules and the analysis."""
    analysis = study.analysis
    check_ids(source, ("drugs",), "drugs", (drug.id for drug in study.drugs), spoken=False)
    check_ids(source, ("eligibility",), "eligibility", (rule.id for rule in study.eligibility), spoken=False)
    for at, rule in enumerate(study.eligibility):
        _check_criterion(study, source, rule, ("eligibility", at, "item"))
    lists = ("sets", "baseline", "responses", "survivals", "milestones", "deaths")
    for name in (*lists, "divisions", "pairs", "outcomes", "historical"):
        parts: Iterable[str] = [part.id for part in getattr(analysis, name)]
        check_ids(source, ("analysis", name), "analysis", parts, spoken=False)
    _check_variables(study, source)
    for at, response in enumerate(analysis.responses):
        _check_response(study, source, response, ("analysis", "responses", at))
    sets = {group.id for group in analysis.sets}
    for at, survival in enumerate(analysis.survivals):
        if survival.set not in sets:
            source.complain(("analysis", "survivals", at, "set"), "set_unknown", set=survival.set)
        for place, landmark in enumerate(survival.landmarks):
            if landmark <= 0:
                source.complain(("analysis", "survivals", at, "landmarks", place), "landmark")
    _check_trends(study, source)
    _check_adverse_events(study, source)
    _check_comparisons(study, source)
    _check_dates(study, source)


def _check_dates(study: Study, source: Source) -> None:
    """Rules for dates name items that are dates, each once, and items of the same form that they tell of."""
    told: set[str] = set()
    for at, rule in enumerate(study.analysis.dates.items):
        path: Path_ = ("analysis", "dates", "items", at)
        item = item_of(study, rule.item)
        if item is None:
            source.complain((*path, "item"), "item_unknown", item=rule.item)
            continue
        if item.kind not in ("date", "datetime"):
            source.complain((*path, "item"), "date_rule_kind", item=rule.item)
        if rule.item in told:
            source.complain((*path, "item"), "date_rule_twice", item=rule.item)
        told.add(rule.item)
        form = study.form_by_id[rule.item.partition(".")[0]]
        for place, name in enumerate(rule.tells):
            if name not in form.items:
                source.complain((*path, "tells", place), "item_unknown", item=f"{form.id}.{name}")


def _check_criterion(study: Study, source: Source, rule: EligibilityRule, path: Path_) -> None:
    """The answer of a criterion is Yes or No, asked once."""
    item = item_of(study, rule.item)
    if item is None:
        source.complain(path, "item_unknown", item=rule.item)
        return
    form, _, name = rule.item.partition(".")
    codelist = study.codelist_by_id.get(item.codelist)
    if item.kind != "code" or codelist is None or not {YES, NO} <= set(codelist.labels):
        source.complain(path, "eligibility_answer", item=rule.item)
    elif study.form_by_id[form].group_of[name].repeat or study.form_by_id[form].repeat:
        source.complain(path, "eligibility_rows", item=rule.item)


def item_of(study: Study, name: str) -> Item | None:
    """The item of ``FORM.ITEM``."""
    form, _, item = name.partition(".")
    return study.form_by_id[form].items.get(item) if form in study.form_by_id else None


def _check_variables(study: Study, source: Source) -> None:
    lists: list[tuple[Path_, Iterable[Variable]]] = [
        (("analysis", "baseline"), study.analysis.baseline),
        (("analysis", "deaths"), study.analysis.deaths),
    ]
    for at, table in enumerate(study.analysis.outcomes):
        lists.append((("analysis", "outcomes", at, "variables"), table.variables))
    for path, variables in lists:
        for at, variable in enumerate(variables):
            if variable.codelist and variable.codelist not in study.codelist_by_id:
                source.complain((*path, at, "codelist"), "codelist_unknown", codelist=variable.codelist)


def _check_response(study: Study, source: Source, response: ResponseEndpoint, path: Path_) -> None:
    if response.set and response.set not in {group.id for group in study.analysis.sets}:
        source.complain((*path, "set"), "set_unknown", set=response.set)
    codelist = study.codelist_by_id.get(response.codelist)
    if codelist is None:
        source.complain((*path, "codelist"), "codelist_unknown", codelist=response.codelist)
        return
    for name, codes in (("responders", response.responders), ("shown", response.shown)):
        for at, code in enumerate(codes):
            if code not in codelist.labels:
                here = (*path, name, at)
                source.complain(here, "code_unknown", code=code, codelist=codelist.id, item=name)


def _check_trends(study: Study, source: Source) -> None:
    for at, trend in enumerate(study.analysis.trends):
        item = item_of(study, trend.item)
        if item is None:
            source.complain(("analysis", "trends", at, "item"), "item_unknown", item=trend.item)
        elif item.kind not in ("number", "integer"):
            source.complain(("analysis", "trends", at, "item"), "trend_number", item=trend.item)


def _check_adverse_events(study: Study, source: Source) -> None:
    name = study.analysis.adverse_events
    if not name:
        return
    form = study.form_by_id.get(name)
    if form is None:
        source.complain(("analysis", "adverse_events"), "form_unknown", form=name)
        return
    path = ("analysis", "adverse_events")
    for item in AE_ITEMS:
        if item not in form.known:
            source.complain(path, "ae_items", item=item)
    serious = form.known.get(AE_SERIOUS)
    answers = study.codelist_by_id.get(serious.codelist) if serious is not None else None
    if answers is not None and YES not in answers.labels:
        source.complain(path, "code_unknown", code=YES, codelist=answers.id, item=AE_SERIOUS)


def _check_comparisons(study: Study, source: Source) -> None:
    """Divisions and sets that comparisons name exist, and divisions' groups are codes of their lists."""
    analysis = study.analysis
    sets = {group.id for group in analysis.sets}
    for name in ("pairs", "outcomes", "historical"):
        for at, part in enumerate(getattr(analysis, name)):
            if part.set not in sets:
                source.complain(("analysis", name, at, "set"), "set_unknown", set=part.set)
    divisions = {division.id for division in analysis.divisions}
    for path, division_id in _named_divisions(study):
        if division_id and division_id not in divisions:
            source.complain(path, "division_unknown", division=division_id)
    for at, division in enumerate(analysis.divisions):
        codelist = study.codelist_by_id.get(division.codelist)
        if codelist is None:
            path = ("analysis", "divisions", at, "codelist")
            source.complain(path, "codelist_unknown", codelist=division.codelist)
            continue
        for place, code in enumerate(division.shown):
            if code not in codelist.labels:
                here = ("analysis", "divisions", at, "shown", place)
                source.complain(here, "code_unknown", code=code, codelist=codelist.id, item="shown")


def _named_divisions(study: Study) -> Iterable[tuple[Path_, str]]:
    analysis = study.analysis
    for name in ("responses", "survivals"):
        for at, endpoint in enumerate(getattr(analysis, name)):
            for place, division in enumerate(endpoint.by):
                yield ("analysis", name, at, "by", place), division
    for at, table in enumerate(analysis.outcomes):
        yield ("analysis", "outcomes", at, "by"), table.by
    yield ("analysis", "baseline_by"), analysis.baseline_by
    yield ("analysis", "safety_by"), analysis.safety_by
