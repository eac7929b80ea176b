"""Whether a version of a study may be put in force in a store at all, before its data are looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from db.casebook.casebook import Casebook
from db.ledger.ledger import DEFINITION_DIGITS
from forms.compiled.graph import read_by
from forms.compiled.study import compiled
from forms.errors import Refusal
from forms.study.canonical import dump, fingerprint
from forms.study.definition import LabRange, Study
from forms.study.patterns import fits
from forms.subject.in_force import StudyInForce


def check_amendment(casebook: Casebook, study: Study, approved: str) -> None:
    """Raises Refusal for a version that can't be put in force here now; ``approved`` is an ISO date.

    It must be of the same study and newer than the one in force, approved by the ethics committee for this site before
    it applies, apply already, leave everybody who works here a role, and keep ranges and subjects' ids as they are.
    """
    casebook.check_right("study")
    check_newer(casebook, study)
    _check_days(casebook, study, approved)
    for account in casebook.accounts.values():
        if account.active and account.role not in study.role_by_id:
            raise Refusal("amend.role_gone", role=account.role, user=account.user)
    for line in casebook.subjects(limit=casebook.count_subjects()):
        if not fits(study.subject_id_pattern, line.id):
            raise Refusal("amend.pattern", id=line.id, pattern=study.subject_id_pattern)
    list(new_ranges(study, casebook.study))
    _check_consent(casebook.study, study)


def check_newer(casebook: Casebook, study: Study) -> None:
    """Raises Refusal for another study, the version in force, and whatever came before it."""
    old = casebook.study
    if study.id != old.id:
        raise Refusal("amend.other_study", study=study.id, here=old.id)
    name = fingerprint(dump(study))[:DEFINITION_DIGITS]
    before: StudyInForce | None = next((each for each in casebook.versions if each.name == name), None)
    if before is not None and name == casebook.definition[:DEFINITION_DIGITS]:
        raise Refusal("amend.same", version=study.version)
    if before is not None:
        raise Refusal("amend.was_in_force", version=study.version)
    if version_order(study.version) <= version_order(old.version):
        raise Refusal("amend.not_newer", version=study.version, here=old.version)


def version_order(version: str) -> tuple[tuple[int, int, str], ...]:
    """A version so that newer ones are greater: numbers by size, words by alphabet, 1.10 after 1.9."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", version)
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part.casefold()) for part in parts)


def _check_days(casebook: Casebook, study: Study, approved: str) -> None:
    today = casebook.clock.today()
    try:
        day = date.fromisoformat(approved)
    except ValueError:
        raise Refusal("amend.no_approval") from None
    if day > today:
        raise Refusal("amend.approved_later", day=approved)
    since = date.fromisoformat(study.amendment.since) if study.amendment.since else today
    if since > today:
        raise Refusal("amend.not_yet", day=since.isoformat())
    if since < day:
        raise Refusal("amend.before_approval", since=since.isoformat(), day=approved)


def new_ranges(study: Study, old: Study) -> Iterator[LabRange]:
    """Laboratory ranges that a version adds. Raises Refusal for one that is changed without a day of its own."""
    known = {_mark(each): each for each in old.ranges}
    for entry in study.ranges:
        was = known.get(_mark(entry))
        if was is not None and was != entry:
            raise Refusal("amend.range_changed", analyte=entry.analyte, lab=entry.lab or "-")
        if was is None:
            yield entry


def _mark(entry: LabRange) -> tuple[object, ...]:
    return entry.lab, entry.analyte, entry.sex, entry.age_from, entry.age_to, entry.valid_from


def _check_consent(old: Study, study: Study) -> None:
    """A re-consent is entered while the version before is still the subject's own: that must have a place for it."""
    told = study.amendment.consent
    if not told:
        return
    ready = compiled(study)
    for form, item in sorted(read_by(ready, [(ready.rule(told), "")])):
        if form not in old.form_by_id or item not in old.form_by_id[form].items:
            raise Refusal("amend.consent_unreachable", form=form, item=item)
