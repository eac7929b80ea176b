"""Random walks: thousands of keys and clicks over all pages, for every role, and nothing breaks, blocks or is lost.

The walks are seeded. A failure tells its seed and the last events (all of them lie
in ``walk.txt`` of the test's folder, also when the program died); the same walk again, on whatever store:

    CASEBOOK_WALK="ankl nurse 7 4000" python -m pytest tests/ui/test_walk.py -k replay
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from db.casebook.entering import Entered
from db.clock import set_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store, open_store
from db.people.accounts import add_account
from forms.authoring.load import read_study
from tests.ui.walker import Walker
from tests.ui.windows import dialogs, new_window
from ui.commands.demo_store import read_cells, read_plan

PHRASE = "four wet horses dance"
SUBJECTS = 3
CELLS = 400
ROLES = ("nurse", "monitor", "pi")
FAST = (("ankl", "nurse", 1, 500), ("hlh_salvage", "monitor", 2, 300), ("hlh_pediatric", "pi", 3, 300))
WHOLE = tuple(
    (study, role, 10 * number + at, 2500)
    for number, study in enumerate(("ankl", "hlh_pediatric", "hlh_salvage"))
    for at, role in enumerate(ROLES)
)
REPLAY = os.environ.get("CASEBOOK_WALK", "")


@cache
def study_of(name: str):
    return read_study(name)


def new_store(folder: Path, study: str, role: str) -> Path:
    """A store of the study with a few of its demonstration's patients, and the person who is to walk."""
    clock = set_clock(read_plan(study)["today"])
    path = folder / "site.casebook"
    book = create_store(
        path, study_of(study), site="S01", user="chen", name="Chen Ming", role="pi", passphrase=PHRASE, clock=clock,
        kdf=CHEAP,
    )  # fmt: skip
    cells = read_cells(study)
    subjects = sorted({cell.place.subject for cell in cells})[:SUBJECTS]
    for subject in subjects:
        book.add_subject(subject)
        mine = [cell for cell in cells if cell.place.subject == subject][:CELLS]
        book.enter_many([Entered(cell.place, cell.text, cell.unit, cell.missing) for cell in mine])
    if role != "pi":
        add_account(book, "walk", "Wei Walk", role, PHRASE, kdf=CHEAP, temporary=False)
    book.close()
    return path


@pytest.fixture
def quiet_desk(monkeypatch):
    """No dialog of the system's files, no other program."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)


def walk(folder: Path, qtbot, study: str, role: str, seed: int, count: int) -> Walker:
    """One walk; raises with seed and last events when it found something."""
    path = new_store(folder, study, role)
    user, clock = ("chen" if role == "pi" else "walk"), set_clock(read_plan(study)["today"])
    window = new_window(folder, qtbot)
    window.days[str(path)] = read_plan(study)["today"]

    def come_in() -> None:
        if window.casebook is None:
            window.enter(open_store(path, user=user, passphrase=PHRASE, clock=clock))

    window.show_sign_in(str(path), user)
    come_in()
    walker = Walker(window, seed, count, come_in, PHRASE, folder / "walk.txt")
    try:
        walker.walk()
    finally:
        while QApplication.activePopupWidget() is not None:
            QApplication.activePopupWidget().close()
        for dialog in dialogs():
            dialog.done(0)
        window.close()
    return walker


@pytest.mark.parametrize(("study", "role", "seed", "count"), FAST)
def test_a_short_walk_breaks_blocks_and_loses_nothing(tmp_path, qtbot, quiet_desk, study, role, seed, count):
    walked = walk(tmp_path, qtbot, study, role, seed, count)
    assert walked.done == count
    assert len(walked.seen - {"door"}) >= 3


@pytest.mark.slow
@pytest.mark.parametrize(("study", "role", "seed", "count"), WHOLE)
def test_a_long_walk_breaks_blocks_and_loses_nothing(tmp_path, qtbot, quiet_desk, study, role, seed, count):
    walked = walk(tmp_path, qtbot, study, role, seed, count)
    assert walked.done == count
    assert {"subject", "today", "subjects", "queries", "study"} <= walked.seen


def test_the_long_walks_take_twenty_thousand_events_and_every_role_on_every_study():
    assert sum(count for *_, count in WHOLE) >= 20_000
    assert {(study, role) for study, role, _, _ in WHOLE} == {(s, r) for s, _, _, _ in WHOLE for r in ROLES}


@pytest.mark.skipif(not REPLAY, reason="only with CASEBOOK_WALK")
def test_replay_of_a_walk(tmp_path, qtbot, quiet_desk):
    study, role, seed, count = REPLAY.split()
    walk(tmp_path, qtbot, study, role, int(seed), int(count))
