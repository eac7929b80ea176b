"""Start: from the process to the sign-in window painted, and to the worklist, against an empty PySide6 window.

Budgets: sign-in window at most 1.3 times, worklist after unlock (key derivation apart) at most 1.6 times the empty
window; the list of 10,000 subjects painted first within 100 ms, searched as typed within 50 ms (p95).
Run: ``python -m benchmarks.start [--json]``.
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
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROUNDS = 11
SUBJECTS = 10_000
PHRASE = "a phrase for figures"

EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([]); window = QMainWindow(); window.resize(1280, 720)
window.show(); app.processEvents(); window.grab(); print("painted", flush=True)
"""
SIGN_IN = """
import sys
from pathlib import Path
from ui.app import open_window, start
from ui.settings import Settings
app = start(["casebook"]); window = open_window(app, Settings(Path(sys.argv[1]) / "casebook.ini"))
window.show_sign_in(sys.argv[2], "demo")
window.show(); app.processEvents(); window.grab()
"""
PAINTED = """
print("painted", flush=True)
"""
OPENED = """
window.open_store("demo", sys.argv[3])
while window.jobs.busy:
    app.processEvents()
window.grab()
print("painted", flush=True)
window.close()
"""


def run_once(program: str, *arguments: str) -> float:
    """Milliseconds from the start of a process until it says that its window is painted."""
    began = time.perf_counter()
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        took = (time.perf_counter() - began) * 1000
    if line.strip() != "painted" or process.returncode:
        raise RuntimeError(f"the window was not painted: {command[2]}")
    return took


def make_store(folder: Path) -> str:
    """A store with a few subjects whose key is cheap to derive, so that the derivation does not count."""
    from db.clock import system_clock
    from db.keys import CHEAP
    from db.vault import create_store
    from forms.load import read_study

    book = create_store(
        folder / "bench.casebook", read_study("ankl"), site="S01", user="demo", name="", role="nurse",
        passphrase=PHRASE, clock=system_clock(), kdf=CHEAP,
    )  # fmt: skip
    for number in range(1, 8):
        book.add_subject(f"S01-{number:03d}")
    book.close()
    return str(book.path)


def starts(folder: Path) -> list[dict[str, object]]:
    """The three starts interleaved, medians."""
    store = make_store(folder)
    programs = {
        "empty": (EMPTY,),
        "sign_in": (SIGN_IN + PAINTED, str(folder), store),
        "worklist": (SIGN_IN + OPENED, str(folder), store, PHRASE),
    }
    took: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(ROUNDS):
        names = list(programs) if turn % 2 else list(reversed(programs))
        for name in names:
            took[name].append(run_once(*programs[name]))
    middle = {name: statistics.median(values[1:]) for name, values in took.items()}
    return [
        row("start to the sign-in window", middle["sign_in"] / middle["empty"], "x empty window", 1.3),
        row("start to the worklist", middle["worklist"] / middle["empty"], "x empty window", 1.6),
        row("empty window", middle["empty"], "ms", None),
    ]


def lists(folder: Path) -> list[dict[str, object]]:
    """First paint and search of a list of many subjects, from a real store."""
    from PySide6.QtTest import QTest

    from db.clock import system_clock
    from db.keys import CHEAP
    from db.vault import create_store
    from forms.load import read_study
    from ui.app import open_window, start
    from ui.settings import Settings

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
