"""Start: from the process to the sign-in window painted, and to the worklist, against an empty PySide6 window.

Budgets: sign-in window at most 1.3 times, worklist after unlock (key derivation apart) at most 1.6 times the empty
window; the list of 10,000 subjects painted first within 100 ms, searched as typed within 50 ms (p95).
Run: ``python -m benchmarks.start [--json]``.

What is timed is the program as a person starts it: ``main.py STORE``, its command line read, up to the event loop. All
three kinds of process find their bytecode made, as at any start but the first. The worklist is painted when its lines
stand in the table, and it is measured twice: *typed* lets the person type the passphrase, a key every `KEY` seconds,
while the program loads what it will need; the typing itself is not counted, only what is left to do after Enter.
*At once* presses Enter in the moment in which the sign-in window is painted, so that everything is waited for.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from itertools import groupby
from pathlib import Path
from typing import Any

from ui.commands.demo_store import read_plan

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROUNDS = 11
SUBJECTS = 10_000
PHRASE = "a phrase for figures"
KEY = 0.15
"""Seconds between two keys of a passphrase: 80 words a minute would be faster, a phone slower."""

TODAY = read_plan("ankl")["today"]
"""The day of the demonstration, to which the clock is set, so that its visits are due."""

EMPTY = """
import json, time
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1280, 720)
window.show(); app.processEvents(); window.grab(); print(json.dumps({"painted": time.perf_counter()}), flush=True)
"""
START = """
import sys, time
sys.argv[0] = "main.py"
_, folder, store, phrase, key = sys.argv
def open_window(store, user, passphrase, language):
    from ui.window.app import stand
    app, window = stand(str(store), user, passphrase, language)
    app.processEvents(); window.grab()
    told = {"painted": time.perf_counter()}
    if key:
        from benchmarks.start import sign_in
        sign_in(app, window, phrase, float(key), told)
    import json
    print(json.dumps(told), flush=True)
    window.close()
    return 0
from ui.commands import main
main([store, "--user", "demo"], open_window)
"""


def sign_in(app: Any, window: Any, phrase: str, key: float, told: dict[str, float]) -> None:
    """In the process that is measured: type the phrase, press Enter, and note when the worklist is painted."""
    from PySide6.QtCore import Qt, QTimer

    field = window.sign_in.passphrase
    typed = iter(phrase)
    clock = QTimer()

    def type_on() -> None:
        letter = next(typed, None)
        if letter is None:
            clock.stop()
            press()
        else:
            field.insert(letter)

    def press() -> None:
        told["entered"] = time.perf_counter()
        window.sign_in.submit()
        window.workspace.made["today"].model.modelReset.connect(look, Qt.ConnectionType.QueuedConnection)

    def look() -> None:
        if window.workspace.made["today"].model.rowCount():
            window.grab()
            told["worklist"] = time.perf_counter()
            app.quit()

    if key:
        clock.setInterval(round(key * 1000))
        clock.timeout.connect(type_on)
        clock.start()
    else:
        field.setText(phrase)
        press()
    app.exec()


def run_once(bytecode: str, program: str, *arguments: str) -> dict[str, float]:
    """Milliseconds from the start of a process until it says that its window, and the worklist, were painted.

    The instants are of the system's monotonic clock, which all processes share.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    surroundings = {**kept, "PYTHONPYCACHEPREFIX": bytecode, "XDG_CONFIG_HOME": bytecode, "CASEBOOK_TODAY": TODAY}
    began = time.perf_counter()
    command = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=surroundings, check=False)
    if done.returncode:
        raise RuntimeError(f"the window was not painted: {done.stderr}")
    told = json.loads(done.stdout)
    took = {"painted": told["painted"] - began}
    if "worklist" in told:
        took["after Enter"] = told["worklist"] - told["entered"]
        took["worklist"] = took["painted"] + took["after Enter"]
    return {name: seconds * 1000 for name, seconds in took.items()}


def make_store(folder: Path) -> str:
    """The demonstration's patients in a store whose key is cheap to derive, so that the derivation does not count.

    Its worklist was made once, as that of any store that was worked with before.
    """
    from db.casebook.entering import Entered
    from db.casebook.outlooks import keep_notes, read_outlooks
    from db.clock import set_clock
    from db.folder.keys import CHEAP
    from db.opening.vault import create_store
    from forms.authoring.load import read_study
    from ui.commands.demo_store import read_cells

    book = create_store(
        folder / "bench.casebook", read_study("ankl"), site="S01", user="demo", name="", role="nurse",
        passphrase=PHRASE, clock=set_clock(TODAY), kdf=CHEAP,
    )  # fmt: skip
    for subject, cells in groupby(read_cells("ankl"), key=lambda cell: cell.place.subject):
        book.add_subject(subject)
        book.enter_many([Entered(cell.place, cell.text, cell.unit, cell.missing) for cell in cells])
    made: dict[str, str] = {}
    for _outlook in read_outlooks(book, made, lambda *_told: None):
        pass
    keep_notes(book, made)
    book.close()
    return str(book.path)


def starts(folder: Path) -> list[dict[str, object]]:
    """The kinds of start interleaved, medians."""
    store = make_store(folder)
    programs = {
        "empty": (EMPTY,),
        "sign_in": (START, str(folder), store, PHRASE, ""),
        "at_once": (START, str(folder), store, PHRASE, "0"),
        "typed": (START, str(folder), store, PHRASE, str(KEY)),
    }
    took: dict[str, list[dict[str, float]]] = {name: [] for name in programs}
    for turn in range(ROUNDS):
        names = list(programs) if turn % 2 else list(reversed(programs))
        for name in names:
            took[name].append(run_once(str(folder / "bytecode"), *programs[name]))

    def middle(name: str, what: str) -> float:
        return statistics.median(each[what] for each in took[name][1:])

    empty, window = middle("empty", "painted"), "x empty window"
    typing = f"passphrase typed in {len(PHRASE) * KEY:.0f} s"
    return [
        row("start to the sign-in window", middle("sign_in", "painted") / empty, window, 1.3),
        row(f"start to the worklist, {typing}", middle("typed", "worklist") / empty, window, 1.6),
        row("the same, Enter pressed at once", middle("at_once", "worklist") / empty, window, None),
        row("Enter to the worklist, typed", middle("typed", "after Enter"), "ms", None),
        row("Enter to the worklist, at once", middle("at_once", "after Enter"), "ms", None),
        row("empty window", empty, "ms", None),
    ]


def lists(folder: Path) -> list[dict[str, object]]:
    """First paint and search of a list of many subjects, from a real store."""
    from PySide6.QtTest import QTest

    from db.clock import system_clock
    from db.folder.keys import CHEAP
    from db.opening.vault import create_store
    from forms.authoring.load import read_study
    from ui.settings import Settings
    from ui.window.app import open_window, start

    book = create_store(
        folder / "many.casebook", read_study("ankl"), site="S01", user="demo", name="", role="nurse",
        passphrase=PHRASE, clock=system_clock(), kdf=CHEAP,
    )  # fmt: skip
    fill(book)
    app = start(["bench"])
    window = open_window(app, Settings(folder / "many.ini"))
    window.show()
    window.enter(book)
    for job in [window.jobs.current]:
        if job is not None:
            job.cancel()
    app.processEvents()
    began = time.perf_counter()
    window.workspace.go("subjects")
    window.grab()
    first = (time.perf_counter() - began) * 1000
    page = window.workspace.made["subjects"]
    took = []
    for number in range(60):
        began = time.perf_counter()
        page.model.show_search(f"{number * 37 % 1000:03d}"[: 1 + number % 3])
        page.table.grab()
        took.append((time.perf_counter() - began) * 1000)
    QTest.qWait(1)
    window.close()
    return [
        row(f"list of {SUBJECTS} subjects, first paint", first, "ms", 100.0),
        row("search as typed, p95", statistics.quantiles(took, n=20)[-1], "ms", 50.0),
    ]


def fill(book: Any) -> None:
    """Take ten thousand subjects in; ids of the study's pattern, ten sites of a thousand."""
    for number in range(SUBJECTS):
        book.add_subject(f"S{number // 1000:02d}-{number % 1000:03d}")


def row(name: str, value: float, unit: str, budget: float | None) -> dict[str, object]:
    """One line of the table."""
    return {"name": name, "value": round(value, 2), "unit": unit, "budget": budget}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        rows = [*starts(Path(name)), *lists(Path(name))]
    if options.json:
        print(json.dumps(rows))
        return
    for each in rows:
        budget = f"<= {each['budget']}" if each["budget"] else ""
        print(f"{each['name']:<44} {each['value']:>10} {each['unit']:<16} {budget}")


if __name__ == "__main__":
    main()
