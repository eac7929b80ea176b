"""Putting another definition in force, CTCAE edition included: a dry run that only tells, and the audited act itself.

One transaction: the definition's act with its reason, then every derived value and grade that comes out differently,
each caused by that act. Entries made before keep the definition they were made under. What a person decided (term and
grade of an adverse event) is never changed; the dry run and the list after the act say what a person should look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from db.casebook.casebook import Casebook
from db.casebook.entering import Changes
from db.casebook.following import write_anew
from db.ledger.definitions import definition_act
from db.ledger.ledger import DEFINITION_DIGITS
from forms.errors import NeedsReason, Refusal
from forms.grading.regrade import Recorded, RegradeChange, plan_change
from forms.grading.tables import VERSIONS
from forms.grading.terms import canonical
from forms.place import Place
from forms.progress import Tick
from forms.sheet.follow import recompute
from forms.study.canonical import dump, fingerprint
from forms.study.definition import Study
from forms.study.names import AE_GRADE, AE_TERM, AE_WORDS
from forms.subject.subject import Subject
from forms.value import BLANK, Value


@dataclass(frozen=True, slots=True)
class Difference:
    """One computed value or grade that another definition gives."""

    place: Place
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Amendment:
    """What would change: computed values and grades, and adverse events that a person should look at."""

    study: Study
    differences: tuple[Difference, ...]
    events: tuple[tuple[Place, RegradeChange], ...]


def with_edition(study: Study, edition: str) -> Study:
    """The same study graded by another CTCAE edition. Raises `Refusal` for one that is not shipped."""
    if edition not in VERSIONS:
        raise Refusal("db.edition_unknown", edition=edition[:20], editions=", ".join(VERSIONS))
    return replace(study, ctcae=edition)


def plan_definition(casebook: Casebook, study: Study, tick: Tick | None = None) -> Amendment:
    """What putting a definition in force would change; nothing is written."""
    differences: list[Difference] = []
    events: list[tuple[Place, RegradeChange]] = []
    for subject in _subjects(casebook, tick):
        for place, value in recompute(_under(subject, study))[1].items():
            differences.append(Difference(place, subject.values.get(place, BLANK), value))
        if study.ctcae != casebook.study.ctcae:
            events += _events(subject, study.ctcae)
    return Amendment(study, tuple(differences), tuple(events))


def put_in_force(casebook: Casebook, study: Study, why: str, tick: Tick | None = None) -> Changes:
    """Put a definition in force and append whatever it computes differently. Needs the right ``study`` and a reason."""
    casebook.check_right("study")
    if not why.strip():
        raise NeedsReason("db.definition_reason")
    content = dump(study)
    old = casebook.study, casebook.definition
    if fingerprint(content) == casebook.definition:
        return Changes(position=casebook.position())
    ids = [subject.id for subject in _subjects(casebook, None)]
    places: list[Place] = []
    try:
        with casebook.writing() as ledger:
            ledger.definition = fingerprint(content)[:DEFINITION_DIGITS]
            cause = ledger.append([definition_act(content, why.strip())])[0]
            casebook.work_by(study, fingerprint(content))
            for at, subject in enumerate(ids):
                if tick is not None:
                    tick(at, len(ids), subject)
                places += write_anew(casebook, casebook.opened(subject), cause).pointers
            changes = casebook.done(tuple(places))
    except BaseException:
        casebook.work_by(*old)
        casebook.ledger.definition = old[1][:DEFINITION_DIGITS]
        raise
    casebook.forget()
    return changes


def _subjects(casebook: Casebook, tick: Tick | None) -> Iterator[Subject]:
    count = casebook.count_subjects()
    for at, line in enumerate(casebook.subjects(limit=count)):
        if tick is not None:
            tick(at, count, line.id)
        yield casebook.subject(line.id)


def _under(subject: Subject, study: Study) -> Subject:
    return Subject(study, subject.id, subject.values, subject.states, subject.ranges, subject.today, subject.site)


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
