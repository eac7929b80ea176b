"""What counts of what was entered: a value under a field that does not apply is kept but unknown.

So are the values of a form that does not apply, to everything but the form itself.

A field does not apply when its ``show`` (or its group's) is false, a form in an event when its ``when`` is. Where the
condition is unknown only because it reads something that does not apply itself, it does not apply either: so this goes
through all levels. Where something it reads was not entered, the value counts: what is known is not dropped because
something else is missing. Derived items are worked out anew from what counts, so ``show`` only hides them. Rows that a
person added count though their whole group is hidden: no adverse event is lost because "any events" was answered no.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from forms.expressions.rule import Rule
from forms.findings import Finding
from forms.place import SINGLE, FormKey
from forms.texts import both

if TYPE_CHECKING:
    from forms.subject.filled import Filled
    from forms.subject.picture import Picture


def form_counts(subject: Picture, key: FormKey) -> bool:
    """Whether a form applies at its event, or may."""
    rule = subject.compiled.conditions.get((key.event, key.form))
    if rule is None or subject.memo.is_bare:
        return True
    return _decide(subject, (key, "", ""), (rule,), key, SINGLE, "")


def value_counts(subject: Picture, filled: Filled, row: str, item: str, *, own: bool = False) -> bool:
    """Whether a value of a form applies, or may; ``own``: to the form itself, which stays whole whether it applies."""
    if subject.memo.is_bare:
        return True
    key, plan = filled.key, filled.plan
    if not own and (key.event, key.form) in subject.compiled.conditions and not form_counts(subject, key):
        return False
    if item not in plan.conditional:
        return True
    asked = plan.laid_out[item]
    group = asked.group.id if asked.repeat else ""
    return _decide(subject, (key, row, item), asked.counts_when, key, row, group)


def counted(subject: Picture, filled: Filled, row: str, item: str, *, own: bool = False) -> object | None:
    """A value as expressions and reports see it: unknown also where its field or form does not apply."""
    known = filled.typed(row, item)
    return known if known is None or value_counts(subject, filled, row, item, own=own) else None


def _decide(
    subject: Picture,
    spot: tuple[FormKey, str, str],
    rules: tuple[Rule, ...],
    key: FormKey,
    row: str,
    group: str,
) -> bool:
    """Ask once. A condition that hangs on itself, or on a fact that is being worked out, hides nothing."""
    memo = subject.memo
    known = memo.applies.get(spot)
    if known is not None:
        return known
    memo.applies[spot] = True
    circles = memo.circles
    found = all(_holds(subject, rule, key, row, group) for rule in rules)
    if memo.circles != circles:
        del memo.applies[spot]
        return True
    memo.applies[spot] = found
    return found


def _holds(subject: Picture, rule: Rule, key: FormKey, row: str, group: str) -> bool:
    """True unless the condition is false, or unknown by what does not apply alone."""
    if rule.constant is not None or rule.fault is not None:
        return rule.constant is not False
    answer = subject.answer(rule, key, row, group)
    if answer is not None:
        return answer is True
    memo = subject.memo
    before, memo.bare = memo.bare, len(memo.asking) + 1
    try:
        return subject.answer(rule, key, row, group) is None
    finally:
        memo.bare = before


def not_applying(filled: Filled) -> Iterator[Finding]:
    """One finding at the first answer of a form that does not apply; nothing for a form without answers."""
    for name, plan in filled.plan.items.items():
        for row in filled.rows(plan.group.id) if plan.derive is None else ():
            if not filled.value(row, name).blank:
                yield Finding(filled.place(row, name), "hidden.form", both("forms.hidden_form"), "query")
                return
