"""The program without Python: what its plan packs, told without building it."""

import ast
import importlib.util
import runpy
import shutil
import struct
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
    return {**given, "path": list(sys.path), "rooms": names["ROOMS"], "asked": names["asked"]}


@pytest.fixture(scope="module")
def pack():
    """The module that builds."""
    spec = importlib.util.spec_from_file_location("pack", ROOT / "requirements" / "pack.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


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
    assert plan["datas"] == [(str(ROOT / "resources"), "resources"), (str(ROOT / "build" / "drawn" / "guide"), "guide")]


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


@pytest.mark.parametrize(
    ("place", "is_packed"),
    [
        ("PySide6/Qt/translations/qtbase_zh_CN.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("PySide6/Qt/plugins/imageformats/libqsvg.so", True),
        ("PySide6\\plugins\\imageformats\\qsvg.dll", True),
        ("PySide6\\plugins\\imageformats\\qjpeg.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqwayland.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("resources/i18n/zh/ui.json", True),
    ],
)
def test_of_qt_the_window_and_its_chinese_are_packed_and_nothing_else(plan, place, is_packed):
    assert bool(plan["asked"]([(place, "from", "BINARY")])) is is_packed


@pytest.mark.parametrize(("version", "numbers"), [("0.1.0", "(0, 1, 0, 0)"), ("2.11.3rc4", "(2, 11, 3, 4)")])
def test_windows_is_told_version_and_name(pack, version, numbers):
    told = ast.unparse(ast.parse(pack.version_resource(version), mode="eval"))
    assert f"filevers={numbers}" in told
    assert f"StringStruct('ProductVersion', '{version}')" in told
    assert "StringStruct('ProductName', 'Casebook')" in told


def test_the_icons_of_windows_and_macos_hold_every_size_these_ask_for(pack, tmp_path, qapp):
    from PIL import Image

    pack.draw_icons(tmp_path)
    with Image.open(tmp_path / "casebook.ico") as icon:
        assert icon.info["sizes"] == {(side, side) for side in (16, 20, 24, 32, 40, 48, 64, 128, 256)}
        assert icon.getpixel((128, 20))[:3] == (0x1F, 0x5F, 0xA8)
    with Image.open(tmp_path / "casebook.icns") as icon:
        assert (512, 512) in {(wide * scale, high * scale) for wide, high, scale in icon.info["sizes"]}


def test_nobody_builds_with_words_that_are_not_known(pack, capsys):
    assert pack.main(["--onefile"]) == 2
    assert "--installer" in capsys.readouterr().err


LINUX = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("objdump") is None, reason="libraries of Linux, binutils"
)


@pytest.fixture
def packed(pack, tmp_path, monkeypatch):
    """A folder like that of the program, of files that are taken for libraries; and what each asks for."""
    asks = {
        "casebook": [],
        "_internal/libpython3.11.so.1.0": [],
        "_internal/Qt/plugins/libshown.so": ["liba.so"],
        "_internal/liba.so": ["libb.so"],
        "_internal/libb.so": [],
        "_internal/libc.so": ["libd.so"],
        "_internal/libd.so": [],
        "_internal/x.libs/libb.so": [],
    }
    for name in asks:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(Path(name).name, encoding="utf-8")
    (tmp_path / "_internal" / "link.so").symlink_to("libc.so")
    monkeypatch.setattr(
        pack,
        "libraries",
        lambda _: {tmp_path / name: set(asked) for name, asked in asks.items() if not (tmp_path / name).is_symlink()},
    )
    return tmp_path


@LINUX
def test_a_library_that_nothing_packed_asks_for_is_taken_out_with_what_only_it_asks_for(pack, packed):
    pack.prune(packed)
    left = {path.relative_to(packed).as_posix() for path in packed.rglob("*") if not path.is_dir()}
    assert left == {
        "casebook", "_internal/libpython3.11.so.1.0", "_internal/Qt/plugins/libshown.so", "_internal/liba.so",
        "_internal/libb.so", "_internal/x.libs/libb.so",
    }  # fmt: skip


@LINUX
def test_of_two_libraries_that_are_the_same_the_second_is_a_link(pack, packed):
    pack.merge_twins(packed)
    twin = packed / "_internal" / "x.libs" / "libb.so"
    assert twin.is_symlink()
    assert twin.resolve() == packed / "_internal" / "libb.so"
    assert not (packed / "_internal" / "liba.so").is_symlink()


@LINUX
def test_a_library_that_the_tool_would_damage_stays_as_it_was(pack, tmp_path, monkeypatch):
    whole = Path(sys.executable).resolve().read_bytes()
    assert pack.can_be_loaded(whole)
    table, size, count = *struct.unpack_from("<Q", whole, 32), *struct.unpack_from("<HH", whole, 54)
    part = next(at for at in range(count) if struct.unpack_from("<I", whole, table + at * size)[0] == pack.LOADED_PART)
    damaged = bytearray(whole)
    struct.pack_into("<Q", damaged, table + part * size + 8, 0x98)
    assert not pack.can_be_loaded(bytes(damaged))
    (tmp_path / "lib").mkdir()
    library = tmp_path / "lib" / "liba.so"
    library.write_bytes(whole)
    monkeypatch.setattr(pack, "libraries", lambda _: {library: set()})
    monkeypatch.setattr(pack.subprocess, "run", lambda command, **_: Path(command[3]).write_bytes(bytes(damaged)[:-1]))
    pack.strip(tmp_path)
    assert [path.name for path in library.parent.iterdir()] == ["liba.so"]
    assert library.read_bytes() == whole


@LINUX
def test_the_size_of_a_package_counts_its_libraries_and_no_link(pack, packed):
    (packed / "_internal" / "x").mkdir()
    (packed / "_internal" / "x" / "data").write_bytes(bytes(100))
    assert pack.parts(packed)["x"] == 100 + len("libb.so")
    assert "link.so" not in pack.parts(packed)


def test_the_install_scripts_ask_for_no_administrator_and_name_what_they_need():
    folder = ROOT / "resources" / "install"
    windows = (folder / "casebook.iss").read_text(encoding="utf-8")
    assert "PrivilegesRequired=lowest" in windows
    assert "Root: HKLM" not in windows
    assert "Inno Setup 6" in windows
    linux = (folder / "install.sh").read_text(encoding="utf-8")
    assert "sudo" not in linux
    assert "glibc 2.34" in linux


# --- tables of languages --------------------------------------------------------------------------------------


@pytest.fixture
def icu():
    """The module that makes them small."""
    spec = importlib.util.spec_from_file_location("icu", ROOT / "requirements" / "icu.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def package_of(tables):
    """A package as ICU makes it: a header of 32 bytes, how many there are, where name and table of each begin."""
    head = struct.pack("<H2sHHBBBB4s", 32, b"\xda\x27", 20, 0, 0, 0, 2, 0, b"CmnD").ljust(32, b"\0")
    at_name = 4 + 8 * len(tables)
    names = b"".join(b"icudt99l/" + name.encode() + b"\0" for name in tables)
    at_table = -(-(at_name + len(names)) // 16) * 16
    listed, bodies = struct.pack("<I", len(tables)), b""
    for name, table in tables.items():
        listed += struct.pack("<II", at_name, at_table + len(bodies))
        at_name += len(b"icudt99l/" + name.encode() + b"\0")
        bodies += table.ljust(-(-len(table) // 16) * 16, b"\0")
    return head + (listed + names).ljust(at_table, b"\0") + bodies


def test_of_the_tables_of_languages_english_chinese_and_those_of_no_language_stay_as_they_are(icu):
    every = {
        "brkitr/cjdict.dict": b"words", "brkitr/thaidict.dict": b"words", "brkitr/word.brk": b"w" * 40,
        "cnvalias.icu": b"names", "coll/root.res": b"root", "coll/sv.res": b"swedish", "coll/zh.res": b"pinyin" * 9,
        "curr/de_AT.res": b"euro", "en_US.res": b"en", "fr.res": b"fr", "gb18030.cnv": b"gb", "ibm-273.cnv": b"old",
        "nfkc.nrm": b"n", "pool.res": b"p", "root.res": b"r", "translit/el.res": b"t", "zh_Hans_CN.res": b"zh",
        "zoneinfo64.res": b"z" * 17,
    }  # fmt: skip
    left = {
        name: every[name]
        for name in every
        if name
        not in ("brkitr/thaidict.dict", "coll/sv.res", "curr/de_AT.res", "fr.res", "ibm-273.cnv", "translit/el.res")
    }
    assert icu.reduced(package_of(every)) == package_of(left)


def test_what_is_no_package_of_tables_is_not_touched(icu):
    with pytest.raises(ValueError, match="not a package"):
        icu.reduced(b"\x7fELF" + bytes(60))


SORTED = """
import sys
from functools import cmp_to_key
from PySide6.QtCore import QCollator, QLocale
for place, words in (("zh_CN", "张 李 王 陈 赵"), ("en", "b A a B é z")):
    print(*sorted(words.split(), key=cmp_to_key(QCollator(QLocale(place)).compare)))
print(QLocale("tr_TR").toUpper("i"))
print([line.split()[-1] for line in open("/proc/self/maps") if "icudata" in line][0])
"""


@LINUX
def test_qt_sorts_chinese_by_sound_with_the_small_tables(icu, tmp_path):
    import PySide6

    (whole,) = (Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*")
    small = Path(shutil.copy(whole, tmp_path))
    icu.shrink(small)
    assert small.stat().st_size < whole.stat().st_size / 3
    told = {"LD_LIBRARY_PATH": str(tmp_path), "PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", SORTED], env=told, capture_output=True, text=True, encoding="utf-8")
    assert done.stdout.splitlines() == ["陈 李 王 张 赵", "a A b B é z", "İ", str(small)], done.stderr
