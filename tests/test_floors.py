"""Floors of how much of each file the tests run: what falls below is named, and no floor gets lower by itself."""

from __future__ import annotations

import json

import pytest

from tests.floors import FLOORS, ROOT, WHOLE, Measured, judge, measure, raised

RUN_WHOLE = ("forms/grading", "forms/functions", "forms/expressions", "db/ledger", "db/casebook")
"""Rooms whose every line and branch is run: grades, doses, what studies compute and what is kept hang on them."""

NOT_YET = {
    "db/casebook/prelock.py",
    "db/casebook/session.py",
    "db/ledger/chain.py",
    "db/ledger/projection.py",
    "db/ledger/signatures.py",
}
"""Files of these rooms of which something is left. None is to be added; whoever tests one whole takes it out."""


def test_a_file_below_its_floor_is_named_with_the_lines_and_branches_that_were_not_run():
    wrong, higher = judge({"forms/a.py": Measured(89.5, ("7", "9->exit"))}, {"forms/a.py": 90})
    assert wrong == ["forms/a.py: 89.5 % is run, its floor is 90 %; not run: 7, 9->exit"]
    assert higher == []


def test_a_file_at_its_floor_is_right():
    assert judge({"forms/a.py": Measured(90.4, ("7",))}, {"forms/a.py": 90}) == ([], [])


def test_a_file_is_whole_only_when_nothing_is_left():
    wrong, _ = judge({"forms/a.py": Measured(99.99, ("7->9",))}, {"forms/a.py": WHOLE})
    assert wrong


def test_a_file_that_got_better_could_have_a_higher_floor():
    assert judge({"forms/a.py": Measured(93.0, ("7",))}, {"forms/a.py": 90})[1] == [
        "forms/a.py: 93 % is run, its floor is 90 %"
    ]


def test_a_new_file_needs_a_floor_and_one_that_is_gone_has_none():
    wrong, _ = judge({"forms/new.py": Measured(50.0, ("7",))}, {"forms/gone.py": 80})
    assert wrong == [
        "forms/gone.py is in floors.json and was not measured",
        "forms/new.py has no floor yet; 50 % is run",
    ]


def test_raising_never_lowers_a_floor():
    measured = {"a": Measured(80.0, ("1",)), "b": Measured(100.0, ())}
    assert raised(measured, {"a": 90, "b": 70, "gone": 5}) == {"a": 90, "b": WHOLE}


def test_what_is_measured_are_lines_and_branches(tmp_path, monkeypatch):
    from coverage import Coverage

    cover = Coverage(data_file=str(tmp_path / "data"), config_file=False, branch=True, source=[str(ROOT / "forms")])
    data = cover.get_data()
    path = ROOT / "forms" / "progress.py"
    data.add_arcs({str(path): [(-1, 1), (1, -1)]})
    data.write()
    monkeypatch.chdir(ROOT)
    assert measure(tmp_path / "data")["forms/progress.py"].left


@pytest.mark.parametrize("room", RUN_WHOLE)
def test_every_file_of_a_room_that_is_run_whole_has_the_highest_floor(room):
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    here = [path.relative_to(ROOT).as_posix() for path in (ROOT / room).rglob("*.py")]
    assert {name for name in here if floors.get(name, WHOLE) < WHOLE} == {name for name in NOT_YET if name in here}


def test_no_line_is_left_out_of_the_measure_without_a_reason():
    for room in ("forms", "db"):
        for path in (ROOT / room).rglob("*.py"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                _, mark, because = line.partition("pragma: no cover")
                assert not mark or because.strip(), f"{path.name}:{number}: say why, after the mark"
