"""Walks through the whole house: what must hold for every module, every text, every file, whoever wrote it."""

import ast
import json
import re
import string
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from forms.texts import LANGUAGES

ROOT = Path(__file__).parent.parent
ROOMS = ("forms", "db", "reports", "ui", "resources")
HOUSE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
CODE = [*HOUSE, ROOT / "main.py", ROOT / "bootstrap.py"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEXT_ROOMS = sorted(path.stem for path in (ROOT / "resources" / "i18n" / "en").glob("*.json"))
BANNED = re.compile(r"(^|_)(manager|helper|helpers|utils|util|process|handle|handler|data2)(_|$)", re.IGNORECASE)
KEY = re.compile(r"^[a-z_]+(\.[A-Za-z0-9_]+)+$")
FILE = re.compile(r"\.(json|yaml|log|ini|pdf|csv|casebook)$")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def words(language: str, room: str) -> dict[str, str]:
    path = ROOT / "resources" / "i18n" / language / f"{room}.json"
    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=without_twins)


def without_twins(pairs: list[tuple[str, str]]) -> dict[str, str]:
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), f"twice: {sorted({key for key in keys if keys.count(key) > 1})}"
    return dict(pairs)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


NUMBERS = re.compile(r":f\}|:\.\{|:\.\d+g\}|\.normalize\(\)|\.(low|high)\}")
"""A number made into text by hand: ``{x:f}``, ``{x:.{n}f}``, ``{x:.4g}``, ``{bounds.low}``."""

THEIR_OWN = (
    "forms/values/digits.py", "forms/values/kinds.py", "forms/values/censored.py",  # what is shown, what is stored
    "forms/study/canonical.py", "forms/expressions/nodes.py", "forms/functions/general.py",  # read by the program again
    "forms/subject/beside.py", "forms/likeness.py",
)  # fmt: skip


@pytest.mark.parametrize("path", HOUSE, ids=name_of)
def test_numbers_are_made_into_words_in_one_place(path):
    """Sign, digits and unit come from `values.digits` and `forms.shown`; figures of reports have their own rounding."""
    name = name_of(path)
    if name in THEIR_OWN or name.startswith(("reports/figures/", "reports/statistics/")):
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        assert not NUMBERS.search(line) or "Fraction(" in line, f"{name}:{number}: use values.digits or forms.shown"


PLAIN_ALREADY = ("ui/parts/pieces.py", "ui/dialogs/working.py")
"""Where labels are made, each told to show plain text."""


@pytest.mark.parametrize("path", [path for path in HOUSE if path.is_relative_to(ROOT / "ui")], ids=name_of)
def test_texts_of_the_window_are_shown_as_they_stand(path):
    """Labels come from `pieces.label`, tips pass `plain_tip`; message boxes guess at markup, so none is used."""
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        where = f"{name_of(path)}:{node.lineno}"
        assert called != "QMessageBox", where
        if called == "QLabel" and name_of(path) not in PLAIN_ALREADY:
            assert not node.args, f"{where}: make it with ui.parts.pieces.label"
        if called in ("setToolTip", "setWhatsThis", "setStatusTip"):
            (text,) = node.args
            assert isinstance(text, ast.Call), where
            assert getattr(text.func, "id", "") == "plain_tip", f"{where}: let the text pass ui.parts.plain.plain_tip"


@pytest.mark.parametrize("path", [path for path in HOUSE if path.is_relative_to(ROOT / "reports")], ids=name_of)
def test_paragraphs_of_prints_are_escaped(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Paragraph":
            words = ast.unparse(node.args[0])
            assert "marked(" in words, f"{name_of(path)}:{node.lineno}: {words}"


# --- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", TEXT_ROOMS)
def test_every_text_exists_in_every_language_with_the_same_blanks_to_fill(room):
    english = words("en", room)
    for language in LANGUAGES:
        told = words(language, room)
        assert set(told) == set(english)
        assert [key for key in english if fields(told[key]) != fields(english[key])] == []
        assert [key for key in english if english[key].strip() and not told[key].strip()] == []


def test_every_language_has_the_same_rooms():
    for language in LANGUAGES:
        assert sorted(path.stem for path in (ROOT / "resources" / "i18n" / language).glob("*.json")) == TEXT_ROOMS


def keys_used(path: Path) -> Iterator[tuple[str, bool]]:
    """Text keys that stand in a module, and whether each is whole (an f-string gives only its beginning)."""
    whole = {id(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Constant)}
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.JoinedStr):
            whole -= {id(part) for part in node.values}
            first = node.values[0] if node.values else None
            begins = first.value if isinstance(first, ast.Constant) else ""
            if begins.partition(".")[0] in TEXT_ROOMS and not is_module(begins.strip(".")):
                yield begins, False
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and id(node) in whole and isinstance(node.value, str):
            room, _, rest = node.value.partition(".")
            if room in TEXT_ROOMS and rest and is_key(node.value):
                yield node.value, True


def is_key(text: str) -> bool:
    """Whether a dotted text can only be the key of a text."""
    return bool(KEY.match(text)) and not FILE.search(text) and not is_module(text)


def is_found(name: str) -> bool:
    """Whether Python finds a module of that name."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


def is_module(name: str) -> bool:
    """Whether a dotted name is code (a module or something in one), not a text."""
    while "." in name:
        if is_found(name):
            return True
        name = name.rpartition(".")[0]
        if name in ROOMS:
            return False
    return False


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_every_text_that_the_code_asks_for_exists(path):
    lacking = []
    for key, whole in keys_used(path):
        room, _, rest = key.partition(".")
        known = rest in words("en", room) if whole else any(each.startswith(rest) for each in words("en", room))
        if not known:
            lacking.append(key)
    assert lacking == []


# --- the window -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=name_of)
def test_a_widget_goes_through_retire_alone(path):
    if path.name == "retire.py":
        return
    calls = [node.attr for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)]
    assert not {"deleteLater", "WA_DeleteOnClose"} & set(calls)


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=name_of)
def test_a_timer_names_whom_it_wakes_so_that_it_dies_with_it(path):
    calls = [
        node for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "singleShot"
    ]  # fmt: skip
    assert [node.lineno for node in calls if len(node.args) < 3] == []


# --- modules ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_module_stays_under_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_a_function_stays_under_40_lines_besides_its_docstring(path):
    long = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef):
            told = node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0
            if node.end_lineno - node.lineno + 1 - told >= 40:
                long.append(node.name)
    assert long == []


@pytest.mark.parametrize("path", CODE, ids=name_of)
def test_names_say_what_a_thing_is(path):
    made = [node.name for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    apart = (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name) for name in (path.stem, *made))
    assert [name for name in apart if BANNED.search(name)] == []


def test_a_class_has_its_name_alone():
    made = Counter(
        node.name
        for path in HOUSE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, times in made.items() if times > 1} == set()


@pytest.mark.parametrize("room", [path for path in sorted({each.parent for each in CODE}) if path != ROOT], ids=name_of)
def test_every_package_has_its_guide(room):
    assert ast.get_docstring(tree_of(room / "__init__.py"))


def test_nothing_outside_ui_imports_qt():
    for path in CODE:
        if path.is_relative_to(ROOT / "ui") and not path.is_relative_to(ROOT / "ui" / "commands"):
            continue
        assert "PySide6" not in {name.split(".")[0] for name in imports(path)}, name_of(path)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


# --- rooms and floors -------------------------------------------------------------------------------------------------

MODULES = {name_of(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__"): path for path in HOUSE}


def modules_used(path: Path) -> Iterator[str]:
    """Modules of the house that a module imports, wherever in it: on top, for its annotations, inside a function."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                yield from (name for name in (inside if inside in MODULES else node.module,) if name in MODULES)


def circle_of(uses: dict[str, set[str]]) -> list[str]:
    """What is left when whoever uses nothing is taken away until nobody goes: [] unless something stands in a circle.

    Taken away from above as well (whoever nobody uses), so that only circles and the ways between them are left.
    """
    left = {name: set(used) - {name} for name, used in uses.items()}
    while True:
        wanted = {name for used in left.values() for name in used}
        still = {name: used & left.keys() for name, used in left.items() if used & left.keys() and name in wanted}
        if still == left:
            return sorted(left)
        left = still


def test_a_circle_is_found_with_what_stands_in_it_alone():
    assert circle_of({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert circle_of({"top": {"a"}, "a": {"b"}, "b": {"a", "ground"}, "ground": set()}) == ["a", "b"]


def test_no_modules_import_each_other_in_a_circle():
    assert circle_of({name: set(modules_used(path)) for name, path in MODULES.items()}) == []


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_no_rooms_import_each_other_in_a_circle(depth):
    """At every depth: package, room, room inside a room. A module beside rooms counts as a room of its own."""
    uses: dict[str, set[str]] = {}
    for name, path in MODULES.items():
        here = uses.setdefault(".".join(name.split(".")[:depth]), set())
        here |= {".".join(used.split(".")[:depth]) for used in modules_used(path)}
    guides = {name for name in uses if name.count(".") < depth - 1}
    assert circle_of({name: used - guides for name, used in uses.items() if name not in guides}) == []


# --- files ------------------------------------------------------------------------------------------------------------

LEFT_OUT = {".venv", ".git", "__pycache__", "build", "dist", "out", "htmlcov", ".hypothesis"}
KINDS = {".py", ".md", ".toml", ".txt", ".in", ".json", ".yaml", ".csv", ".spec", ".svg", ""}


def files() -> list[Path]:
    return sorted(
        path
        for path in ROOT.rglob("*")
        if path.is_file()
        and path.suffix in KINDS
        and not any(part in LEFT_OUT or part.endswith(("_cache", ".casebook")) for part in path.relative_to(ROOT).parts)
        and not path.name.startswith(".cover")
    )


def test_no_file_names_a_path_of_the_machine_it_was_written_on_or_a_registry():
    barred = re.compile(
        "|".join(("/" + "work/", "/" + "tmp/", "/" + "root/", "/" + r"home/\w", "pypi" + r"\.org", "python" + "hosted"))
    )
    found = [
        f"{name_of(path)}:{number}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if barred.search(line)
    ]
    assert found == []


def test_nothing_is_left_undone_in_the_code():
    undone = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error")))
    assert [name_of(path) for path in [*CODE, *TESTS] if undone.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", [path for path in HOUSE if path.name == "__init__.py"], ids=name_of)
def test_every_folder_says_what_it_is_for_and_what_is_in_it(path):
    guide = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert len(guide.split()) >= 30, "half a page: what the folder is for, its nouns, how data flows through"
    told = {part for name in re.findall(r"`([\w.]+)`", guide) for part in name.split(".")}
    there = {each.stem for each in path.parent.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()} - {
        "__init__"
    }
    if path.parent.parent.name in ("forms", "db"):
        assert there - told == set(), "say in a few words what each module is for"
    assert len(there & told) > 1 or path.parent.name == "resources", "name the modules a reader will look for"
