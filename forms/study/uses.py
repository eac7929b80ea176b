"""Where a definition uses a setting, so that whoever confirms it sees what hangs on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forms.study.definition import Form, Item, Study


def uses_of(study: Study, setting: str) -> tuple[tuple[Form, Item | None], ...]:
    """The fields whose rules ask for a setting, in study order; None stands for a check of the form as a whole."""
    asked = re.compile(rf"\bsetting\(\s*['\"]{re.escape(setting)}['\"]\s*\)")
    found: dict[tuple[str, str], tuple[Form, Item | None]] = {}
    for form in study.forms:
        for item in form.items.values():
            if any(asked.search(rule) for rule in _rules(item)):
                found[form.id, item.id] = (form, item)
        if any(asked.search(check.holds) for check in form.checks):
            found[form.id, ""] = (form, None)
    return tuple(found.values())


def _rules(item: Item) -> Iterator[str]:
    yield from (item.required, item.show, item.derive)
    yield from (check.holds for check in item.checks)
