"""Completing a form: blocks refuse it, questions become queries, and queries close when what they asked is mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from db.casebook.reading import AT_PLACE, OpenStore, columns_of
from db.casebook.subjects import touch
from db.ledger.ledger import SYSTEM, Act
from db.ledger.projection import asked, read_queries
from forms.errors import Refusal
from forms.findings import Finding
from forms.place import FormKey, Place
from forms.record.dataset import Query
from forms.sheet.sheet import open_sheet
from forms.subject.states import FormState, completed, hindrance, reopened
from forms.subject.subject import Subject
from forms.texts import said, say
from forms.value import Value

if TYPE_CHECKING:
    from db.casebook.entering import Changes


class Blocked(Refusal):
    """A form that can't be completed yet; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("db.complete_blocked", count=len(findings))
        self.findings = tuple(findings)

    def in_language(self, language: str) -> str:
        """The sentence and every finding that stands in the way."""
        lines = [f"- {finding.place.item}: {said(finding.text, language)}" for finding in self.findings]
        return "\n".join([say(language, self.key, **self.values), *lines])


def form_place(key: FormKey) -> Place:
    """The place of acts on a whole form."""
    return key.place("", "")


def complete(casebook: OpenStore, key: FormKey) -> Changes:
    """Declare a form complete. Raises `Blocked` while a block stands that no one has overridden."""
    casebook.check_right("complete")
    with casebook.writing() as ledger:
        opened = casebook.opened(key.subject)
        if opened.subject.state(key).status == "complete":
            return casebook.done(())
        check_can(opened.subject, key, "completed")
        blockers = [
            finding
            for finding in open_sheet(opened.subject, key).complete_blockers()
            if not _is_overridden(casebook, finding)
        ]
        if blockers:
            raise Blocked(blockers)
        by = opened.subject.versions.of(key.event, key.event_no)
        address = ledger.append([Act("completed", form_place(key), definition=by)])[0]
        touch(casebook.connection, casebook.ledger.now, key.subject)
        settle_queries(casebook, opened.subject, {key}, {key}, address)
        changes = casebook.done((form_place(key),))
    state = completed(opened.subject.state(key), changes.at, casebook.account.id)
    subject = with_state(opened.subject, key, state)
    casebook.keep(replace(opened, subject=subject))
    return replace(changes, subjects=(subject,))


def reopen(casebook: OpenStore, key: FormKey, why: str) -> Changes:
    """Open a completed form again; a reason is due."""
    casebook.check_right("reopen")
    if not why.strip():
        raise Refusal("db.why_missing")
    with casebook.writing() as ledger:
        opened = casebook.opened(key.subject)
        if opened.subject.state(key).status != "complete":
            return casebook.done(())
        check_can(opened.subject, key, "reopened")
        ledger.append([Act("reopened", form_place(key), why=why.strip())])
        touch(casebook.connection, casebook.ledger.now, key.subject)
        changes = casebook.done((form_place(key),))
    subject = with_state(opened.subject, key, reopened(opened.subject.state(key)))
    casebook.keep(replace(opened, subject=subject))
    return replace(changes, subjects=(subject,))


def override(casebook: OpenStore, place: Place, rule: str, why: str) -> Changes:
    """An investigator lets a block stand, with a reason, until the value changes."""
    casebook.check_right("override")
    if not why.strip():
        raise Refusal("db.why_missing")
    with casebook.writing() as ledger:
        check_can(casebook.opened(place.subject).subject, place.form_key, "overridden", place.row)
        ledger.append([Act("overridden", place, Value(value=rule), why.strip())])
        return casebook.done((place,))


def check_can(subject: Subject, key: FormKey, act: str, row: str = "") -> None:
    """Raises Refusal when an act can't be done on a form in its state, see `forms.subject.states.hindrance`."""
    if told := hindrance(subject.state(key), act, row):
        raise Refusal(told, form=key.form)


def with_state(subject: Subject, key: FormKey, state: FormState) -> Subject:
    """The subject with a form in another state."""
    states = {**subject.states, key: state}
    if key in subject.keys():
        return replace(subject, states=states)
    made = Subject(subject.study, subject.id, subject.values, states, subject.ranges, subject.today, subject.site)
    return replace(made, elsewhere=subject.elsewhere, versions=subject.versions, by=subject.by)


def _is_overridden(casebook: OpenStore, finding: Finding) -> bool:
    arrivals = casebook.connection.execute(
        f"""SELECT max(CASE WHEN t.act = 'overridden' AND t.value = ? THEN t.arrival ELSE 0 END),
              max(CASE WHEN t.act IN ('value', 'derived') THEN t.arrival ELSE 0 END)
            FROM trail AS t WHERE {AT_PLACE}""",
        (finding.rule, *columns_of(finding.place)),
    ).fetchone()
    overridden, changed = arrivals[0] or 0, arrivals[1] or 0
    return bool(overridden > changed)


def settle_queries(
    casebook: OpenStore, subject: Subject, touched: Iterable[FormKey], complete: set[FormKey], cause: str
) -> None:
    """Close automatic queries whose finding is gone; open those that a completed form now calls for.

    Runs inside the transaction of the act at address ``cause``.
    """
    queries = read_queries(casebook.connection, subject.id)
    standing = {(query.place, query.rule): query for query in queries if query.rule and query.is_open}
    keys = dict.fromkeys([*touched, *(place.form_key for place, _ in standing)])
    findings = {
        (finding.place, finding.rule): finding
        for key in keys
        if key.form in subject.judging(key.event, key.event_no).study.form_by_id
        for finding in open_sheet(subject, key).findings
        if finding.severity != "note"
    }
    acts = [
        Act("query_closed", place, replaces=query.id, cause=cause, who=SYSTEM)
        for (place, rule), query in standing.items()
        if (place, rule) not in findings
    ]
    accepted = _accepted(casebook, queries)
    acts += [
        Act("query_opened", place, Value(value=asked(rule, finding.text)), cause=cause, who=SYSTEM)
        for (place, rule), finding in findings.items()
        if place.form_key in complete and (place, rule) not in standing and (place, rule) not in accepted
    ]
    if acts:
        casebook.ledger.append(acts)


def _accepted(casebook: OpenStore, queries: Sequence[Query]) -> set[tuple[Place, str]]:
    """Automatic queries that a person closed and whose value has not changed since: they are not asked again."""
    found = set()
    for query in queries:
        if query.rule and query.closed_by not in ("", SYSTEM):
            closed, changed = casebook.connection.execute(
                f"""SELECT (SELECT closed_arrival FROM query WHERE id = ?),
                      max(CASE WHEN t.act IN ('value', 'derived') THEN t.arrival ELSE 0 END)
                    FROM trail AS t WHERE {AT_PLACE}""",
                (query.id, *columns_of(query.place)),
            ).fetchone()
            if closed > (changed or 0):
                found.add((query.place, query.rule))
    return found
