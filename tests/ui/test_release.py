"""A new version from a stick: only what its maker signed, whole or not at all, and the way back."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtWidgets import QLabel

from db import VERSION
from db.ledger.schema import CURRENT
from forms.errors import Refusal
from forms.texts import LANGUAGES
from tests.test_house import ROOT
from tests.ui.windows import new_window
from ui.commands import main
from ui.dialogs.notes import NotesDialog, show_news
from ui.release import pointer as pointing
from ui.release.installing import go_back, install
from ui.release.known import read_schemas
from ui.release.manifest import MANIFEST, SIGNATURE, SIGNED
from ui.release.notes import notes_of
from ui.release.pointer import POINTER, InstalledVersion, next_program, read_pointer
from ui.settings import Settings
from ui.window.app import tell_news

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the programs of these tests are shell scripts")

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def script():
    """The script that makes releases."""
    spec = importlib.util.spec_from_file_location("release", ROOT / "requirements" / "release.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def program(folder: Path, version: str) -> Path:
    """A folder as the builder makes it: a program that tells its version, a library, a link to it."""
    (folder / "_internal" / "resources" / "文").mkdir(parents=True)
    (folder / "casebook").write_text(f"#!/bin/sh\necho {version}\n", encoding="utf-8")
    (folder / "casebook").chmod(0o755)
    (folder / "_internal" / "liba.so").write_bytes(b"\x7fELF" + version.encode() * 1000)
    (folder / "_internal" / "libb.so").symlink_to("liba.so")
    (folder / "_internal" / "resources" / "文" / "a b.txt").write_text(version, encoding="utf-8")
    return folder


@pytest.fixture
def root(tmp_path):
    """The installed program."""
    return program(tmp_path / "installed", VERSION)


@pytest.fixture
def stick(tmp_path, script):
    """Makes a release on a stick."""

    def make(version: str, schema: int = CURRENT, key=KEY) -> Path:
        dist = program(tmp_path / f"dist {version} {schema}", version)
        return script.make_release(dist, tmp_path / f"stick {schema}", key, version, schema)

    return make


def content(folder: Path) -> dict[str, object]:
    return {
        path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*")) if not path.is_dir() or path.is_symlink()
    }  # fmt: skip


def started(root: Path, monkeypatch, *arguments: str) -> Path:
    """The program that a start of the installed one leads to."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(root / "casebook"))
    return next_program([*arguments]) or root / "casebook"


def test_a_release_is_installed_beside_the_program_and_runs_at_the_next_start(root, stick, monkeypatch):
    before = content(root)
    assert started(root, monkeypatch) == root / "casebook"
    install(stick("1.2.0"), PUBLIC, {}, silent, root)
    new = started(root, monkeypatch)
    assert new == root / "versions" / "1.2.0" / "casebook"
    assert subprocess.run([new], capture_output=True, text=True, check=True).stdout == "1.2.0\n"
    assert (new.parent / "_internal" / "libb.so").readlink() == Path("liba.so")
    assert {name: old for name, old in content(root).items() if name in before} == before


def test_the_version_before_comes_back_and_a_third_one_takes_the_first_away(root, stick, monkeypatch):
    install(stick("1.2.0"), PUBLIC, {}, silent, root)
    assert go_back({}, root) == VERSION
    assert started(root, monkeypatch) == root / "casebook"
    with pytest.raises(Refusal, match="no version before"):
        go_back({}, root)
    install(stick("1.3.0"), PUBLIC, {}, silent, root)
    assert started(root, monkeypatch).parent.name == "1.3.0"
    assert not (root / "versions" / "1.2.0").exists()


def test_a_newly_installed_program_leaves_the_versions_of_the_stick_behind(root, stick, monkeypatch):
    install(stick("1.2.0"), PUBLIC, {}, silent, root)
    monkeypatch.setattr("db.VERSION", "1.4.0")
    assert started(root, monkeypatch) == root / "casebook"


def test_going_back_is_done_by_the_installed_program_itself(root, stick, monkeypatch):
    install(stick("1.2.0"), PUBLIC, {}, silent, root)
    assert started(root, monkeypatch, "update", "--return") == root / "casebook"


@pytest.mark.parametrize("spoiled", ["{}", "[]", "", '{"base": "1", "current": 3}', "\x00"])
def test_a_pointer_that_cannot_be_read_starts_the_installed_program(root, monkeypatch, spoiled):
    (root / POINTER).write_text(spoiled, encoding="utf-8")
    assert started(root, monkeypatch) == root / "casebook"


def flip(path: Path) -> None:
    told = bytearray(path.read_bytes())
    told[len(told) // 2] ^= 1
    path.write_bytes(bytes(told))


SPOILED = {
    "a bit of a file": (lambda at: flip(at / "program" / "_internal" / "liba.so"), "not the file its maker packed"),
    "a file longer": (lambda at: (at / "program" / "casebook").write_text("longer"), "not the file its maker packed"),
    "a file missing": (lambda at: (at / "program" / "_internal" / "liba.so").unlink(), "liba.so of the release is"),
    "a file more": (lambda at: (at / "program" / "virus.so").touch(), "virus.so does not belong"),
    "a bit of the list": (lambda at: flip(at / MANIFEST), "not signed by the maker"),
    "a bit of the signature": (lambda at: (at / SIGNATURE).write_text("00" * 64), "not signed by the maker"),
    "no signature": (lambda at: (at / SIGNATURE).unlink(), "holds no release"),
    "a signature of letters": (lambda at: (at / SIGNATURE).write_text("signed, the maker"), "can't be read"),
    "nothing": (shutil.rmtree, "holds no release"),
}  # fmt: skip


@pytest.mark.parametrize("how", SPOILED)
def test_a_release_that_is_not_as_its_maker_signed_it_is_refused_and_nothing_changes(root, stick, how):
    place, before = stick("1.2.0"), content(root)
    spoil, words = SPOILED[how]
    spoil(place)
    with pytest.raises(Refusal, match=words) as refused:
        install(place, PUBLIC, {}, silent, root)
    assert refused.value.in_language("zh") != str(refused.value)
    assert {name: told for name, told in content(root).items() if name != "versions/lock"} == before


def test_another_makers_release_is_refused(root, stick):
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    with pytest.raises(Refusal, match="not signed by the maker"):
        install(stick("1.2.0", key=other), PUBLIC, {}, silent, root)


@pytest.mark.parametrize("version", [VERSION, "0.0.9"])
def test_an_older_version_and_the_present_one_are_refused(root, stick, version):
    with pytest.raises(Refusal, match="is here already"):
        install(stick(version), PUBLIC, {}, silent, root)


def test_a_version_that_could_not_open_a_store_of_this_computer_is_refused_both_ways(root, stick, tmp_path):
    store = tmp_path / "a.casebook"
    store.mkdir()
    with pytest.raises(Refusal, match="could not open the store"):
        install(stick("1.2.0", CURRENT), PUBLIC, {str(store): CURRENT + 1}, silent, root)
    install(stick("1.3.0", CURRENT + 1), PUBLIC, {str(store): CURRENT, str(tmp_path / "gone"): 99}, silent, root)
    with pytest.raises(Refusal, match=re.escape(str(store))):
        go_back({str(store): CURRENT + 1}, root)
    assert read_pointer(root).current == InstalledVersion("1.3.0", CURRENT + 1)


def test_a_release_for_another_system_is_refused(root, stick, monkeypatch):
    place = stick("1.2.0")
    monkeypatch.setattr("ui.release.installing.this_system", lambda: ("win32", "amd64"))
    with pytest.raises(Refusal, match="not for this computer"):
        install(place, PUBLIC, {}, silent, root)


def test_a_program_that_does_not_tell_its_version_is_not_switched_to(root, script, tmp_path, monkeypatch):
    place = script.make_release(program(tmp_path / "dist", "1.1.9"), tmp_path / "stick", KEY, "1.2.0")
    with pytest.raises(Refusal, match="does not start"):
        install(place, PUBLIC, {}, silent, root)
    assert started(root, monkeypatch) == root / "casebook"
    assert not (root / "versions" / "1.2.0").exists()


@pytest.mark.parametrize(("before", "after"), [
    *(("_internal/liba.so", name) for name in ("../out", "/etc/x", "a/../../x", "C:x", "a\\..\\x", "a//b", "")),
    *(("liba.so", target) for target in ("../../out", "/etc/passwd", "C:/x", "..\\..\\x", "../..")),
])  # fmt: skip
def test_a_signed_list_that_leads_out_of_the_program_is_refused_too(root, stick, before, after):
    place = stick("1.2.0")
    told = (place / MANIFEST).read_text(encoding="utf-8").replace(f'"{before}"', json.dumps(after)).encode()
    (place / MANIFEST).write_bytes(told)
    (place / SIGNATURE).write_text(KEY.sign(SIGNED + told).hex(), encoding="ascii")
    with pytest.raises(Refusal, match="can't be read"):
        install(place, PUBLIC, {}, silent, root)


KILLED = """
import os, signal, sys
from pathlib import Path
from ui.release.installing import install
import ui.release.installing as installing
left = [int(sys.argv[3])]
def tick(*_):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
whole = os.fsync
def fsync(handle):
    tick()
    whole(handle)
os.fsync = fsync
install(Path(sys.argv[1]), bytes.fromhex(sys.argv[4]), {}, tick, Path(sys.argv[2]))
"""


def test_killed_at_any_step_the_old_program_or_the_new_one_is_there_whole(root, stick, monkeypatch):
    place, seen = stick("1.2.0"), set()
    new = content(place.parent.parent / f"dist 1.2.0 {CURRENT}")
    for step in range(60):
        command = [sys.executable, "-c", KILLED, str(place), str(root), str(step), PUBLIC.hex()]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        chosen = started(root, monkeypatch)
        monkeypatch.undo()
        seen.add(chosen.parent.name)
        version = VERSION if chosen.parent == root else "1.2.0"
        assert subprocess.run([chosen], capture_output=True, text=True, check=True).stdout == f"{version}\n"
        if chosen.parent != root:
            assert content(chosen.parent) == new
            shutil.rmtree(root / "versions")
            (root / POINTER).unlink()
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
    assert done.returncode == 0
    assert seen == {root.name, "1.2.0"}


# --- the command, the key, the notes --------------------------------------------------------------------------------


@pytest.fixture
def packed(root, monkeypatch, tmp_path):
    """The command line of the installed program with the maker's key in it."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(root / "casebook"))
    keys = tmp_path / "resources"
    keys.mkdir()
    (keys / "release.pub").write_text(PUBLIC.hex(), encoding="ascii")
    monkeypatch.setattr("ui.release.manifest.folder", lambda *parts: keys.joinpath(*parts))
    monkeypatch.setattr("ui.commands.update.known_schemas", dict)
    return SimpleNamespace(root=root, key=keys / "release.pub")


def test_the_command_updates_goes_back_and_refuses_in_words(packed, stick, capsys):
    place = stick("1.2.0")
    assert main(["update", str(place)]) == 0
    assert "1.2.0 is installed" in capsys.readouterr().out
    assert main(["update", "--return", "--language", "zh"]) == 0
    assert "重新使用版本" in capsys.readouterr().out
    flip(place / "program" / "_internal" / "liba.so")
    assert main(["update", str(place)]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
    assert main(["update"]) == 2
    assert main(["update", str(place), "--return"]) == 2


def test_a_program_without_a_key_takes_no_release(packed, stick, capsys):
    packed.key.unlink()
    assert main(["update", str(stick("1.2.0"))]) == 1
    assert "built without the key" in capsys.readouterr().err


def test_a_checkout_is_not_updated_from_a_stick(stick, capsys):
    assert main(["update", str(stick("1.2.0"))]) == 1
    assert "runs from its source" in capsys.readouterr().err


def test_the_script_makes_a_key_once_and_a_release_that_the_program_takes(script, root, tmp_path, capsys):
    secret = tmp_path / "key"
    assert script.main(["--new-key", str(secret)]) == 0
    assert secret.stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        script.main(["--new-key", str(secret)])
    dist = program(tmp_path / "dist", VERSION)
    assert script.main([str(tmp_path / "stick"), "--key", str(secret), "--dist", str(dist)]) == 0
    place = Path(capsys.readouterr().out.strip())
    public = bytes.fromhex((tmp_path / "key.pub").read_text(encoding="ascii"))
    with pytest.raises(Refusal, match="is here already"):
        install(place, public, {}, silent, root)


def test_every_version_of_the_changelog_has_its_notes_in_both_languages():
    told = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = set(re.findall(r"^## \[(\d[^\]]*)\]", told, re.MULTILINE)) | {VERSION}
    for language in LANGUAGES:
        written = {path.stem for path in (ROOT / "resources" / "notes" / language).glob("*.md")}
        assert written == released
    for version in released:
        lines = [notes_of(version, language).count("\n- ") for language in LANGUAGES]
        assert lines[0] == lines[1] > 0
    assert notes_of("99.0", "zh") == ""


def test_the_starter_hands_its_words_over_and_gives_the_exit_code_back(root, stick, monkeypatch):
    install(stick("1.2.0"), PUBLIC, {}, silent, root)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(root / "casebook"))
    given = []
    monkeypatch.setattr(pointing.os, "execve", lambda *told: given.append(told))
    pointing.hand_over(["verify", "a b.casebook"])
    ((program_path, words, _),) = given
    assert words == [str(program_path), "verify", "a b.casebook"]
    monkeypatch.setattr(pointing.os, "execve", lambda *_: (_ for _ in ()).throw(OSError("gone")))
    assert pointing.hand_over([]) is None


# --- the window -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_window_updates_from_a_stick_and_says_what_a_damaged_one_lacks(
    packed, stick, tmp_path, qtbot, monkeypatch, language
):
    monkeypatch.setattr("ui.pages.door.welcome.takes_releases", lambda: True)
    window = new_window(tmp_path, qtbot, language)
    window.show_welcome()
    page, place = window.welcome, stick("1.2.0")
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *_: str(place))
    assert page.update_program.isVisible()
    flip(place / "program" / "casebook")
    page.update_program.click()
    qtbot.waitUntil(lambda: not window.opening.jobs.busy, timeout=10_000)
    assert page.note.text() == window.settings.say("program.update.altered", file="casebook")
    flip(place / "program" / "casebook")
    page.update_program.click()
    qtbot.waitUntil(lambda: not window.opening.jobs.busy, timeout=10_000)
    assert page.note.text() == window.settings.say("program.update.done", version="1.2.0")
    assert page.demo.isEnabled()
    assert read_pointer(packed.root).current.version == "1.2.0"
    window.close()


def test_a_program_that_takes_no_release_offers_none(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    window.show_welcome()
    assert not window.welcome.update_program.isVisible()
    window.close()


def test_news_are_shown_once_after_an_update_and_not_on_a_new_computer(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    settings = window.settings
    assert show_news(VERSION, settings, window, used_before=False) is None
    settings.put("notes_read", "0.0.9")
    dialog = show_news(VERSION, settings, window, used_before=True)
    for language in LANGUAGES:
        settings.put("language", language)
        assert notes_of(VERSION, language) in [each.text() for each in dialog.findChildren(QLabel)]
    dialog.accept()
    assert show_news(VERSION, settings, window, used_before=True) is None
    window.close()


def test_a_new_computer_that_opens_a_store_at_once_is_told_no_news(tmp_path, qtbot):
    window = new_window(tmp_path, qtbot)
    settings = window.settings
    used_before = bool(settings.recent)
    store = tmp_path / "trial.casebook"
    store.mkdir()
    settings.remember_store(str(store), "lin")
    tell_news(settings, window, used_before)
    assert window.findChild(NotesDialog) is None
    assert settings.get("notes_read") == VERSION
    window.close()


def test_the_settings_remember_the_schema_of_each_store(tmp_path):
    settings = Settings(tmp_path / "casebook.ini")
    settings.put("schemas", "no list")
    settings.remember_store(str(tmp_path / "病区.casebook"), "lin")
    assert read_schemas(settings.get("schemas")) == {str(tmp_path / "病区.casebook"): CURRENT}
