"""Every text the store may show exists in both languages, with the same names to fill in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from db.ledger.ledger import ACTS
from resources import folder

ROOT = Path(__file__).resolve().parents[2]


def texts(language: str) -> dict[str, str]:
    return json.loads(folder("i18n", language, "db.json").read_text(encoding="utf-8"))


def names_in(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_have_the_same_keys_and_names() -> None:
    english, chinese = texts("en"), texts("zh")
    assert english.keys() == chinese.keys()
    assert {key: names_in(text) for key, text in english.items()} == {
        key: names_in(text) for key, text in chinese.items()
    }


def test_every_key_in_the_code_has_a_text() -> None:
    used = set()
    for path in (ROOT / "db").rglob("*.py"):
        used |= set(re.findall(r'"db\.([a-z_.]+)"', path.read_text(encoding="utf-8")))
    assert used - texts("en").keys() == set()


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_a_name_for_people(act: str) -> None:
    assert f"act.{act}" in texts("en")


def test_every_text_is_used() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "db").rglob("*.py"))
    unused = [
        key
        for key in texts("en")
        if not key.startswith(("act.", "verify.did_", "state.", "meaning.", "meaning_short.", "scope.", "lacking."))
        and f'"db.{key}"' not in source
    ]
    assert unused == []


def test_the_version_is_that_of_the_project() -> None:
    from db import VERSION

    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
