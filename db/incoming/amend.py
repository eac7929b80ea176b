"""Putting another version of a study in force, CTCAE edition included: a dry run that only tells, and the audited act.

One transaction: the definition's act with its reason and the ethics committee's date, then every derived value and
grade that comes out differently, each caused by that act. Interrupted, the version before is in force whole. Entries
made before keep the definition they were made under, and so do visits that have begun, unless the new version says
otherwise. What a person decided (term and grade of an adverse event) is never changed; the dry run says what a person
should look at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.following import write_anew
from db.casebook.versions import read_added, with_versions
from db.incoming.lawful import check_amendment, new_ranges
from db.ledger.definitions import definition_act, range_act
from db.ledger.ledger import DEFINITION_DIGITS
from db.ledger.projection import read_queries
from forms.amending.effects import ACCEPTED, REFUSED, Effect, effects_on, outcome_amended
from forms.errors import NeedsReason, Refusal
from forms.grading.regrade import Recorded, RegradeChange, plan_change
from forms.grading.tables import VERSIONS
from forms.grading.terms import canonical
from forms.place import Place
from forms.progress import Tick
from forms.study.canonical import dump, fingerprint
from forms.study.definition import ComingIntoForce, LabRange, Study
from forms.study.names import AE_GRADE, AE_TERM, AE_WORDS
from forms.subject.in_force import StudyInForce, is_to_consent, visits_begun
from forms.subject.memo import Memo
from forms.subject.subject import Subject
from forms.subject.versions import ONE, Visit

NOTHING_WRITTEN = 0
"""Position of a dry run of a store in which nothing was written."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a new version would do: effects on data, adverse events to look at, who has to re-consent.

    ``kept`` counts begun visits that keep their version, ``position`` is where the store stood.
    """

    study: Study
    effects: tuple[Effect, ...]
    events: tuple[tuple[Place, RegradeChange], ...]
    to_consent: tuple[str, ...]
    subjects: int
    kept: int
    position: int = NOTHING_WRITTEN

    @property
    def differences(self) -> tuple[Effect, ...]:
        """Computed values and grades that come out otherwise."""
        return tuple(effect for effect in self.effects if effect.kind in ("value", "grade"))

    @property
    def barred(self) -> tuple[Effect, ...]:
        """Effects for which it can't be put in force."""
        return tuple(effect for effect in self.effects if effect.kind in REFUSED)

    @property
    def to_accept(self) -> tuple[Effect, ...]:
        """Effects that somebody has to accept."""
        return tuple(effect for effect in self.effects if effect.kind in ACCEPTED)

    def counts(self) -> dict[str, int]:
        """How many effects there are of each kind."""
        return dict(Counter(effect.kind for effect in self.effects))


def with_edition(study: Study, edition: str) -> Study:
    """The same study graded by another CTCAE edition, begun visits included.

    Raises `Refusal` for one that is not shipped.
    """
    if edition not in VERSIONS:
        raise Refusal("db.edition_unknown", edition=edition[:20], editions=", ".join(VERSIONS))
    if edition == study.ctcae:
        return study
    return replace(study, ctcae=edition, amendment=ComingIntoForce(begun="follow"))


def plan_definition(casebook: Casebook, study: Study, tick: Tick | None = None) -> Amendment:
    """What putting a definition in force would change; nothing is written."""
    change = _Change.of(casebook, study)
    effects: list[Effect] = []
    events: list[tuple[Place, RegradeChange]] = []
    consents: list[str] = []
    kept = 0
    of, position = casebook.count_subjects(), casebook.position()
    for at, line in enumerate(casebook.subjects(limit=of)):
        if tick is not None:
            tick(at, of, line.id)
        before = casebook.subject(line.id)
        with casebook.reading() as connection:
            added = read_added(connection, line.id)
            asked = {
                (each.place, each.rule) for each in read_queries(connection, line.id) if each.rule and each.is_open
            }
        after = change.after(before, added)
        effects += effects_on(before, after, outcome_amended(before, after), asked)
        kept += sum(bool(after.versions.of(*visit)) for visit in visits_begun(before))
        if is_to_consent(after, change.history[-1], added):
            consents.append(line.id)
        if study.ctcae != casebook.study.ctcae:
            events += _events(before, study.ctcae)
    return Amendment(study, tuple(effects), tuple(events), tuple(consents), of, kept, position)


def amend(
    casebook: Casebook, study: Study, approved: str, why: str, *, accept: bool = False, tick: Tick | None = None
) -> Changes:
    """Put a new version of the study in force here, as the ethics committee approved it on ``approved`` (ISO date).

    ``accept``: whatever the dry run names that can be accepted is. Raises Refusal for a version that can't be put in
    force (`db.incoming.lawful`), or whose effects bar it or were not accepted; NeedsReason without a reason.
    """
    check_amendment(casebook, study, approved)
    if not why.strip():
        raise NeedsReason("db.definition_reason")
    plan = plan_definition(casebook, study, tick)
    if plan.barred:
        first = plan.barred[0]
        raise Refusal("amend.barred", count=len(plan.barred), kind="amend.kind." + first.kind, place=first.place)
    if plan.to_accept and not accept:
        raise Refusal("amend.not_accepted", count=len(plan.to_accept))
    return put_in_force(casebook, study, why, tick, approved=approved)


def put_in_force(
    casebook: Casebook, study: Study, why: str, tick: Tick | None = None, *, approved: str = ""
) -> Changes:
    """Put a definition in force and append whatever it computes differently. Needs the right ``study`` and a reason."""
    casebook.check_right("study")
    if not why.strip():
        raise NeedsReason("db.definition_reason")
    content = dump(study)
    old = casebook.study, casebook.definition, casebook.ranges
    if fingerprint(content) == casebook.definition:
        return Changes(position=casebook.position())
    ids = [line.id for line in casebook.subjects(limit=casebook.count_subjects())]
    places: list[Place] = []
    try:
        with casebook.writing() as ledger:
            change = _Change.of(casebook, study)
            acts = [definition_act(content, why.strip(), approved), *map(range_act, change.ranges[len(old[2]) :])]
            ledger.definition = fingerprint(content)[:DEFINITION_DIGITS]
            cause = ledger.append(acts)[0]
            casebook.ranges = change.ranges
            casebook.work_by(study, fingerprint(content))
            for at, subject in enumerate(ids):
                if tick is not None:
                    tick(at, len(ids), subject)
                opened = casebook.opened(subject)
                before = change.before(opened.subject, casebook, subject)
                places += write_anew(casebook, opened, cause, before).pointers
            changes = casebook.done(tuple(places))
    except BaseException:
        casebook.ranges = old[2]
        casebook.work_by(*old[:2])
        casebook.ledger.definition = old[1][:DEFINITION_DIGITS]
        raise
    casebook.forget()
    return changes


@dataclass(frozen=True, slots=True)
class _Change:
    """The versions before, those after, and the ranges on both sides."""

    was: tuple[StudyInForce, ...]
    history: tuple[StudyInForce, ...]
    old_ranges: tuple[LabRange, ...]
    ranges: tuple[LabRange, ...]

    @classmethod
    def of(cls, casebook: Casebook, study: Study) -> _Change:
        name = fingerprint(dump(study))[:DEFINITION_DIGITS]
        coming = StudyInForce(name, study, casebook.position() + 1, casebook.clock.today())
        added = tuple(new_ranges(study, casebook.study))
        return cls(casebook.versions, (*casebook.versions, coming), casebook.ranges, (*casebook.ranges, *added))

    def after(self, before: Subject, added: int) -> Subject:
        """A subject as it would be."""
        plain = replace(before, study=self.history[-1].study, versions=ONE, memo=Memo())
        if len(self.ranges) != len(self.old_ranges):
            plain = replace(plain, ranges=self.ranges)
        return with_versions(plain, self.history, _stamps(before, self.was), added)

    def before(self, now: Subject, casebook: Casebook, subject: str) -> Subject:
        """A subject as it was, of what is read of it now."""
        plain = replace(now, study=self.was[-1].study, ranges=self.old_ranges, versions=ONE, memo=Memo())
        if len(self.was) < 2:
            return plain
        from db.casebook.versions import read_stamps

        stamps = read_stamps(casebook.connection, subject)
        return with_versions(plain, self.was, stamps, read_added(casebook.connection, subject))


def _stamps(before: Subject, was: Sequence[StudyInForce]) -> dict[Visit, str]:
    """The version that judges each begun visit."""
    return {visit: before.versions.of(*visit) or was[-1].name for visit in visits_begun(before)}


def _events(subject: Subject, edition: str) -> Iterator[tuple[Place, RegradeChange]]:
    """Adverse events whose term or grade is another thing in the edition."""
    form_id = subject.study.analysis.adverse_events
    form = subject.study.form_by_id.get(form_id)
    names = form.known if form is not None else {}
    if AE_TERM not in names:
        return
    for key, _, row in subject.instances(form_id):
        filled = subject.filled(key)
        told = (AE_TERM, AE_GRADE, AE_WORDS)
        said = {name: filled.value(row, names[name].id).value if name in names else "" for name in told}
        if not said[AE_TERM]:
            continue
        grade = int(said[AE_GRADE]) if said[AE_GRADE].isdecimal() else None
        place = key.place(names[AE_TERM].id, row)
        term = canonical(subject.study.ctcae, said[AE_TERM])
        record = Recorded(str(place), term=term, grade=grade, other=said[AE_WORDS])
        for change in plan_change((record,), subject.study.ctcae, edition):
            if change.kind != "same" or change.reworded:
                yield place, change
