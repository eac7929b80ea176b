"""The first start on a computer that has nothing: what it shows itself in, and what is said when a part is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from tests.test_house import ROOT
from tests.ui.windows import signed_in
from ui.commands import main
from ui.settings import Settings
from ui.text_size import SCALE, keep_still, scale_window, system_text_size

BARE = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "LANG": "C.UTF-8"}


@pytest.mark.parametrize(("scheme", "dark"), [("Dark", True), ("Light", False), ("Unknown", False)])
def test_it_begins_dark_where_the_computer_is_dark_and_stays_as_chosen(tmp_path, qapp, monkeypatch, scheme, dark):
    hints = SimpleNamespace(colorScheme=lambda: Qt.ColorScheme[scheme])
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda *_: hints)
    settings = Settings(tmp_path / "casebook.ini")
    assert settings.dark is dark
    for chosen in ("dark", "light"):
        settings.put("appearance", chosen)
        assert Settings(tmp_path / "casebook.ini").dark is (chosen == "dark")


@pytest.mark.parametrize(("chosen", "of_system", "scale"), [
    ("", 100, None), ("", 125, "1.25"), ("", 225, "2.0"), ("150", 125, "1.5"), ("100", 200, None),
])  # fmt: skip
def test_everything_is_as_large_as_the_computer_was_told_unless_chosen_in_the_program(
    monkeypatch, chosen, of_system, scale
):
    monkeypatch.delenv(SCALE, raising=False)
    monkeypatch.setattr("ui.text_size.system_text_size", lambda: of_system)
    scale_window(chosen)
    assert os.environ.pop(SCALE, None) == scale


def test_a_text_size_is_chosen_in_the_menu_under_the_own_name_and_kept(tmp_path, qtbot):
    window = signed_in(tmp_path, qtbot)
    sizes = window.workspace.bar.text_sizes(QMenu(window))
    assert [action.isChecked() for action in sizes.actions()] == [True] + [False] * 5
    next(action for action in sizes.actions() if action.text() == "150 %").trigger()
    assert window.settings.get("text_size") == "150"
    again = window.workspace.bar.text_sizes(QMenu(window)).actions()
    assert [action.text() for action in again if action.isChecked()] == ["150 %"]
    window.close()


def test_a_scale_that_is_set_for_qt_already_stays(monkeypatch):
    monkeypatch.setenv(SCALE, "1.1")
    scale_window("200")
    assert os.environ[SCALE] == "1.1"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktops of Linux")
def test_the_factor_of_the_desktop_is_taken_where_qt_does_not_take_it_itself(tmp_path, monkeypatch):
    said = tmp_path / "gsettings"
    said.write_text("#!/bin/sh\necho 1.25\n", encoding="utf-8")
    said.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    monkeypatch.setenv("XDG_SESSION_TYPE", "x11")
    assert system_text_size() == 100
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    assert system_text_size() == 125
    said.write_text("#!/bin/sh\necho nothing\n", encoding="utf-8")
    assert system_text_size() == 100


def test_menus_lists_and_tips_do_not_move(qapp):
    keep_still(qapp)
    for effect in (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_FadeTooltip):
        assert not qapp.isEffectEnabled(effect)


def test_nothing_of_the_program_is_an_animation():
    moving = ("QPropertyAnimation", "QVariantAnimation", "QTimeLine", "QGraphicsOpacityEffect", "QMovie")
    for path in (ROOT / "ui").rglob("*.py"):
        assert not any(word in path.read_text(encoding="utf-8") for word in moving), path


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a display of X11")
@pytest.mark.parametrize(("language", "words"), [("en", "No window can be opened"), ("zh", "无法打开窗口")])
def test_without_the_plugin_of_the_display_the_program_says_so_and_ends_with_3(tmp_path, language, words):
    told = {**BARE, "HOME": str(tmp_path), "QT_QPA_PLATFORM": "nosuch", "DISPLAY": ":99"}
    command = [sys.executable, str(ROOT / "main.py"), "window", "--language", language]
    done = subprocess.run(command, env=told, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert done.returncode == 3
    assert words in done.stderr
    assert "nosuch" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (ModuleNotFoundError("No module named 'PySide6'", name="PySide6"), "PySide6"),
        (
            ImportError("libEGL.so.1: cannot open shared object file: No such file", name="PySide6.QtGui"),
            "libEGL.so.1",
        ),
        (ImportError("DLL load failed while importing QtCore: The specified module", name="QtCore"), "QtCore"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_part_of_the_window_that_is_missing_is_named_to_the_person_and_in_the_log(
    tmp_path, monkeypatch, capsys, error, part, language
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def window(*_):
        raise error

    assert main(["window", "--language", language], window) == 3
    told = capsys.readouterr().err
    assert part in told
    assert "Traceback" not in told
    if sys.platform.startswith("linux"):
        assert f"missing {part}" in (tmp_path / "casebook" / "log" / "casebook.log").read_text(encoding="utf-8")
