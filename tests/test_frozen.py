"""The program without Python, as a person gets it: built once, then started as nothing but a folder.

Needs the locked builder, which ``python3 bootstrap.py build`` installs; the gate does that before its tests.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db import VERSION
from db.opening.vault import open_store
from forms.place import Place
from tests.display import new_display
from tests.test_house import HOUSE, ROOMS, ROOT
from tests.ui.windows import FIRST, PHRASE, TODAY, new_site
from ui.commands import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="built and tried on Linux"),
]

LARGEST = 300_000_000
"""Bytes that the program may take."""

SOURCES = [*HOUSE, ROOT / "main.py", ROOT / "pyinstaller.spec", ROOT / "requirements" / "pack.py"]


@pytest.fixture(scope="session")
def folder():
    """The folder of the program; built when it is older than what it is made of, by one of several test processes."""
    if importlib.util.find_spec("PyInstaller") is None:
        pytest.skip("the builder is missing: python3 bootstrap.py build")
    made = ROOT / "dist" / "casebook"
    files = [*SOURCES, *(path for room in ("resources", "docs") for path in (ROOT / room).rglob("*") if path.is_file())]
    with (ROOT / "pyinstaller.spec").open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        fresh = made / "install.sh"
        if not fresh.exists() or fresh.stat().st_mtime < max(path.stat().st_mtime for path in files):
            subprocess.run([sys.executable, str(ROOT / "requirements" / "pack.py")], check=True)
    return made


@pytest.fixture
def home(tmp_path):
    """What a person's session tells a program: a home of its own, and nothing of Python."""
    kept = {name: told for name, told in os.environ.items() if not name.startswith(("PYTHON", "XDG_", "QT_", "LC_"))}
    gone = {"VIRTUAL_ENV", "DISPLAY"}
    home = tmp_path / "家 home"
    home.mkdir()
    told = {"HOME": str(home), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "CASEBOOK_TODAY": TODAY}
    return {name: each for name, each in kept.items() if name not in gone} | told | {"CASEBOOK_PASSPHRASE": PHRASE}


@pytest.fixture
def say(folder, home, tmp_path):
    """Run a command of the program: exit code, output, messages."""

    def run(*words, program=folder / "casebook"):
        done = subprocess.run(
            [str(program), *map(str, words)], env=home, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=600
        )
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def site(tmp_path):
    """A store with one subject."""
    book = new_site(tmp_path)
    book.close()
    return book.path


def test_it_is_small_enough_and_its_largest_parts_are_those_that_were_argued(folder):
    pack = pack_module()
    sizes = pack.parts(folder)
    assert sum(sizes.values()) <= LARGEST, pack.told_sizes(folder)
    argued = (ROOT / "docs" / "decisions" / "packing.md").read_text(encoding="utf-8")
    assert [name for name, _ in sizes.most_common(10) if f"`{name}`" not in argued] == []


def pack_module():
    """The module that builds it."""
    spec = importlib.util.spec_from_file_location("pack", ROOT / "requirements" / "pack.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_module_of_the_house_is_in_it_and_nothing_that_was_left_out(folder):
    from PyInstaller.archive.readers import CArchiveReader

    program = CArchiveReader(str(folder / "casebook"))
    (name,) = (each for each in program.toc if each.endswith(".pyz"))
    packed = set(program.open_embedded_archive(name).toc)
    house = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in HOUSE}
    assert {each for each in packed if each.partition(".")[0] in ROOMS} == house
    assert not {"matplotlib", "pytest", "tkinter", "ssl"} & {each.partition(".")[0] for each in packed}
    brought = {path.name for path in (folder / "_internal").iterdir()}
    assert not {"matplotlib", "contourpy", "kiwisolver", "tests"} & brought


def test_it_tells_its_version(say):
    assert say("--version") == (0, f"{VERSION}\n", "")


def test_it_verifies_a_store(say, site):
    code, out, told = say("verify", site, "--user", "lin")
    assert (code, told) == (0, "")
    assert re.search(r"Tip: .*[0-9a-f]{8}", out)
    (site / "store.db").write_bytes((site / "store.db").read_bytes()[:-4096] + bytes(4096))
    assert say("verify", site, "--user", "lin")[0] != 0


def test_it_grades_as_the_unfrozen_program_does(say, tmp_path):
    lines = [
        {"id": 1, "analyte": "Platelets", "value": "42", "unit": "10^9/L", "lln": "125", "uln": "350"},
        {"id": 2, "analyte": "ALT", "value": "212", "unit": "U/L", "lln": "9", "uln": "50", "baseline": "30"},
        {"id": 3, "analyte": "Creatinine", "value": "190", "unit": "umol/L", "uln": "97"},
    ]
    asked = tmp_path / "in.jsonl"
    asked.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert say("grade", asked, tmp_path / "frozen.jsonl", "--ctcae", "5.0")[0] == 0
    assert main(["grade", str(asked), str(tmp_path / "unfrozen.jsonl"), "--ctcae", "5.0", "--language", "en"]) == 0
    frozen = (tmp_path / "frozen.jsonl").read_bytes()
    assert frozen == (tmp_path / "unfrozen.jsonl").read_bytes()
    assert json.loads(frozen.splitlines()[0])["grades"][0]["grade"] == 3


def test_it_checks_a_definition_and_names_file_and_line_of_a_fault(say, tmp_path):
    assert say("study", "check", "ankl")[0] == 0
    broken = shutil.copytree(ROOT / "resources" / "studies" / "ankl", tmp_path / "试验")
    study = next(path for path in sorted(broken.rglob("*.yaml")) if "events" in path.read_text(encoding="utf-8"))
    study.write_text(study.read_text(encoding="utf-8") + "\nnonsense: 1\n", encoding="utf-8")
    code, _, told = say("study", "check", broken)
    assert code == 1
    assert f"{study.name}:" in told
    assert "nonsense" in told


def test_it_writes_the_demonstration_with_the_statistics_of_its_libraries(say, tmp_path):
    out = tmp_path / "演示 out"
    code, _, told = say("demo", "--headless", out)
    assert (code, told) == (0, "")
    assert len(list(out.glob("casebook-*.pdf"))) == 7
    assert (out / "cohort.pdf").read_bytes().startswith(b"%PDF")
    figures = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    assert len(figures) > 100
    assert len((out / "data.csv").read_text(encoding="utf-8").splitlines()) > 10_000


def test_it_carries_the_guides_as_finished_pages_and_writes_them_out(say, folder, tmp_path):
    code, _, told = say("guide", "--out", tmp_path / "guides")
    assert (code, told) == (0, "")
    (carried,) = folder.rglob("guide/index.html")
    for name in ("en/users.html", "zh/operators.html", "zh/quick-card.pdf"):
        assert (tmp_path / "guides" / name).read_bytes() == (carried.parent / name).read_bytes()
    pictures = {path.relative_to(ROOT / "docs") for path in (ROOT / "docs" / "pictures").glob("*/*.png")}
    assert {path.relative_to(carried.parent) for path in (carried.parent / "pictures").rglob("*.png")} == pictures


def test_its_window_lets_a_nurse_sign_in_open_a_form_enter_a_value_and_leave(folder, home, site, tmp_path):
    if shutil.which("xdotool") is None:
        pytest.skip("xdotool is not installed")
    place = Place(FIRST, "C_END", "1", "SV", "1", "1", "SVDAT")
    with new_display(tmp_path, 1366, 768) as display, window(folder, home | {"DISPLAY": display.name}, site, display):
        display.do("type", PHRASE)
        display.do("key", "Return")
        display.do("key", "Return")
        display.do("key", "1")
        display.do("key", "Tab")
        display.do("type", "2024-10-18")
        display.do("key", "Tab")
        display.do("key", "ctrl+shift+q")
    book = open_store(site, user="lin", passphrase=PHRASE, read_only=True)
    entered = book.record(place).entry.value
    assert (entered.value, entered.text) == ("2024-10-18", "2024-10-18")
    book.close()


@contextlib.contextmanager
def window(folder, surroundings, site, display):
    """The window on a store, shown and with the keyboard, until it is left."""
    blank = display.look()
    with subprocess.Popen(
        [str(folder / "casebook"), str(site), "--user", "lin", "--language", "en"],
        env=surroundings | {"QT_QPA_PLATFORM": "xcb"},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as child:
        try:
            display.still(blank)
            display.press("search", "--sync", "--onlyvisible", "--name", "Casebook", "windowfocus")
            yield
        finally:
            child.terminate()
            told = child.communicate()[1]
    assert told == ""


def test_a_person_installs_it_starts_it_and_takes_it_away_without_leaving_anything(folder, home, say, tmp_path):
    there = Path(home["HOME"])

    def told(*words):
        return subprocess.run(
            [str(folder / "install.sh"), *words], env=home, capture_output=True, encoding="utf-8", check=True
        ).stdout

    assert VERSION in told()
    program = there / ".local" / "opt" / "casebook"
    assert say("--version", program=there / ".local" / "bin" / "casebook") == (0, f"{VERSION}\n", "")
    entry = (there / ".local/share/applications/casebook.desktop").read_text(encoding="utf-8")
    assert f'Exec="{program}/casebook" %f\n' in entry
    assert (there / ".local/share/icons/hicolor/scalable/apps/casebook.svg").exists()
    mine = there / "my.casebook"
    mine.mkdir()
    told()  # over the one that is there
    told("--uninstall")
    left = [path for path in there.rglob("*") if not path.is_dir()]
    assert left == []
    assert mine.exists()
