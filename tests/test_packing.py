"""The program without Python: what its plan packs, told without building it."""

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.test_house import HOUSE, ROOMS, ROOT, tree_of


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """What the plan gives the builder, read from a folder that is not the project's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path and Path(path).resolve() != ROOT])
    given = {}

    def analysis(scripts, **told):
        given.update(told, scripts=scripts)
        return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    builder = dict.fromkeys(("PYZ", "EXE", "COLLECT"), lambda *_, **__: None)
    names = runpy.run_path(
        str(ROOT / "pyinstaller.spec"), {"SPECPATH": str(ROOT), "Analysis": analysis, **builder}, "plan"
    )
    return {**given, "path": list(sys.path), "rooms": names["ROOMS"]}


def test_every_module_of_the_house_is_packed_from_whatever_folder_it_is_built(plan):
    told = set(plan["hiddenimports"])
    assert plan["rooms"] == ROOMS
    assert len(HOUSE) > 300
    for path in HOUSE:
        parts = path.relative_to(ROOT).with_suffix("").parts
        assert ".".join(parts).removesuffix(".__init__") in told
    assert str(ROOT) in plan["path"]


def test_the_texts_studies_and_pictures_are_packed(plan):
    assert plan["scripts"] == [str(ROOT / "main.py")]
    assert plan["datas"] == [(str(ROOT / "resources"), "resources")]


def imported():
    """Every name that the house imports, of modules and of what is taken out of them."""
    names = set()
    for path in (*HOUSE, ROOT / "main.py"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_nothing_that_the_house_imports_is_left_out(plan):
    left_out = set(plan["excludes"])
    assert sorted(name for name in imported() if {name, name.partition(".")[0]} & left_out) == []


ALONE = """
import sys
left_out = {left_out!r}
for name in left_out:
    sys.modules[name] = None
for name in {packages!r}:
    __import__(name)
from lifelines.statistics import multivariate_logrank_test
told = multivariate_logrank_test([6, 7, 10, 1, 2, 3], ["a"] * 3 + ["b"] * 3, [1, 1, 1, 1, 1, 1])
print(round(told.test_statistic, 4))
"""


def test_what_is_left_out_is_missed_by_nothing_that_is_packed(plan):
    ours = {*ROOMS, *sys.stdlib_module_names}
    packages = sorted({name.partition(".")[0] for name in imported()} - ours)
    assert {"PySide6", "lifelines", "reportlab", "sqlcipher3"} <= set(packages)
    script = ALONE.format(left_out=plan["excludes"], packages=[*packages, "PySide6.QtWidgets", "reportlab.graphics"])
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    # by hand: of b 3 events came, 3/6 + 2/5 + 1/4 were to be expected, variance 0.25 + 0.24 + 0.1875
    assert done.stdout == f"{1.85**2 / 0.6775:.4f}\n"
