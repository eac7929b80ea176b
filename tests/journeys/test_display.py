"""The same as the system gives it: a display, its keyboard, and the program as a process that can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest

from db.opening.vault import open_store
from forms.place import FormKey
from tests.display import new_display
from tests.test_house import ROOT
from tests.ui.windows import FIRST, PHRASE, TODAY, new_site

VISIT = FormKey(FIRST, "C_END", "1", "SV")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed"),
]


@contextmanager
def program(display, store, home):
    """The window on a store, in front and with the keyboard."""
    blank = display.look()
    told = [sys.executable, str(ROOT / "main.py"), str(store), "--user", "lin", "--language", "en"]
    places = {name: str(home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")}
    surroundings = {**os.environ, **places, "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb", "CASEBOOK_TODAY": TODAY}
    with subprocess.Popen(told, env=surroundings) as child:
        try:
            display.still(blank)
            display.press("search", "--sync", "--onlyvisible", "--name", "Casebook", "windowfocus")
            yield child
        finally:
            child.terminate()


def sign_in(display):
    display.do("type", PHRASE)
    display.do("key", "Return")


def test_a_program_killed_in_the_middle_of_a_visit_is_gone_on_with_in_the_field(tmp_path):
    book = new_site(tmp_path)
    store = book.path
    book.close()
    with new_display(tmp_path, 1366, 768) as display:
        with program(display, store, tmp_path) as child:
            sign_in(display)
            display.do("key", "Return")  # Today stands on the visit that is overdue
            display.do("key", "1")
            display.do("key", "Tab")
            display.do("type", "2024-10-16")
            display.do("key", "Tab")
            display.do("type", "by teleph")
            child.send_signal(signal.SIGKILL)
            child.wait(10)
        with program(display, store, tmp_path):
            sign_in(display)
            display.do("key", "Return")  # Go on where it ended
            display.do("type", "2024-10-17")
            display.do("key", "ctrl+Return")
            display.do("key", "ctrl+shift+q")
    book = open_store(store, user="lin", passphrase=PHRASE, read_only=True)
    entered = [entry.value.value for entry in book.history(VISIT.place("SVDAT"))]
    status = book.state(VISIT).status
    book.close()
    assert entered == ["2024-10-16", "2024-10-17"], "the cursor was in the field that was kept last"
    assert status == "complete"
