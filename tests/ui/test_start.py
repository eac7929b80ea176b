"""Starting: what the first picture does not need is not loaded for it; the worklist does without heavy libraries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.clock import system_clock
from db.folder.keys import CHEAP
from db.opening.vault import create_store
from forms.authoring.load import read_study

HEAVY = (
    "pandas", "numpy", "scipy", "lifelines", "reportlab", "pydantic", "sqlite_utils", "matplotlib", "yaml",
    "openpyxl", "lxml", "pyhanko", "PIL", "reports",
)  # fmt: skip
"""Loaded when first used, never for the worklist."""

ROOMS = (
    "forms.study.definition", "forms.subject.subject", "forms.authoring.load", "db.opening.vault",
    "db.casebook.casebook", "db.folder.keys", "sqlcipher3", "argon2", "cryptography", "ui.window.workspace",
    "ui.pages.today", "ui.dialogs", "ui.editors", "reports.registry",
)  # fmt: skip
"""What else is not there yet when the sign-in window is painted."""

START = """
import sys
sys.argv[0] = "main.py"
names = sys.argv[2].split(",")

def open_window(store, user, passphrase, language):
    from ui.window.app import stand
    app, window = stand(str(store), user, passphrase, language)
    app.processEvents()
    window.grab()
    here(app, window)
    print(",".join(name for name in names if name in sys.modules))
    window.close()
    return 0

def here(app, window):
    pass

"""
RUN = """
from ui.commands import main
main([sys.argv[1], "--user", "lin"], open_window)
"""
WORKLIST = """
def here(app, window):
    from PySide6.QtCore import Qt
    window.open_store("lin", "a phrase for tests")
    today = window.workspace.made["today"]
    today.table.model().modelReset.connect(lambda: today._job or app.quit(), Qt.ConnectionType.QueuedConnection)
    app.exec()
    window.grab()
"""
LOADED = """
def here(app, window):
    from ui.window.warming import steps
    for step in steps(window.settings):
        step()
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    book = create_store(
        tmp_path_factory.mktemp("start") / "s.casebook", read_study("ankl"), site="S01", user="lin", name="Lin",
        role="nurse", passphrase="a phrase for tests", clock=system_clock(), kdf=CHEAP,
    )  # fmt: skip
    book.add_subject("S01-001")
    book.close()
    return book.path


def loaded(program: str, store: Path, names: tuple[str, ...]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", START + program + RUN, str(store), ",".join(names)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "XDG_CONFIG_HOME": str(store.parent)},
    )
    return done.stdout.strip()


def test_the_sign_in_window_is_painted_before_study_store_and_pages_are_loaded(store):
    assert loaded("", store, (*HEAVY, *ROOMS)) == ""


def test_nothing_heavy_is_loaded_when_the_worklist_is_painted(store):
    assert loaded(WORKLIST, store, HEAVY) == ""


def test_what_is_loaded_while_the_passphrase_is_typed_is_what_the_worklist_needs(store):
    assert loaded(LOADED, store, HEAVY) == ""
    assert (
        loaded(LOADED, store, ("db.opening.vault", "ui.pages.today", "argon2"))
        == "db.opening.vault,ui.pages.today,argon2"
    )
