"""A terminal obeys what it reads: no name, value or word of a file reaches it but as plain visible text."""

import io
import json
import re
import shutil
import sys

import pytest

from ui.commands import main
from ui.commands.arguments import COMMANDS, Declaration
from ui.commands.console import Console, visible

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eabc\rover\nfile:1: all is well\x08\x7f"
"""Sets a terminal's title, clears it, colours it, turns the direction, writes over the line, feigns a line."""

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="no such file names there")


def assert_plain(told):
    said = told.out + told.err
    assert not OBEYED.search(said), ascii(OBEYED.search(said))
    assert not [line for line in said.splitlines() if line.startswith("file:1: all is well")]
    assert "The program failed" not in said
    return said


def walks(tmp, store):
    """Each command with hostile words in every place that takes words."""
    bad, user = tmp / EVIL.replace("/", ""), ("--user", EVIL)
    reports = [("report", "list"), ("report", EVIL), ("report", "cohort", bad, *user, "--out", bad),
               ("report", "casebook", store, "--user", "demo", "--subject", EVIL, "--out", tmp / "x.pdf"),
               ("report", "cohort", store, "--user", "demo", "--out", tmp / "x.pdf", "--as-of", EVIL),
               ("report", "cohort", store, "--user", "demo", "--out", store / EVIL),
               ("report", "cohort", store, "--user", "demo", "--out", tmp / "x.pdf", "--cut-off", EVIL)]  # fmt: skip
    return {
        "demo": [("demo", "--study", EVIL, "--headless", bad)],
        "study": [("study", "check", EVIL), ("study", "check", bad), ("study", "import", bad), ("study", EVIL),
                  ("study", "export", "ankl", "--format", EVIL, "--out", bad), ("study", "list"),
                  ("study", "export", "ankl", "--format", "json", "--out", bad / "a.json"),
                  ("study", "print", EVIL, "--out", bad), ("study", "preview", EVIL), ("study", "diff", EVIL, bad),
                  ("study", "amend", store, EVIL, "--user", "demo", "--dry-run"), ("study", "amend", bad, bad, *user)],
        "new": [("new", bad / "s", *user, "--study", "ankl", "--site", "AN"),
                ("new", bad / "s", "--user", "a", "--study", "ankl", "--site", EVIL),
                ("new", bad / "s", "--user", "a", "--study", "ankl", "--site", "AN", "--role", EVIL),
                ("new", bad / "s", "--user", "a", "--study", EVIL, "--site", "AN")],
        "import": [("import", store, "--user", "demo", bad), ("import", store, "--user", "demo", store, EVIL)],
        "export": [("export", store, "--user", "demo", "--format", EVIL, "--out", bad),
                   ("export", store, "--user", "demo", "--format", "csv", "--out", bad / "data.csv"),
                   ("export", store, *user, "--format", "csv", "--out", bad)],
        "report": reports,
        "grade": [("grade", bad, tmp / "o.jsonl", "--ctcae", "5.0"), ("grade", EVIL, EVIL, "--ctcae", EVIL)],
        "ctcae": [("ctcae", "wording", bad, "--edition", "5.0"), ("ctcae", "change", bad, *user, "--to", "6.0"),
                  ("ctcae", "change", bad, *user, "--to", "6.0", "--reason", EVIL), ("ctcae", EVIL)],
        "verify": [("verify", bad, *user), ("verify", store, "--user", "demo", "--anchor", EVIL)],
        "backup": [("backup", store, "--user", "demo", bad / "c.casebook"), ("backup", bad, *user, store)],
        "restore": [("restore", bad, store, *user), ("restore", bad / "c.casebook", bad / "r", "--user", "demo")],
        "guide": [("guide", EVIL), ("guide", "--out", bad), ("guide", "--out", store)],
        "diagnostics": [("diagnostics", EVIL), ("diagnostics", "--out", bad), ("diagnostics", bad, "--out", store)],
        "update": [("update", bad), ("update", EVIL), ("update", store, EVIL)],
        "redact": [("redact", store, "--user", "demo", "--subject", EVIL), ("redact", bad, *user),
                   ("redact", store, "--user", "demo", "--propose", EVIL, "--reason", EVIL),
                   ("redact", store, "--user", "demo", "--confirm", EVIL)],
        "bench": [("bench", EVIL)],
        "window": [("window", bad), (EVIL,), ("window", "--" + EVIL)],
    }  # fmt: skip


@on_posix
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_lets_a_hostile_name_reach_the_terminal(say, demonstration, tmp_path, command, language):
    store = shutil.copytree(demonstration, tmp_path / f"{EVIL.replace('/', '')}.casebook")
    known = walks(tmp_path, store)
    assert set(known) == set(COMMANDS)
    shown = ""
    for words in known[command]:
        shown += assert_plain(say(*words, *(("--language", "zh") if language == "zh" else ())))
    if any(EVIL in str(word) for words in known[command] for word in words):
        assert "\\x1b" in shown


@on_posix
def test_what_an_import_lists_is_visible_whatever_the_file_holds(say, store, tmp_path):
    rows = [["subject", "event", "event_no", "form", "form_no", "row", "item", "value", "unit", "missing"],
            ["AN-001", "SCR", "1", "VS", "1", "1", "WEIGHT", EVIL, EVIL, ""],
            [EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, EVIL],
            ["AN-001", "SCR", "1", "MH", "1", "1", "MHTERM", "x\u202ey", "", ""]]  # fmt: skip
    quoted = "\r\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    for name in ("data.csv", EVIL.replace("/", "") + ".csv"):
        (tmp_path / name).write_bytes(quoted.encode("utf-8", "surrogatepass"))
        for more in ((), ("--dry-run", "--list"), ("--dry-run", "--list", "--accept-unparsed", "--new-subjects")):
            told = say("import", store, "--user", "demo", tmp_path / name, "--reason", EVIL, *more)
            assert told.code
            assert_plain(told)


def test_what_grading_says_of_a_line_is_visible(tmp_path, capsys):
    lines = [{"id": EVIL, "analyte": EVIL, "value": EVIL}, {"id": 1, "analyte": "ALT", "value": [EVIL]}]
    twice = '{"id": 1, "\\u001b[2J": 1, "\\u001b[2J": 2}'
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join([json.dumps(line) for line in lines] + [twice, EVIL]), encoding="utf-8")
    assert main(["grade", str(source), str(tmp_path / "out.jsonl"), "--ctcae", "5.0"]) == 1
    told = capsys.readouterr()
    assert told.err.count("in.jsonl:") >= 3
    assert not OBEYED.search(told.out + told.err)


@on_posix
def test_texts_of_a_study_are_shown_visibly(say, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    text = json.dumps(EVIL)
    (folder / "study.yaml").write_text(f"id: {text}\nversion: {text}\ntitle: {text}\n{text}: 1\n", encoding="utf-8")
    for words in (("study", "check", folder), ("study", "import", folder), ("study", "check", folder / "study.yaml")):
        told = say(*words)
        assert told.code
        assert_plain(told)


@on_posix
def test_help_is_plain_whatever_the_program_is_called_with(say):
    for command in COMMANDS:
        if command != "window":
            assert_plain(say(command, "--help"))
    assert_plain(say("--help", EVIL))
    assert "COMMAND" in Declaration("en").root.format_help()


def test_the_systems_words_about_a_path_are_visible(say, monkeypatch):
    def fails(options, console):
        raise OSError(5, "Input/output\x1b[2J error", EVIL)

    monkeypatch.setattr("ui.commands.study.list_studies", fails)
    told = say("study", "list")
    assert told.code == 3
    assert "\\x1b[2J" in assert_plain(told)


def test_progress_shows_a_subjects_name_visibly(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    shown = Terminal()
    monkeypatch.setattr("sys.stderr", shown)
    Console("en").ticker("Working")(1, 3, EVIL)
    assert "\\x1b" in shown.getvalue()
    assert not OBEYED.search(shown.getvalue().removeprefix("\r"))


def test_the_question_for_a_passphrase_shows_the_sign_in_name_visibly():
    assert "\x1b" not in Console("en").words("commands.passphrase", user=EVIL)


def test_words_tabs_and_lines_of_our_own_stay_as_they_are():
    assert visible("体重 12 kg\té 🙂") == "体重 12 kg\té 🙂"
    assert visible("one\ntwo", lines=True) == "one\ntwo"
    assert visible("one\ntwo") == "one\\ntwo"
    assert visible("\udcff") == "\\udcff"
