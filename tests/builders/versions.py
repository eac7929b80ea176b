"""New versions of the tests' studies, made of the ones there are by small changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from forms.study.definition import ComingIntoForce, Form, Item, Study


def next_version(study: Study, version: str = "2", **amendment: Any) -> Study:
    """The same study under a newer number, with what it says of its coming into force."""
    return replace(study, version=version, amendment=ComingIntoForce(**amendment))


def with_form(study: Study, name: str, change: Callable[[Form], Form]) -> Study:
    """The study with one form changed."""
    return replace(study, forms=tuple(change(form) if form.id == name else form for form in study.forms))


def with_item(study: Study, form: str, item: str, **changes: Any) -> Study:
    """The study with one item of a form changed."""

    def changed(each: Item) -> Item:
        return replace(each, **changes) if each.id == item else each

    return with_form(study, form, lambda known: _with_items(known, changed))


def _with_items(form: Form, change: Callable[[Item], Item]) -> Form:
    return replace(form, groups=tuple(replace(group, items=tuple(map(change, group.items))) for group in form.groups))


def without_item(study: Study, form: str, item: str) -> Study:
    """The study with one item of a form taken out."""

    def changed(known: Form) -> Form:
        groups = (
            replace(group, items=tuple(each for each in group.items if each.id != item)) for group in known.groups
        )
        return replace(known, groups=tuple(groups))

    return with_form(study, form, changed)


def with_new_item(study: Study, form: str, item: Item) -> Study:
    """The study with an item added at the end of a form's first group."""

    def changed(known: Form) -> Form:
        first, *others = known.groups
        return replace(known, groups=(replace(first, items=(*first.items, item)), *others))

    return with_form(study, form, changed)


def with_event(study: Study, event: str, **changes: Any) -> Study:
    """The study with one event changed."""
    return replace(study, events=tuple(replace(each, **changes) if each.id == event else each for each in study.events))


def with_right(study: Study, role: str, right: str) -> Study:
    """The study with a right more for a role."""
    roles = (
        replace(each, rights=(*each.rights, right)) if each.id == role and right not in each.rights else each
        for each in study.roles
    )
    return replace(study, roles=tuple(roles))
