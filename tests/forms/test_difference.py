"""Two versions of a definition compared: nothing for the same, and every kind of change told in both languages."""

from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import get_args, get_type_hints

import pytest

from forms.amending.difference import change_words, difference
from forms.authoring.load import read_study, study_ids
from forms.study.canonical import dump, read
from forms.study.definition import Bounds


@cache
def study_of(name):
    return read_study(name)


STUDIES = study_ids()


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_does_not_differ_from_itself(name):
    assert difference(study_of(name), read(dump(study_of(name)))) == ()


def another(value):
    """Some other value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, dict):
        return {language: f"{value.get(language, '')} other" for language in ("en", "zh")}
    if isinstance(value, tuple):
        return (*value, "other")
    if isinstance(value, Bounds):
        return Bounds(value.low, Decimal(99999))
    return Bounds(Decimal(1), None) if value is None else None


def changes_of(part, where=()):
    """Every way to change one field, or leave one entry out, of a part and what is in it; of long lists the first."""
    for spec in fields(part):
        value, here = getattr(part, spec.name), (*where, spec.name)
        if value == () and is_dataclass(get_args(get_type_hints(type(part))[spec.name])[0]):
            continue
        if isinstance(value, tuple) and value and is_dataclass(value[0]):
            yield here, replace(part, **{spec.name: value[1:]}), "removed"
            for path, entry, kind in changes_of(value[0], here):
                yield path, replace(part, **{spec.name: (entry, *value[1:])}), kind
            if len(value) > 1:
                yield here, replace(part, **{spec.name: (*value[1:], value[0])}), "order"
        elif is_dataclass(value) and not isinstance(value, Bounds):
            for path, entry, kind in changes_of(value, here):
                yield path, replace(part, **{spec.name: entry}), kind
        elif spec.name not in (
            "id",
            "code",
            "form",
            "item",
            "lab",
            "analyte",
            "sex",
            "valid_from",
            "age_from",
            "age_to",
        ):
            yield here, replace(part, **{spec.name: another(value)}), "changed"
        else:
            yield here, replace(part, **{spec.name: another(value) if value is not None else Decimal(3)}), ""


@pytest.mark.parametrize("name", STUDIES)
def test_every_kind_of_change_is_told_in_both_languages(name):
    study = study_of(name)
    ways = 0
    for path, changed, kind in changes_of(study):
        told = difference(study, changed)
        assert told, path
        assert not kind or kind in {change.kind for change in told}, path
        for change in told:
            for language in ("en", "zh"):
                words = change_words(change, language)
                assert words
                assert "amend." not in words, path
        ways += 1
    assert ways > 150


@pytest.mark.parametrize("name", STUDIES)
def test_what_one_direction_adds_the_other_takes_out(name):
    study = study_of(name)
    fewer = replace(study, forms=study.forms[1:], facts=study.facts[:-1], roles=study.roles[1:])
    there = {change.where for change in difference(study, fewer) if change.kind == "removed"}
    back = {change.where for change in difference(fewer, study) if change.kind == "added"}
    assert there == back
    assert len(there) == 3
