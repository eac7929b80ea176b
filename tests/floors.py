"""How much of each file the tests of its room run, in lines and branches, and what it may not fall below.

    .venv/bin/python -m pytest -m "not slow" tests/forms tests/db --cov --cov-report=
    .venv/bin/python -m tests.floors            which files fell below their floor, which could have a higher one
    .venv/bin/python -m tests.floors --raise    write higher floors, and those of new files, into floors.json

A floor is only ever raised by this; whoever has a reason to lower one does it by hand, and gives the reason.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage import Coverage

ROOT = Path(__file__).parent.parent
FLOORS = Path(__file__).with_suffix(".json")
WHOLE = 100
SLACK = 1
"""Per cent by which a file that isn't tested whole may be better than its floor before a higher one is asked for."""


@dataclass(frozen=True)
class Measured:
    """What was run of a file: per cent of lines and branches together, and where the rest is."""

    per_cent: float
    left: tuple[str, ...]

    @property
    def floor(self) -> int:
        """The floor this allows: whole per cents, 100 only where nothing is left."""
        return int(self.per_cent) if self.left else WHOLE


def measure(data: Path) -> dict[str, Measured]:
    """Every file by its path below the root, from the data of a run."""
    cover = Coverage(data_file=str(data), config_file=str(ROOT / "pyproject.toml"))
    cover.load()
    with tempfile.TemporaryDirectory() as place:
        report = Path(place, "report.json")
        cover.json_report(outfile=str(report))
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    found = {}
    for name, told in files.items():
        arcs = (f"{start}->{end if end > 0 else 'exit'}" for start, end in told["missing_branches"])
        left = (*map(str, told["missing_lines"]), *arcs)
        found[Path(name).as_posix()] = Measured(told["summary"]["percent_covered"], left)
    return dict(sorted(found.items()))


def judge(measured: Mapping[str, Measured], floors: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """What is wrong, and what could be raised, in words."""
    wrong = [f"{name} is in floors.json and was not measured" for name in floors if name not in measured]
    higher = []
    for name, now in measured.items():
        floor = floors.get(name)
        if floor is None:
            wrong.append(f"{name} has no floor yet; {now.floor} % is run")
        elif now.floor < floor:
            wrong.append(f"{name}: {now.per_cent:.1f} % is run, its floor is {floor} %; not run: {', '.join(now.left)}")
        elif now.floor > floor and (now.floor == WHOLE or now.floor > floor + SLACK):
            higher.append(f"{name}: {now.floor} % is run, its floor is {floor} %")
    return wrong, higher


def raised(measured: Mapping[str, Measured], floors: Mapping[str, int]) -> dict[str, int]:
    """The floors after a run: none lower than before, those of files that are gone left out."""
    return {name: max(now.floor, floors.get(name, 0)) for name, now in measured.items()}


def main(arguments: list[str]) -> int:
    """Check or raise; 1 when a file is below its floor."""
    measured = measure(ROOT / ".coverage")
    floors = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    if "--raise" in arguments:
        floors = raised(measured, floors)
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    wrong, higher = judge(measured, floors)
    whole = sum(now.floor == WHOLE for now in measured.values())
    print(f"{len(measured)} files measured, {whole} of them run whole, lines and branches")
    if higher:
        print("These could have a higher floor (python -m tests.floors --raise):", *higher, sep="\n  ")
    if wrong:
        print("Below the floor:", *wrong, sep="\n  ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
