"""A stolen computer: what working in the window leaves in files, settings, logs and temporary folders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from db.folder import paths
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from db.people.identity import Identity, write_log
from forms.place import FormKey
from tests.ui.windows import FIRST, PHRASE, new_site, new_window, wait_for_jobs
from ui.messages import places_of
from ui.messages import write_log as write_crash

KEY = FormKey(FIRST, "SCR", "1", "VS")
SECRETS = (FIRST, "1991-03-11", "61.83", "58.37", "H-99421", "赵云澜", "Is this the weight of today", "half typed answ",
           "wobbly handwriting", "Quentin Brown", "Lin Xia", PHRASE, "seven blue owls read", "S01-7731")  # fmt: skip
"""Subjects, values, drafts, names, questions, answers, reasons, people, passphrases."""


def found_in(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes() + str(path.relative_to(folder)).encode()
        for secret in SECRETS:
            if any(secret.encode(code) in content for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")):
                found.setdefault(str(path.relative_to(folder)), []).append(secret)
            if any(ord(letter) > 127 for letter in secret):
                escaped = "".join(f"\\x{ord(letter):x}" for letter in secret).encode()
                if escaped in content:
                    found.setdefault(str(path.relative_to(folder)), []).append(secret)
    return found


def crash(window) -> None:
    weight = window.casebook.sheet(KEY).cell("WEIGHT").value
    try:
        raise ValueError(f"cannot work with {weight.value} of {KEY.subject}")
    except ValueError as error:
        write_crash(window.settings.folder(), "2024-10-18", places_of(error))


@pytest.mark.parametrize("ending", ["signed out", "cut off"])
def test_a_day_of_work_in_the_window_leaves_no_word_of_it_outside_the_sealed_files(
    tmp_path, qtbot, monkeypatch, ending
):
    temporaries = tmp_path / "temporaries"
    temporaries.mkdir()
    for name in ("TMPDIR", "SQLITE_TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporaries))
    monkeypatch.setattr("tempfile.tempdir", str(temporaries))
    book = new_site(tmp_path, "pi")
    book.close()
    window = new_window(tmp_path, qtbot)
    window.show_sign_in(str(book.path), "lin")
    window.open_store("lin", PHRASE)
    work(window, qtbot, tmp_path)
    window.settings._file.sync()
    if ending == "signed out":
        window.close()
    stolen = shutil.copytree(tmp_path, tmp_path.with_name(tmp_path.name + "-stolen"))
    assert {each.name for each in stolen.rglob("*") if each.is_file()} >= {"casebook.ini", paths.STORE, paths.KEYS}
    assert found_in(stolen) == {}
    assert list(temporaries.iterdir()) == []
    window.close()


def work(window, qtbot, folder: Path) -> None:
    """Enter, correct, ask, draft, identify, lock, copy, rehearse, meet a bug."""
    book, space = window.casebook, window.workspace
    book.enter(KEY.place("WEIGHT", "1"), "61.83")
    book.enter(KEY.place("WEIGHT", "1"), "61.84", why="wobbly handwriting")
    book.open_query(KEY.place("WEIGHT", "1"), "Is this the weight of today?")
    write_log(book, {FIRST: Identity("H-99421", "赵云澜")})
    add_account(book, "qb", "Quentin Brown", "nurse", "seven blue owls read", kdf=CHEAP)
    for page in space.seen:
        space.go(page)
        wait_for_jobs(window, qtbot)
    space.made["queries"].reply.setText("half typed answ")
    space.open_form(KEY)
    space.made["subject"].form.go_to("HEIGHT", "1")
    space.made["subject"].form.canvas.fields[("HEIGHT", "1")].editor.setFocus()
    book.draft(KEY.place("HEIGHT", "1"), "58.37")
    window.lock()
    window.unlock("S01-7731")
    window.unlock(PHRASE)
    second = folder / "stick"
    second.mkdir()
    window.settings.put_backup_place(book.path, str(second))
    space.go("administration")
    backups = space.made["administration"].backups
    backups.make_now()
    wait_for_jobs(window, qtbot)
    backups.rehearse_chosen()
    wait_for_jobs(window, qtbot)
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog):
            QDialog.reject(dialog)
    crash(window)
