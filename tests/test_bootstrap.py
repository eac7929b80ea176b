"""Set-up: what it installs, when it does, and what it says when it can't."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A bootstrap whose environment would lie in an empty folder and which starts nothing."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "setup.json")
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    return tmp_path


def recorded(monkeypatch, returncode=0, stdout=""):
    """Replace starting programs by noting them."""
    started = []

    def run(command, **_):
        started.append([str(word) for word in command])
        return SimpleNamespace(returncode=returncode, stdout=stdout, stderr="the reason")

    monkeypatch.setattr(subprocess, "run", run)
    return started


def pins(lock):
    return dict(PIN.match(line).groups() for line in lock_text(lock).splitlines() if PIN.match(line))


def lock_text(lock):
    return (ROOT / "requirements" / lock).read_text(encoding="utf-8")


def test_it_needs_the_standard_library_alone():
    tree = ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("lock", ["build.txt", "runtime.txt", "test.txt"])
def test_every_locked_package_has_a_hash_and_no_lock_names_a_host(lock):
    entries = re.split(r"\n(?=\S)", lock_text(lock).strip())
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock_text(lock)
    assert "index" not in lock_text(lock)


def test_the_test_set_holds_the_whole_runtime_set_in_the_same_versions():
    assert pins("runtime.txt").items() <= pins("test.txt").items()


def test_every_direct_requirement_is_locked():
    for source, lock in (("runtime.in", "runtime.txt"), ("test.in", "test.txt"), ("build.in", "build.txt")):
        lines = (line.split("#")[0].strip() for line in lock_text(source).splitlines())
        asked = {re.split(r"[<>=!~ ]", line)[0].lower() for line in lines if line and not line.startswith("-r")}
        assert asked <= {name.lower() for name in pins(lock)}


def test_an_environment_is_fresh_until_its_lock_changes(fresh, monkeypatch):
    locks = fresh / "requirements"
    locks.mkdir()
    for name in ("build.txt", "runtime.txt", "test.txt"):
        (locks / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(bootstrap, "HERE", fresh)
    monkeypatch.setattr(bootstrap, "words", lambda key, **_: key)
    monkeypatch.setattr(bootstrap, "usable", lambda: True)
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    (fresh / ".venv").mkdir()
    started = recorded(monkeypatch)
    bootstrap.prepare("test.txt")
    assert [Path(command[-1]).name for command in started] == ["build.txt", "test.txt"]
    assert all("--require-hashes" in command and "--no-build-isolation" in command for command in started)
    assert bootstrap.is_fresh("test.txt")
    assert bootstrap.is_fresh("runtime.txt")
    (locks / "runtime.txt").write_text("another", encoding="utf-8")
    assert not bootstrap.is_fresh("runtime.txt")
    assert bootstrap.is_fresh("test.txt")


def test_an_environment_of_another_python_is_stale(fresh, monkeypatch):
    (fresh / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    stamp = {"python": "cpython-310 x86_64", "locks": {"runtime.txt": bootstrap.digest("runtime.txt")}}
    bootstrap.STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    assert not bootstrap.is_fresh("runtime.txt")


def test_an_installation_that_fails_leaves_no_stamp_and_says_what_failed(fresh, monkeypatch, capsys):
    (fresh / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "usable", lambda: True)
    monkeypatch.setattr(bootstrap, "install_libraries", lambda **_: None)
    recorded(monkeypatch, returncode=1)
    assert bootstrap.main(["run", "study", "list"]) == 3
    said = capsys.readouterr().err
    assert "pip install" in said
    assert "the reason" in said
    assert not bootstrap.STAMP.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux splits these libraries off")
def test_someone_who_is_not_root_is_told_the_one_command(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libEGL.so.1")
    monkeypatch.setattr(bootstrap, "lacks_ensurepip", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.Stop, match=r"sudo apt-get install -y libegl1$"):
        bootstrap.install_libraries(window=False)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux splits these libraries off")
def test_root_on_debian_installs_what_is_missing_and_waits_for_another_apt(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap, "loads", lambda library: library not in ("libEGL.so.1", "libxcb-cursor.so.0"))
    monkeypatch.setattr(bootstrap, "lacks_ensurepip", lambda: True)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    started = recorded(monkeypatch)
    bootstrap.install_libraries(window=True)
    update, install = started
    assert update[-1] == "update"
    assert "DPkg::Lock::Timeout=300" in install
    assert install[-3:] == ["libegl1", "libxcb-cursor0", f"python3.{sys.version_info[1]}-venv"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux splits these libraries off")
def test_where_there_is_no_apt_the_missing_libraries_are_named(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap, "loads", lambda library: library != "libGL.so.1")
    monkeypatch.setattr(bootstrap, "lacks_ensurepip", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(bootstrap.Stop, match=r"libGL\.so\.1"):
        bootstrap.install_libraries(window=False)


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        (["demo"], True),
        (["demo", "--headless", "out"], False),
        (["demo", "--headless=out"], False),
        (["run"], True),
        (["run", "trial.casebook"], True),
        (["run", "window"], True),
        (["run", "demo", "--study", "ankl"], True),
        (["run", "demo", "--headless", "out"], False),
        (["run", "study", "preview", "ankl"], True),
        (["run", "study", "check", "ankl"], False),
        (["run", "verify", "trial.casebook"], False),
        (["test"], False),
    ],
)
def test_libraries_of_the_window_are_asked_for_only_when_one_opens(arguments, window):
    assert bootstrap.opens_a_window(arguments[0], arguments[1:]) is window


def test_another_supported_python_takes_over_from_one_that_is_not(monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: "/opt/python3.12" if name == "python3.12" else None)
    recorded(monkeypatch)
    assert bootstrap.supported_python() == "/opt/python3.12"


def test_without_a_supported_python_it_says_which_are(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 14, 0))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _: None)
    with pytest.raises(bootstrap.Stop, match=r"3\.11, 3\.12 or 3\.13"):
        bootstrap.supported_python()


def test_this_python_is_supported():
    assert bootstrap.supported_python() == ""


@pytest.mark.parametrize(("spoken", "word"), [("zh_CN.UTF-8", "用法"), ("en_US.UTF-8", "usage"), ("C", "usage")])
def test_wrong_usage_is_told_in_the_persons_language(fresh, monkeypatch, capsys, spoken, word):
    monkeypatch.setenv("LANG", spoken)
    assert bootstrap.main(["nonsense"]) == 2
    assert word in capsys.readouterr().err


def test_help_is_not_an_error(fresh, capsys):
    assert bootstrap.main(["--help"]) == 0
    assert "demo" in capsys.readouterr().out


def test_verbs_pass_their_arguments_on(monkeypatch):
    calls = []
    monkeypatch.setattr(bootstrap, "run", lambda command, *_: calls.append(command[1:]) or 5)
    assert bootstrap.start("run", ["verify", "x.casebook"]) == 5
    bootstrap.start("demo", ["--headless", "out"])
    bootstrap.start("test", ["-k", "grade"])
    main = str(ROOT / "main.py")
    assert calls == [
        [main, "verify", "x.casebook"],
        [main, "demo", "--headless", "out"],
        ["-m", "pytest", "-k", "grade"],
    ]
