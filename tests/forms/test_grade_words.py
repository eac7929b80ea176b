"""Every word the grader may say exists in both languages, and no sentence keeps an unfilled place."""

from __future__ import annotations

import json
import re

import pytest

from forms.grading.frame import Measurement, read_facts
from forms.grading.grade import grade
from forms.grading.tables import VERSIONS
from forms.grading.words import explain
from forms.texts import LANGUAGES
from resources import folder
from tests.forms.grade_reading import tables


def words(language: str) -> dict[str, str]:
    return json.loads(folder("i18n", language, "grade.json").read_text(encoding="utf-8"))


def rows() -> list[dict]:
    return [row for version in VERSIONS for route in tables(version)["routes"] for row in route["rows"]]


def test_both_languages_hold_the_same_keys_and_the_same_places_to_fill() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", chinese[key])), key
        assert chinese[key]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_note_and_branch_of_the_tables_has_words(language: str) -> None:
    known = words(language)
    facts = {row.get(kind, "").removeprefix("!") for row in rows() for kind in ("and", "or", "if")} - {""}
    for fact in facts | {"on_anticoagulation", "age"}:
        assert f"ask.{fact}" in known
        assert f"if.{fact}" in known
    for note in {row.get("note", "") for row in rows()} - {""}:
        assert f"note.{note}" in known
    for branch in {route["branch"] for version in VERSIONS for route in tables(version)["routes"]} - {""}:
        assert f"branch.{branch}" in known


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("baseline", [None, "30", "5"])
@pytest.mark.parametrize("limits", [(None, None), ("20", "60")])
def test_no_sentence_keeps_a_key_or_an_unfilled_place(version: str, baseline: str | None, limits: tuple) -> None:
    for route in tables(version)["routes"]:
        unit = next(iter(route["rows"][0]["cut"]))
        for value in ("1", "25", "38.2", "75", "900", "<10", "x"):
            measurement = Measurement(
                route["analyte"], value, "same unit as limits" if unit == "*" else unit, *limits, baseline
            )
            for result in grade(measurement, version, diagnoses=True):
                said = [explain(result, language) for language in LANGUAGES]
                for text in (*(one.text for one in said), *(ask for one in said for ask in one.asks)):
                    assert "grade." not in text.removesuffix("grade.")
                    assert not re.search(r"\{|\}|_pct|None|\bnote\.|\bwhy\.", text), text


def test_answers_are_read_from_yes_and_no_as_people_and_machines_write_them() -> None:
    facts = read_facts(
        {"symptomatic": "yes", "fasting": "No", "bleeding": True, "value_is": "change", "duration_h": "30"}
    )
    assert facts == {
        "symptomatic": True,
        "moderate_symptoms": True,
        "fasting": False,
        "bleeding": True,
        "over_24h": True,
        "persist_1h": True,
    }
