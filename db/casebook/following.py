"""The one place that writes what follows from a change and looks at the state of the forms it touches.

What was entered, and what a new definition computes otherwise, both come through here: the entries, the computed values
and grades each of them causes, the line of the subject, the queries that open or close. A form that takes no entries
refuses them; on a locked form nothing computed is written, and the difference becomes a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from db.casebook.completing import settle_queries
from db.casebook.entering import check_takes_entries, find_item
from db.casebook.reading import Opened, OpenStore
from db.casebook.subjects import line_changed, write_line
from db.casebook.versions import judged_after
from db.ledger.ledger import SYSTEM, Act
from forms.amending.effects import keys_to_settle, outcome_amended
from forms.compiled.graph import graph_of
from forms.place import FormKey, Place
from forms.sheet.follow import Outcome, outcome_anew, outcome_of
from forms.subject.states import NONE, FormState, entered, value_changed
from forms.subject.subject import Subject
from forms.value import Value


@dataclass(slots=True)
class Step:
    """What is written for one subject: entered values, what follows from them, and where each entry went.

    ``held``: forms on which something would come out otherwise and was not written, because they are locked.
    """

    opened: Opened
    subject: Subject
    changed: Mapping[Place, Value]
    follows: Mapping[Place, Value]
    held: frozenset[FormKey] = frozenset()
    pointers: dict[Place, str] = field(default_factory=dict)

    def shown_anew(self) -> Iterator[FormKey]:
        """Started forms without a change of their own that may apply now where they did not, or no longer do."""
        changed = {*self.changed, *self.follows}
        nodes = {(place.form, place.item) for place in changed}
        seen = (self.subject.as_of(name) for name in self.subject.versions.names or (self.subject.by,))
        if any(graph_of(subject.compiled).shows_after(nodes) for subject in seen):
            own = {place.form_key for place in changed}
            yield from (key for key in self.subject.every_key() if key not in own)


def write_entered(
    casebook: OpenStore, opened: Opened, changed: Mapping[Place, Value], why: str, cause: str = ""
) -> Step:
    """Append entered values of one subject with all that follows, in a transaction that is open.

    Raises Refusal when one of them lies on a form, or in a row, that is frozen or locked, or where the version that
    judges the visit has no such item.
    """
    for place in changed:
        check_takes_entries(opened.subject, place, opened.takes_new)
    subject, moved = judged_after(
        casebook.connection, casebook.versions, opened.subject, opened.subject.with_values(changed), tuple(changed)
    )
    if len(casebook.versions) > 1:
        for place in changed:
            find_item(subject.judging(place.event, place.event_no).study, place)
    step = _step_of(opened, changed, outcome_anew(subject) if moved else outcome_of(subject, changed))
    _append(casebook, step, why, cause)
    asked = write_line(
        casebook.connection, step.subject, casebook.ledger.now, facts=line_changed(casebook.study, step.pointers)
    )
    _settle(casebook, step, next(iter(step.pointers.values())), asked)
    return step


def write_anew(casebook: OpenStore, opened: Opened, cause: str, before: Subject) -> Step:
    """Append whatever of one subject comes out otherwise under the definition in force, in a transaction that is open.

    ``cause`` is the address of the act that put it in force; ``before`` the subject as it stood until then.
    """
    outcome = outcome_amended(before, opened.subject)
    step = _step_of(opened, {}, outcome)
    _append(casebook, step, "", cause)
    asked = write_line(casebook.connection, step.subject, casebook.ledger.now if step.pointers else None, facts=True)
    _settle(casebook, step, cause, asked, keys_to_settle(before, outcome))
    return step


def _step_of(opened: Opened, changed: Mapping[Place, Value], outcome: Outcome) -> Step:
    held = frozenset(place.form_key for place in outcome.held)
    return Step(opened, outcome.subject, changed, outcome.changes, held)


def _append(casebook: OpenStore, step: Step, why: str, cause: str) -> None:
    """A computed value is caused by the last entry on its own form, else by the last of all, else by ``cause``."""
    ledger, old = casebook.ledger, step.opened.pointers
    causes = {place.form_key: ledger.address(at) for at, place in enumerate(step.changed, 1)}
    last = ledger.address(len(step.changed)) if step.changed else cause
    by = step.subject.versions
    acts = [
        Act("value", place, value, why, old.get(place, ""), cause, definition=by.of(place.event, place.event_no))
        for place, value in step.changed.items()
    ]
    acts += [
        Act(
            "derived",
            place,
            value,
            "",
            old.get(place, ""),
            causes.get(place.form_key, last),
            SYSTEM,
            by.of(place.event, place.event_no),
        )
        for place, value in step.follows.items()
    ]
    if acts:
        addresses = ledger.append(acts)
        step.pointers = {act.place: address for act, address in zip(acts, addresses, strict=True)}
        casebook.elsewhere.note({**step.changed, **step.follows})
    states = _states_after(step)
    if states != step.subject.states:
        step.subject = replace(step.subject, states=states)


def _states_after(step: Step) -> dict[FormKey, FormState]:
    """What the writing makes of the forms: an entry starts one, any change takes signature and verification away."""
    states = dict(step.subject.states)
    for place in step.changed:
        states[place.form_key] = entered(states.get(place.form_key))
    for place in step.pointers:
        state = states.get(place.form_key)
        flags = state.flags(place.row) if state is not None else NONE
        if state is not None and (flags.signed or flags.verified):
            states[place.form_key] = value_changed(state, place.row)
    return states


def _settle(casebook: OpenStore, step: Step, cause: str, asked: int, more: Sequence[FormKey] = ()) -> None:
    touched = dict.fromkeys([*more, *(place.form_key for place in step.pointers), *step.held, *step.shown_anew()])
    complete = {key for key in touched if step.subject.state(key).status == "complete"}
    if complete or step.held or asked:
        settle_queries(casebook, step.subject, touched, complete | step.held, cause)
