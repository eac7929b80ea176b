"""Nothing is written outside the person's own folders and the folder chosen for the store, whatever is done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_house import ROOT

WATCHED = """
import json, os, sys
written = []
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

def note(event, args):
    if event == "open":
        path, mode, flags = args
        if isinstance(path, (str, bytes, os.PathLike)) and (flags or 0) & WRITES:
            written.append(os.fsdecode(path))
    elif event in ("os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.utime", "os.chmod"):
        written.append(os.fsdecode(args[0]))
    elif event in ("os.rename", "os.link", "os.symlink"):
        written.extend(os.fsdecode(each) for each in args[:2])

sys.addaudithook(note)
sys.path.insert(0, {root!r})
from ui.commands import main

def window(store, user, passphrase, language):
    from ui.window.app import stand
    from ui.window.diagnosing import window_diagnostics
    application, made = stand(str(store) if store else None, user, os.environ["CASEBOOK_PASSPHRASE"], language)
    for page in made.workspace.seen:
        made.workspace.go(page)
        application.processEvents()
    made.settings.put("appearance", "dark")
    window_diagnostics(made.settings, made.casebook)
    made.close()
    return 0

codes = [main(command, window) for command in json.loads(sys.argv[1])]
print("told", json.dumps([codes, sorted(set(map(os.path.abspath, written)))]))
"""


def work(person: Path, folder: Path, commands: list[list[str]]) -> tuple[list[int], list[Path]]:
    """Run commands as one person of the computer: their exit codes, and every path that was written."""
    told = {
        "HOME": str(person), "USERPROFILE": str(person), "APPDATA": str(person / "roaming"),
        "LOCALAPPDATA": str(person / "local"), "TMPDIR": str(folder / "temporary"), "TEMP": str(folder / "temporary"),
        "PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "offscreen",
        "CASEBOOK_PASSPHRASE": "four wet horses dance", "CASEBOOK_TODAY": "2024-10-18", "LANG": "C.UTF-8",
        "SYSTEMROOT": os.environ.get("SYSTEMROOT", ""),
    }  # fmt: skip
    (folder / "temporary").mkdir(exist_ok=True)
    person.mkdir(exist_ok=True)
    command = [sys.executable, "-c", WATCHED.format(root=str(ROOT)), json.dumps(commands)]
    done = subprocess.run(command, env=told, cwd=folder, capture_output=True, encoding="utf-8", check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("told ")), None)
    assert line is not None, done.stderr
    codes, paths = json.loads(line[5:])
    return codes, [Path(path) for path in paths]


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    """The folder chosen for the store."""
    made = tmp_path / "病区 4" / "trial"
    made.mkdir(parents=True)
    return made


def test_a_day_of_work_writes_into_the_own_folders_and_the_chosen_one_alone(tmp_path, trial):
    store, who = str(trial / "a.casebook"), ["--user", "lin"]
    data = trial / "in.csv"
    data.write_text("subject,event,event_no,form,form_no,row,item,value,unit,missing\n"
                    "S01-001,SCR,1,DM,1,1,SEX,F,,\n", encoding="utf-8")  # fmt: skip
    codes, paths = work(tmp_path / "lin", tmp_path, [
        ["new", store, "--study", "ankl", "--site", "S01", *who],
        ["import", store, str(data), "--new-subjects", "--reason", "slip", *who],
        ["verify", store, *who],
        ["backup", store, str(trial / "copies"), *who],
        ["export", store, "--format", "csv", "--out", str(trial / "out.csv"), *who],
        ["report", "queries", store, "--out", str(trial / "q.pdf"), *who],
        ["diagnostics", "--out", str(trial / "d.txt")],
        ["window", store, *who],
    ])  # fmt: skip
    assert codes == [0] * 8
    allowed = (trial, tmp_path / "lin", tmp_path / "temporary", Path(os.devnull))
    assert [str(path) for path in paths if not any(path.is_relative_to(each) for each in allowed)] == []
    assert any(path.name == "casebook.ini" or path.suffix == ".lock" for path in (tmp_path / "lin").rglob("*"))
    assert list((tmp_path / "temporary").iterdir()) == []


def test_two_people_of_one_computer_have_settings_and_logs_of_their_own(tmp_path, trial):
    store = str(trial / "a.casebook")
    new = ["new", store, "--study", "ankl", "--site", "S01", "--user", "lin"]
    assert work(tmp_path / "lin", tmp_path, [new, ["window", store, "--user", "lin"]])[0] == [0, 0]
    codes, paths = work(tmp_path / "wang", tmp_path, [["window", store, "--user", "lin"]])
    assert codes == [0]
    assert not any(path.is_relative_to(tmp_path / "lin") for path in paths)
    settings = [list((tmp_path / person).rglob("casebook.ini")) for person in ("lin", "wang")]
    assert [len(found) for found in settings] == [1, 1]
