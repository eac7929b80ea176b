"""Does a definition make sense: ids, texts, code lists, units, limits, events, ranges, settings, analysis.

Everything is walked and every fault noted in the source with its file and line; nothing stops at the first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from forms.authoring.analysis import check_analysis
from forms.authoring.ids import check_ids, check_spoken, check_study_ids
from forms.authoring.rules import check_rules
from forms.authoring.yaml_source import Path_, Source
from forms.expressions.parse import NAMES, WORDS
from forms.grading.tables import VERSIONS, analytes, edition
from forms.study.definition import Event, Form, Item, LabRange, Setting, Study
from forms.study.names import FOR_GRADES, LABORATORY
from forms.texts import LANGUAGES
from forms.value import MISSING_CODES
from forms.values import units
from forms.values.kinds import parse_value

RIGHTS = (
    *("read", "subject.add", "enter", "correct", "complete", "reopen", "override", "judge"),
    *("query.open", "query.answer", "query.close", "sign", "verify", "lock", "unlock"),
    *(
        "settings",
        "study",
        "redact",
        "import",
        "export",
        "report",
        "merge",
        "ranges",
        "accounts",
        "identify",
        "backup",
        "restore",
    ),
)
"""Every right a role may have. The first is to see subjects at all; the last three look after the store."""

_ANY_DAY = date(2000, 1, 1)


def check_meaning(study: Study, source: Source) -> None:
    """Note every fault of meaning of a structurally sound study."""
    _check_head(study, source)
    _check_texts(study, study, source, ())
    _check_codelists(study, source)
    _check_events(study, source)
    _check_forms(study, source)
    _check_ranges(study, source)
    _check_settings(study, source)
    _check_roles(study, source)
    _check_coming(study, source)
    check_analysis(study, source)
    check_rules(study, source)


def _check_head(study: Study, source: Source) -> None:
    if study.ctcae not in VERSIONS:
        source.complain(("ctcae",), "ctcae", version=study.ctcae, known=", ".join(VERSIONS))
    check_study_ids(study, source)
    if not study.languages:
        source.complain(("languages",), "no_language")
    for at, language in enumerate(study.languages):
        if language not in LANGUAGES:
            place = ("languages", at)
            source.complain(place, "language_unsupported", name=language, known=", ".join(LANGUAGES))
    if not study.forms:
        source.complain(("forms",), "no_forms")
    if not study.events:
        source.complain(("events",), "no_events")
    check_ids(source, ("facts",), "facts", (fact.id for fact in study.facts))
    check_ids(source, ("laboratories",), "laboratories", (lab.id for lab in study.laboratories), spoken=False)
    if any(item.grade for form in study.forms for item in form.items.values()):
        for name in FOR_GRADES:
            if name not in study.fact_by_id:
                source.complain(("facts",), "fact_needed", name=name)
    for at, fact in enumerate(study.facts):
        _check_codelist(study, source, ("facts", at), fact.kind, fact.codelist, needed=False)


def _check_texts(study: Study, part: Any, source: Source, path: Path_) -> None:
    """Texts of every record below ``part``: each language once, none of another language, none empty."""
    for spec in fields(part):
        content, here = getattr(part, spec.name), (*path, spec.name)
        if isinstance(content, dict):
            optional = not content and spec.default_factory is dict
            if not optional:
                _check_text(study, content, source, here)
        elif isinstance(content, tuple):
            for at, entry in enumerate(content):
                if is_dataclass(entry):
                    _check_texts(study, entry, source, (*here, at))
        elif is_dataclass(content):
            _check_texts(study, content, source, here)


def _check_text(study: Study, text: dict[str, str], source: Source, path: Path_) -> None:
    for language in study.languages:
        if not text.get(language, "").strip():
            source.complain((*path, language), "text_missing", name=language)
    for language in text:
        if language not in study.languages:
            known = ", ".join(study.languages)
            source.complain((*path, language), "language_unknown", name=language, known=known)


def _check_codelists(study: Study, source: Source) -> None:
    check_ids(source, ("codelists",), "codelists", (codelist.id for codelist in study.codelists), spoken=False)
    for at, codelist in enumerate(study.codelists):
        path: Path_ = ("codelists", at)
        if not codelist.codes:
            source.complain(path, "codelist_empty", codelist=codelist.id)
        check_codes = [code.code for code in codelist.codes]
        for place, code in enumerate(check_codes):
            here = (*path, "codes", place, "code")
            if code in check_codes[:place]:
                source.complain(here, "duplicate_id", id=code, what="load.what.codes")
            if code in MISSING_CODES:
                source.complain(here, "code_reserved", code=code)
            if ";" in code:
                source.complain(here, "code_separator", code=code)


def _check_codelist(
    study: Study, source: Source, path: Path_, kind: str, codelist: str, *, needed: bool = True
) -> None:
    coded = kind in ("code", "codes")
    if codelist and codelist not in study.codelist_by_id:
        source.complain((*path, "codelist"), "codelist_unknown", codelist=codelist)
    elif codelist and not coded:
        source.complain((*path, "codelist"), "codelist_unfit", kind=kind)
    elif coded and not codelist and needed:
        source.complain(path, "codelist_needed", kind=kind)


def _check_events(study: Study, source: Source) -> None:
    check_ids(source, ("events",), "events", (event.id for event in study.events))
    for at, event in enumerate(study.events):
        path: Path_ = ("events", at)
        if event.cycles < 1 or (event.cycles != 1 and event.kind != "cycle"):
            source.complain((*path, "cycles"), "cycles")
        if event.before < 0 or event.after < 0:
            source.complain((*path, "before" if event.before < 0 else "after"), "window")
        elif (event.before or event.after) and not event.planned:
            source.complain(path, "no_plan")
        if not event.forms:
            source.complain(path, "event_no_forms", event=event.id)
        seen: set[str] = set()
        for place, entry in enumerate(event.forms):
            here = (*path, "forms", place, "form")
            if entry.form not in study.form_by_id:
                source.complain(here, "form_unknown", form=entry.form)
            if entry.form in seen:
                source.complain(here, "form_twice", form=entry.form, event=event.id)
            seen.add(entry.form)
        _check_event_date(study, source, event, path)


def _check_event_date(study: Study, source: Source, event: Event, path: Path_) -> None:
    if event.kind == "log" or not event.date_item:
        return
    form, _, item = event.date_item.partition(".")
    found = study.form_by_id[form].items.get(item) if form in study.form_by_id else None
    present = any(entry.form == form for entry in event.forms)
    if found is None or not present or found.kind not in ("date", "datetime"):
        source.complain((*path, "date_item"), "date_item", item=event.date_item, where=event.id)


def _check_forms(study: Study, source: Source) -> None:
    check_ids(source, ("forms",), "forms", (form.id for form in study.forms))
    used = {entry.form for event in study.events for entry in event.forms}
    drugs = {drug.id for drug in study.drugs}
    checks: set[str] = set()
    for at, form in enumerate(study.forms):
        path: Path_ = ("forms", at)
        if form.id not in used:
            source.complain(path, "form_unused", form=form.id)
        if not form.items:
            source.complain(path, "form_empty", form=form.id)
        if form.drug and form.drug not in drugs:
            source.complain((*path, "drug"), "drug_unknown", drug=form.drug)
        if form.date_item:
            date_item = form.items.get(form.date_item)
            if date_item is None or date_item.kind not in ("date", "datetime"):
                source.complain((*path, "date_item"), "date_item", item=form.date_item, where=form.id)
        check_ids(source, (*path, "groups"), "groups", (group.id for group in form.groups))
        _check_items(study, source, form, path)
        for here, name in _check_names(form, path):
            if name in checks:
                source.complain(here, "duplicate_id", id=name, what="load.what.checks")
            checks.add(name)


def _check_names(form: Form, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Where each check of a form is named."""
    for at, group in enumerate(form.groups):
        for place, item in enumerate(group.items):
            for number, check in enumerate(item.checks):
                yield (*path, "groups", at, "items", place, "checks", number, "id"), check.id
    for number, check in enumerate(form.checks):
        yield (*path, "checks", number, "id"), check.id


def _check_items(study: Study, source: Source, form: Form, path: Path_) -> None:
    seen: set[str] = set()
    for at, group in enumerate(form.groups):
        for place, item in enumerate(group.items):
            here = (*path, "groups", at, "items", place)
            if item.id in seen:
                source.complain((*here, "id"), "duplicate_id", id=item.id, what="load.what.items")
            seen.add(item.id)
            check_spoken(source, (*here, "id"), item.id, is_word=item.id in WORDS or item.id in NAMES)
            _check_codelist(study, source, here, item.kind, item.codelist)
            _check_kind(source, item, here)
            _check_limits(source, item, here)
            _check_units(study, source, item, here)


def _check_kind(source: Source, item: Item, path: Path_) -> None:
    number = item.kind in ("number", "integer")
    for name, given in (("units", item.units), ("soft", item.soft), ("hard", item.hard), ("analyte", item.analyte)):
        if given and not number:
            source.complain((*path, name), "only_numbers", field=name)
    if item.decimals is not None and item.kind != "number":
        source.complain((*path, "decimals"), "only_numbers", field="decimals")
    elif item.decimals is not None and not 0 <= item.decimals <= 10:
        source.complain((*path, "decimals"), "decimals")
    if item.unique and item.kind in ("code", "codes", "long"):
        source.complain((*path, "unique"), "unique_kind")
    if item.partial and item.kind not in ("date", "datetime"):
        source.complain((*path, "partial"), "only_dates")
    if item.derive and item.required not in ("", "false"):
        source.complain((*path, "required"), "derive_entry")
    for at, code in enumerate(item.missing):
        if code not in MISSING_CODES:
            source.complain((*path, "missing", at), "missing_unknown", code=code, known=" ".join(MISSING_CODES))


def _check_limits(source: Source, item: Item, path: Path_) -> None:
    for name, bounds in (("soft", item.soft), ("hard", item.hard)):
        if bounds is not None and bounds.low is not None and bounds.high is not None and bounds.low > bounds.high:
            source.complain((*path, name), "bounds_order")
    soft, hard = item.soft, item.hard
    if soft is not None and hard is not None:
        below = soft.low is not None and hard.low is not None and soft.low < hard.low
        above = soft.high is not None and hard.high is not None and soft.high > hard.high
        if below or above:
            source.complain((*path, "soft"), "soft_outside")


def _check_units(study: Study, source: Source, item: Item, path: Path_) -> None:
    for at, unit in enumerate(item.units):
        if unit in item.units[:at]:
            source.complain((*path, "units", at), "unit_twice", unit=unit)
    if item.grade and not item.analyte:
        source.complain((*path, "grade"), "grade_analyte")
    if not item.analyte:
        return
    known = units.known(item.analyte)
    if not known:
        source.complain((*path, "analyte"), "analyte_unknown", analyte=item.analyte)
        return
    for at, unit in enumerate(item.units):
        if units.symbol(item.analyte, unit) is None:
            names = ", ".join(known)
            source.complain((*path, "units", at), "unit_unknown", unit=unit, analyte=item.analyte, known=names)
    if item.grade and not _has_criteria(study.ctcae, item.analyte):
        source.complain((*path, "grade"), "grade_no_criteria", analyte=item.analyte)


def _has_criteria(version: str, analyte: str) -> bool:
    return version not in VERSIONS or units.analyte_of(analyte) in analytes(version)


def _check_ranges(study: Study, source: Source) -> None:
    labs = {lab.id for lab in study.laboratories}
    named = {form.known[LABORATORY].codelist for form in study.forms if LABORATORY in form.known}
    for at, codelist in enumerate(study.codelists):
        for place, code in enumerate(codelist.codes if codelist.id in named else ()):
            if code.code not in labs:
                source.complain(("codelists", at, "codes", place), "lab_unknown", lab=code.code)
    reported: dict[str, set[str]] = {}
    for form in study.forms:
        for item in form.items.values():
            if item.analyte:
                reported.setdefault(item.analyte, set()).update(item.units)
    seen: set[tuple[object, ...]] = set()
    for at, entry in enumerate(study.ranges):
        path: Path_ = ("ranges", at)
        if entry.lab not in labs:
            source.complain((*path, "lab"), "lab_unknown", lab=entry.lab)
        if entry.analyte not in reported:
            source.complain((*path, "analyte"), "range_analyte", analyte=entry.analyte)
        elif entry.unit not in reported[entry.analyte]:
            source.complain((*path, "unit"), "range_unit", analyte=entry.analyte, unit=entry.unit)
        mark = (entry.lab, entry.analyte, entry.sex, entry.age_from, entry.valid_from)
        if mark in seen:
            source.complain(path, "range_twice", analyte=entry.analyte, lab=entry.lab)
        seen.add(mark)
        _check_range_limits(source, entry, path)


def _check_range_limits(source: Source, entry: LabRange, path: Path_) -> None:
    if entry.low is None and entry.high is None:
        source.complain(path, "range_open")
    elif entry.low is not None and entry.high is not None and entry.low > entry.high:
        source.complain(path, "bounds_order")
    if entry.age_to is not None and (entry.age_from or Decimal(0)) >= entry.age_to:
        source.complain(path, "ages")
    if entry.sex not in ("", "M", "F"):
        source.complain((*path, "sex"), "sex")
    if entry.valid_from:
        try:
            date.fromisoformat(entry.valid_from)
        except ValueError:
            source.complain((*path, "valid_from"), "day", day=entry.valid_from)


def _check_settings(study: Study, source: Source) -> None:
    check_ids(source, ("settings",), "settings", (setting.id for setting in study.settings))
    for at, setting in enumerate(study.settings):
        if setting.value and not _readable(setting):
            path = ("settings", at, "value")
            source.complain(path, "setting_value", id=setting.id, value=setting.value, kind=setting.kind)


def _check_coming(study: Study, source: Source) -> None:
    since = study.amendment.since
    try:
        date.fromisoformat(since or "2000-01-01")
    except ValueError:
        source.complain(("amendment", "since"), "day", day=since)
    if study.amendment.who and not study.amendment.consent:
        source.complain(("amendment", "who"), "who_without_consent")


def _readable(setting: Setting) -> bool:
    if setting.kind not in ("number", "integer", "date", "datetime", "time"):
        return True
    item = Item(id=setting.id, label=setting.label, kind=setting.kind)
    return not parse_value(item, setting.value, today=_ANY_DAY).unread


def _check_roles(study: Study, source: Source) -> None:
    check_ids(source, ("roles",), "roles", (role.id for role in study.roles), spoken=False)
    held = {right for role in study.roles for right in role.rights}
    for at, role in enumerate(study.roles):
        if not role.rights:
            source.complain(("roles", at), "rights_none", role=role.id)
        for place, right in enumerate(role.rights):
            if right not in RIGHTS:
                near = get_close_matches(right, RIGHTS, n=1)
                key = "right_unknown_near" if near else "right_unknown"
                source.complain(("roles", at, "rights", place), key, right=right, near="".join(near))
    for right in ("read", "enter", "accounts"):
        if right not in held:
            source.complain(("roles",), "right_nobody", right=right)
    terms = {term.name for term in edition(study.ctcae).terms} if study.ctcae in VERSIONS else set()
    for at, name in enumerate(study.expected_terms if terms else ()):
        if name not in terms:
            near = get_close_matches(name, terms, n=1)
            key = "term_unknown_near" if near else "term_unknown"
            source.complain(("expected_terms", at), key, term=name, version=study.ctcae, near="".join(near))
