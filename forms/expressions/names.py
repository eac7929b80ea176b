"""Do the names in an expression exist? Asked when a study is loaded; running an expression never asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from forms.expressions.expression import Expr
from forms.expressions.nodes import Read, reads_of
from forms.expressions.tokens import ExpressionFault, fault
from forms.place import GRADE_MARK, LIMIT_MARKS, plain_item
from forms.study.definition import Event, Study


def check_names(expr: Expr, study: Study, form_id: str | None, event_id: str | None) -> list[ExpressionFault]:
    """Every name that does not exist in the study, in reading order, with a near one when there is.

    ``form_id`` is the form the expression stands on (None: no form, so a bare ITEM has no meaning), ``event_id`` the
    event when it always runs at one.
    """
    found: list[ExpressionFault] = []
    for read, column in sorted(set(reads_of(expr.node)), key=lambda pair: (pair[1], pair[0].item, pair[0].kind)):
        found.extend(_faults(read, column, study, form_id, event_id))
    return found


def _faults(
    read: Read, column: int, study: Study, form_id: str | None, event_id: str | None
) -> Iterator[ExpressionFault]:
    if read.kind == "fact":
        yield from _missing("fact", read.name, study.fact_by_id, column)
    elif read.kind == "setting":
        yield from _missing("setting", read.name, study.setting_by_id, column)
    elif read.kind == "item":
        if form_id is None:
            yield fault("no_form_here", column, name=read.item)
        else:
            yield from _missing_item(study, form_id, read.item, column)
    elif read.kind != "name":
        known_event = not read.event or read.event in study.event_by_id
        if not known_event:
            yield from _missing("event", read.event, study.event_by_id, column)
        if read.form not in study.form_by_id:
            yield from _missing("form", read.form, study.form_by_id, column)
            return
        if read.item:
            yield from _missing_item(study, read.form, read.item, column)
        if known_event:
            yield from _misplaced(read, column, study, event_id)


def _missing(what: str, name: str, known: Iterable[str], column: int, **values: object) -> Iterator[ExpressionFault]:
    names = tuple(known)
    if name in names:
        return
    near = get_close_matches(name, names, n=1)
    key = f"no_{what}_near" if near else f"no_{what}"
    yield fault(key, column, name=name, near="".join(near), **values)


def _missing_item(study: Study, form_id: str, item_id: str, column: int) -> Iterator[ExpressionFault]:
    form = study.form_by_id.get(form_id)
    items = form.items if form is not None else {}
    plain = plain_item(item_id)
    if plain == item_id or plain not in items:
        yield from _missing("item", plain, items, column, form=form_id)
    elif item_id.endswith(LIMIT_MARKS):
        if not items[plain].analyte:
            yield fault("no_limits", column, name=item_id, item=plain)
    elif not item_id.endswith(GRADE_MARK):
        yield fault("no_mark", column, name=item_id)
    elif not items[plain].grade:
        yield fault("no_grade", column, name=item_id, item=plain)


def _misplaced(read: Read, column: int, study: Study, event_id: str | None) -> Iterator[ExpressionFault]:
    """A form that its event does not have, a number on an event without cycles, a form found at several events."""
    if read.event:
        event = study.event_by_id[read.event]
        if not _has(event, read.form):
            yield fault("no_form_in_event", column, form=read.form, event=read.event)
        if read.number is not None and (event.kind != "cycle" or not 1 <= read.number <= event.cycles):
            yield fault("no_cycle", column, event=read.event, number=read.number)
    elif read.kind == "form" and not read.inside and event_id in study.event_by_id:
        homes = [event for event in study.events if event.kind in ("visit", "log") and _has(event, read.form)]
        if not _has(study.event_by_id[event_id or ""], read.form) and len(homes) != 1:
            yield fault("which_event", column, form=read.form, event=event_id)


def _has(event: Event, form_id: str) -> bool:
    return any(entry.form == form_id for entry in event.forms)
