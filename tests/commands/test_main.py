"""Exit codes, words and languages of the command line as a whole."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ui.commands
from forms.errors import Cancelled, Refusal, Trouble
from ui.commands import main
from ui.commands.arguments import COMMANDS
from ui.commands.language import spoken_language

ROOT = Path(ui.commands.__file__).parents[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(say, command):
    told = say(command, "--help")
    assert told.code == 0
    assert "usage" in told.out


def test_a_command_that_lacks_an_argument_is_wrong_usage(say):
    told = say("verify")
    assert told.code == 2
    assert "STORE" in told.err


def test_a_word_that_is_neither_store_nor_command_is_wrong_usage_and_names_the_commands(say):
    told = say("reprot")
    assert told.code == 2
    assert "reprot" in told.err
    assert "report" in told.err


def test_help_speaks_chinese(say):
    told = say("report", "cohort", "--language", "zh", "--help")
    assert "用法" in told.out
    assert "临床截止日期" in told.out


def test_wrong_usage_is_told_in_chinese(say):
    assert "缺少以下参数" in say("verify", "--language", "zh").err


@pytest.mark.parametrize(
    ("argv", "environment", "language"),
    [
        (["study", "list"], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["study", "list"], {"LANG": "de_DE.UTF-8"}, "en"),
        (["study", "list"], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (["study", "list", "--language", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["study", "list", "--language=zh"], {}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_else_the_systems(argv, environment, language):
    assert spoken_language(argv, environment) == language


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (Refusal("commands.no_display"), 1),
        (Trouble("commands.stopped"), 3),
        (Cancelled(), 3),
        (KeyboardInterrupt(), 3),
        (PermissionError(13, "Permission denied", "x.csv"), 3),
    ],
)
def test_what_stops_a_command_gives_words_and_its_exit_code(say, monkeypatch, raised, code):
    def stop(*_):
        raise raised

    monkeypatch.setattr("ui.commands.study.list_studies", stop)
    told = say("study", "list")
    assert told.code == code
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_a_bug_is_owned_up_to_and_its_log_holds_places_but_no_values(say, monkeypatch, tmp_path):
    def fail(*_):
        raise ValueError("weight of Wang Fang: 52.5")

    monkeypatch.setattr("ui.commands.study.list_studies", fail)
    told = say("study", "list")
    logs = list((tmp_path / "home").rglob("casebook.log"))
    assert told.code == 3
    assert str(logs[0]) in told.err
    written = logs[0].read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "test_main.py" in written
    assert "Wang Fang" not in written + told.err


def test_the_command_line_loads_no_qt_and_no_statistics_before_they_are_needed():
    asked = "import sys, main; main.start(); print(sorted(set(sys.modules) & {'PySide6', 'pandas', 'lifelines'}))"
    code = f"import sys; sys.argv = ['main.py', 'study', 'list']; {asked}"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"


def test_without_a_command_the_window_opens_the_store_named_in_the_language_last_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    seen = []
    (tmp_path / "a.casebook").mkdir()
    assert main([str(tmp_path / "a.casebook"), "--language", "zh"], lambda *given: seen.append(given) or 0) == 0
    assert main([], lambda *given: seen.append(given) or 0) == 0
    assert [(store, language) for store, _, _, language in seen] == [
        (tmp_path / "a.casebook", "zh"),
        (None, ""),
    ]


def test_without_a_display_the_window_is_refused_with_a_way_out(say, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    told = say()
    assert told.code == 1
    assert "--headless" in told.err


def test_a_benchmark_that_is_not_there_is_refused_naming_those_that_are(say):
    told = say("bench", "nothing")
    assert told.code == 1
    assert "store" in told.err


def test_a_benchmark_that_fails_gives_exit_code_1(say, monkeypatch):
    monkeypatch.setattr(
        "ui.commands.bench.subprocess.run", lambda command, **_: subprocess.CompletedProcess(command, 1)
    )
    told = say("bench", "store")
    assert told.code == 1
    assert "store" in told.err


def test_a_terminal_without_chinese_letters_gets_their_codes_and_the_command_its_end():
    told = subprocess.run(
        [sys.executable, "main.py", "report", "list", "--language", "zh"], cwd=ROOT, capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert told.returncode == 0
    assert b"\\u961f\\u5217" in told.stdout


def test_a_program_without_a_console_shows_in_a_box_what_it_would_print(monkeypatch):
    shown = []
    monkeypatch.setattr("ui.commands.unheard.show_box", shown.append)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["missing.casebook", "--language", "en"]) == 2
    assert main(["study", "check", "ankl", "--language", "en"]) == 0
    assert (sys.stdin, sys.stdout, sys.stderr) == (None, None, None)
    assert "missing.casebook" in shown[0]
    assert len(shown) == 2


def test_a_program_without_a_console_shows_no_box_when_it_has_nothing_to_say(monkeypatch):
    shown = []
    monkeypatch.setattr("ui.commands.unheard.show_box", shown.append)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr("ui.commands.window.has_display", lambda: True)
    assert main([], lambda *_: 0) == 0
    assert shown == []
