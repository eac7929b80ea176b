"""Bugs: the log tells where, never what was typed; the window stops and says so."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.windows import new_window
from ui.messages import LOG_BYTES, LOG_NAME, catch_bugs, write_log


def stumble(patient: str) -> None:
    raise ValueError(f"cannot do this with {patient}")


@pytest.fixture
def hook():
    before = sys.excepthook
    yield
    sys.excepthook = before


def test_the_log_holds_kind_and_places_but_no_value(tmp_path, hook):
    shown = []
    catch_bugs(lambda: tmp_path, lambda: "2024-10-18T09:00:00", shown.append)
    try:
        stumble("Zhang San")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert shown == [tmp_path / LOG_NAME]
    assert "ValueError" in text
    assert "test_messages.py" in text
    assert "stumble" in text
    assert "Zhang" not in text


def test_the_log_keeps_its_newest_part(tmp_path):
    for number in range(60):
        write_log(tmp_path, f"time {number}", "x" * 5_000)
    text = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert len(text) < LOG_BYTES + 6_000
    assert "time 59" in text
    assert "time 0\n" not in text


def test_after_a_bug_the_window_shows_where_the_log_lies(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_crash(tmp_path / LOG_NAME)
    page = window.stack.currentWidget()
    assert any(str(tmp_path) in label.text() for label in page.findChildren(QLabel))
    window.close()
