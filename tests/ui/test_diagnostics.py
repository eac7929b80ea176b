"""What may be sent when the program fails: enough to help, nothing of any person."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from db.people.pin import set_pin
from forms.place import FormKey
from tests.ui.windows import FIRST, PHRASE, new_site, new_window, signed_in
from ui.commands import main
from ui.diagnostics import report
from ui.messages import LOG_NAME
from ui.window.diagnosing import window_diagnostics

PLANTED = (FIRST, "S01-7731", "赵云澜", "Zhao Yunlan", "ZhaoYunlan", "1991-03-11", "61.83", "H-99421",
           "wobbly handwriting", "Lin Xia", "lin@ward", PHRASE, "481516", "site", "病区")  # fmt: skip
"""Numbers, names, a birth date, a weight, a hospital number, a reason, persons, a passphrase, a PIN, folders."""


def test_of_everything_a_day_of_work_leaves_nothing_of_people_comes_into_it(tmp_path, qtbot, monkeypatch):
    folder = tmp_path / "赵云澜 H-99421 病区"
    folder.mkdir()
    window = new_window(folder, qtbot)
    book = new_site(folder, user="lin@ward")
    book.enter(FormKey(FIRST, "SCR", "1", "VS").place("WEIGHT"), "61.83", why="wobbly handwriting")
    window.enter(book)
    set_pin(book, "481516")
    (book.path / "Zhao Yunlan H-99421.pdf").write_bytes(b"a letter that somebody put here")
    window.settings.put("reports_folder", str(folder / "Zhao Yunlan"))
    window.settings.put_backup_place(book.path, str(folder))
    log = [
        "2024-10-18T09:00:00+08:00", "ValueError", "  page.py:12 refresh", "  missing libEGL.so.1",
        "Zhao Yunlan 61.83 kg", "ZhaoYunlan", f"cannot do this with {FIRST}", f"  {folder}/x.py:3 赵云澜",
        "2024-10-18T09:00:00 ZhaoYunlan", "KeyError: '1991-03-11'",
    ]  # fmt: skip
    window.settings.folder().mkdir(parents=True, exist_ok=True)
    (window.settings.folder() / LOG_NAME).write_text("\n".join(log), encoding="utf-8")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "赵云澜's desktop")
    told = window_diagnostics(window.settings, window.casebook)
    assert [planted for planted in PLANTED if planted in told] == []
    assert str(tmp_path) not in told
    for helpful in ("version: 0.", "schema: ", "platform: ", "screen 1: ", "subjects: 1", "store.db: ",
                    "other_files: 1", "reports_folder: set", "ValueError", "page.py:12 refresh",
                    "missing libEGL.so.1"):  # fmt: skip
        assert helpful in told
    window.close()


def test_the_command_tells_the_same_without_a_window_and_also_where_qt_is_missing(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert main(["diagnostics"]) == 0
    assert "[computer]" in capsys.readouterr().out
    monkeypatch.setitem(__import__("sys").modules, "ui.settings", None)
    monkeypatch.setattr("ui.diagnostics.told_settings", lambda told: dict(told))
    assert main(["diagnostics", "--out", str(tmp_path / "told.txt")]) == 0
    assert "[program]" in (tmp_path / "told.txt").read_text(encoding="utf-8")


def test_a_store_that_is_gone_and_a_log_that_is_not_there_end_nothing(tmp_path):
    told = report(stores=[tmp_path / "gone.casebook"], logs=[tmp_path / "none.log"])
    assert "[store 1]" in told
    assert told.rstrip().endswith("none")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_after_a_failure_names_what_is_missing_and_gives_the_diagnostics(
    tmp_path, qtbot, monkeypatch, language
):
    window = signed_in(tmp_path, qtbot, language)
    window.show_crash(tmp_path / LOG_NAME, "lifelines")
    page = window.stack.currentWidget()
    assert any("lifelines" in label.text() and label.isVisible() for label in page.findChildren(QLabel))
    buttons = {button.text(): button for button in page.findChildren(QPushButton)}
    buttons[window.settings.say("program.diagnostics.copy")].click()
    assert "[program]" in QApplication.clipboard().text()
    kept = tmp_path / "told.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(kept), ""))
    buttons[window.settings.say("program.diagnostics.save")].click()
    assert "subjects: 1" in kept.read_text(encoding="utf-8")
    assert page.note.text() == window.settings.say("program.diagnostics.saved", path=str(kept))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / LOG_NAME / "x" / "y"), ""))
    (tmp_path / LOG_NAME).write_text("a file, no folder", encoding="utf-8")
    buttons[window.settings.say("program.diagnostics.save")].click()
    assert page.note.property("kind") == "trouble"
    window.close()
