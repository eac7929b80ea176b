"""The program without Python: from the process to the sign-in window, against the same start with Python; its size.

Budgets: at most 1.2 times the start with Python; at most 300 MB. ``python -m benchmarks.frozen [--json]``, after
``python3 bootstrap.py build``; needs Xvfb, on which each start paints its own window. The clock stops when the window
stands on the display. Both kinds take turns, and the first turn, in which bytecode is made and files come into memory,
is told apart: it is what a first start after installing costs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PROGRAM = HOUSE / "dist" / "casebook" / "casebook"
ROUNDS = 11
SCREEN = "1366x768x24"
MB = 1024 * 1024


def window_after(command: list[str], display: str, picture: Path, home: str) -> float:
    """Milliseconds from starting a command until its window stands on the display, then end it."""
    blank = picture.read_bytes()
    surroundings = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "HOME": home, "PYTHONUTF8": "1"}
    began = time.perf_counter()
    with subprocess.Popen(command, env=surroundings, stderr=subprocess.DEVNULL) as child:
        try:
            while picture.read_bytes() == blank:
                time.sleep(0.002)
                if time.perf_counter() - began > 60:
                    raise RuntimeError(f"no window: {command}")
            took = time.perf_counter() - began
        finally:
            child.terminate()
    until = time.perf_counter() + 10
    while picture.read_bytes() != blank and time.perf_counter() < until:
        time.sleep(0.05)
    return took * 1000


def measure(folder: Path) -> dict[str, float]:
    """Milliseconds to the window of both kinds: of the first turn, and the medians of those after it."""
    reading, writing = os.pipe()
    told = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp", "-fbdir", str(folder)]
    with subprocess.Popen(told, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        try:
            with os.fdopen(reading) as number:
                display = f":{number.readline().strip()}"
            kinds = {"frozen": [str(PROGRAM)], "with Python": [sys.executable, str(HOUSE / "main.py")]}
            turns = [
                {
                    kind: window_after(command, display, folder / "Xvfb_screen0", str(folder))
                    for kind, command in kinds.items()
                }
                for _ in range(ROUNDS + 1)
            ]
        finally:
            server.terminate()
    medians = {kind: statistics.median(turn[kind] for turn in turns[1:]) for kind in kinds}
    return medians | {"frozen, first": turns[0]["frozen"], "ratio": medians["frozen"] / medians["with Python"]}


def main() -> None:
    """Print the figures beside their budgets."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    if not PROGRAM.exists() or shutil.which("Xvfb") is None:
        print("nothing to measure: needs dist/casebook (python3 bootstrap.py build) and Xvfb")
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure(Path(folder))
    files = (path for path in PROGRAM.parent.rglob("*") if path.is_file() and not path.is_symlink())
    found["size"] = sum(path.stat().st_size for path in files) / MB
    if as_json:
        print(json.dumps(found))
        return
    print(f"{'sign-in window, with Python':32} {found['with Python']:8.0f} ms")
    print(f"{'sign-in window, frozen':32} {found['frozen']:8.0f} ms  {found['ratio']:.2f}x  budget 1.2x")
    print(f"{'the first time':32} {found['frozen, first']:8.0f} ms        budget 5000 ms")
    print(f"{'size':32} {found['size']:8.1f} MB        budget 300 MB")


if __name__ == "__main__":
    main()
