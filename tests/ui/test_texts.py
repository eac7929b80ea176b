"""Words: every one in both languages, every key used exists, every shortcut is told once."""

from __future__ import annotations

import json
import re
from itertools import groupby
from string import Formatter

import pytest

from resources import folder
from ui.actions import TABLE

HOME = folder().parent


def words(language: str) -> dict[str, str]:
    return json.loads((folder("i18n", language, "ui.json")).read_text(encoding="utf-8"))


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys_and_the_same_names_in_them():
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for key, text in english.items():
        assert names(text) == names(chinese[key]), key


def test_no_text_is_empty_and_no_chinese_text_is_english():
    for key, text in words("zh").items():
        assert text.strip(), key
        if key not in ("study.ctcae", "unit.m2"):
            assert re.search(r"[\u4e00-\u9fff]", text), key


def test_every_key_written_in_the_window_exists():
    known = words("en")
    for path in sorted((HOME / "ui").rglob("*.py")):
        for key in re.findall(
            r'"ui\.((?!pages|dialogs|parts|commands)[a-z_]+\.[a-z_.]*[a-z])"', path.read_text("utf-8")
        ):
            assert key in known, f"{path.name}: {key}"


def test_every_action_has_its_words():
    for line in TABLE:
        assert f"action.{line.id}" in words("en")


@pytest.mark.parametrize("where", ["window", "list", "schedule", "form"])
def test_no_keys_mean_two_things_in_one_place(where):
    taken = sorted(key for line in TABLE if line.where in ("window", where) for key in line.keys)
    assert [key for key, twice in groupby(taken) if len(list(twice)) > 1] == []
