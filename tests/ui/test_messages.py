"""Bugs: the log tells where, never what was typed; the window stops and says so."""

from __future__ import annotations

import sys
import threading

import pytest
from PySide6.QtWidgets import QLabel

from tests.ui.windows import new_window
from ui.messages import LOG_BYTES, LOG_NAME, catch_bugs, write_log


def stumble(patient: str) -> None:
    raise ValueError(f"cannot do this with {patient}")


@pytest.fixture
def hook():
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    yield
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def test_the_log_holds_kind_and_places_but_no_value(tmp_path, hook):
    shown = []
    catch_bugs(lambda: tmp_path, lambda: "2024-10-18T09:00:00", lambda *told: shown.append(told))
    try:
        stumble("Zhang San")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    text = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
    assert shown == [(tmp_path / LOG_NAME, "")]
    assert "ValueError" in text
    assert "test_messages.py" in text
    assert "stumble" in text
    assert "Zhang" not in text


def test_a_module_that_is_missing_is_named_in_the_log_and_to_the_page(tmp_path, hook):
    shown = []
    catch_bugs(lambda: tmp_path, lambda: "2024-10-18T09:00:00", lambda *told: shown.append(told))
    try:
        import casebook_that_is_not_there  # noqa: F401
    except ImportError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    assert shown == [(tmp_path / LOG_NAME, "casebook_that_is_not_there")]
    assert "missing casebook_that_is_not_there" in (tmp_path / LOG_NAME).read_text(encoding="utf-8")


def test_a_failure_in_a_thread_is_in_the_log_without_its_value(tmp_path, hook):
    catch_bugs(lambda: tmp_path, lambda: "2024-10-18T09:00:00", lambda *_: None)
    thread = threading.Thread(target=stumble, args=("Zhang San",))
    thread.start()
    thread.join()
    text = (tmp_path / LOG_NAME).read_text(encoding="utf-8")
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
