"""The language chosen in the window lasts: a start without ``--language`` leaves it alone, whatever the system has."""

from __future__ import annotations

import pytest

from ui.commands import main
from ui.settings import Settings


@pytest.fixture
def asked(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":0")
    told: list[str] = []

    def window(store, user, passphrase, language):
        told.append(language)
        return 0

    return window, told


@pytest.mark.parametrize("computer", ["en_GB.UTF-8", "zh_CN.UTF-8"])
def test_a_start_without_the_option_names_no_language_to_the_window(asked, monkeypatch, computer):
    window, told = asked
    monkeypatch.setenv("LC_ALL", computer)
    assert main([], window) == 0
    assert told == [""]


@pytest.mark.parametrize("words", [["--language", "zh"], ["--language=zh"]])
def test_a_language_asked_for_is_handed_to_the_window(asked, words):
    window, told = asked
    assert main(words, window) == 0
    assert told == ["zh"]


def test_a_language_chosen_in_the_window_is_there_after_a_restart(tmp_path):
    Settings(tmp_path / "casebook.ini").put("language", "zh")
    assert Settings(tmp_path / "casebook.ini").language == "zh"
