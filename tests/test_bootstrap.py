"""Set-up: what it installs, when it does, and what it says when it can't."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap

ROOT = Path(bootstrap.__file__).parent


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


def test_it_needs_the_standard_library_alone():
    tree = ast.parse(Path(bootstrap.__file__).read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {node.module.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def begun(fresh, monkeypatch, locks=("pip.txt", "build.txt", "runtime.txt", "test.txt")):
    """A folder with these locks, whose environment is there and has noted nothing yet."""
    (fresh / "requirements").mkdir()
    for name in locks:
        (fresh / "requirements" / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(bootstrap, "HERE", fresh)
    monkeypatch.setattr(bootstrap, "words", lambda key, **_: key)
    monkeypatch.setattr(bootstrap, "usable", lambda: True)
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    monkeypatch.setattr(bootstrap, "contents", list)
    (fresh / ".venv").mkdir()
    bootstrap.note({})


def installed(started):
    """Names of the locks that pip was started for."""
    assert all("--require-hashes" in command and "--no-build-isolation" in command for command in started)
    return [Path(command[-1]).name for command in started]


def test_a_recent_pip_goes_in_before_anything_else(fresh, monkeypatch):
    begun(fresh, monkeypatch)
    started = recorded(monkeypatch)
    bootstrap.prepare("test.txt")
    assert installed(started) == ["pip.txt", "build.txt", "test.txt"]


def test_an_environment_is_fresh_until_its_lock_changes(fresh, monkeypatch):
    begun(fresh, monkeypatch)
    started = recorded(monkeypatch)
    bootstrap.prepare("test.txt")
    assert bootstrap.is_fresh("test.txt")
    assert bootstrap.is_fresh("runtime.txt")
    (fresh / "requirements" / "runtime.txt").write_text("another", encoding="utf-8")
    assert not bootstrap.is_fresh("runtime.txt")
    assert bootstrap.is_fresh("test.txt")
    started.clear()
    bootstrap.prepare("runtime.txt")
    assert installed(started) == ["runtime.txt"]


@pytest.mark.parametrize(("changed", "still_runs"), [(False, True), (True, False)])
def test_what_ran_before_still_runs_when_a_further_lock_fails_before_anything_was_changed(
    fresh, monkeypatch, changed, still_runs
):
    begun(fresh, monkeypatch)
    recorded(monkeypatch)
    bootstrap.prepare("runtime.txt")
    recorded(monkeypatch, returncode=1)
    seen = iter([["before"], ["after" if changed else "before"]])
    monkeypatch.setattr(bootstrap, "contents", lambda: next(seen))
    with pytest.raises(bootstrap.Stop):
        bootstrap.prepare("test.txt")
    assert bootstrap.is_fresh("runtime.txt") is still_runs


@pytest.mark.parametrize("stamp", [None, "", "{", "[]", '{"python": "cpython-310 x86_64", "locks": {}}'])
def test_an_environment_whose_stamp_is_not_whole_is_made_anew(fresh, monkeypatch, stamp):
    begun(fresh, monkeypatch)
    bootstrap.STAMP.unlink()
    if stamp is not None:
        bootstrap.STAMP.write_text(stamp, encoding="utf-8")
    (fresh / ".venv" / "half").write_text("half a package", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "ROOM", 0)
    run = recorded_venv(fresh, monkeypatch)
    bootstrap.prepare("runtime.txt")
    assert run[0][1:3] == ["-m", "venv"]
    assert installed(run[1:]) == ["pip.txt", "build.txt", "runtime.txt"]
    assert not (fresh / ".venv" / "half").exists()
    assert bootstrap.is_fresh("runtime.txt")


def recorded_venv(fresh, monkeypatch):
    """Note what is started; ``venv`` makes its folder."""
    started = []

    def run(command, **_):
        started.append(command)
        if "venv" in command:
            (fresh / ".venv").mkdir()
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    return started


def test_an_environment_that_is_a_link_is_left_to_its_owner_when_it_is_made_anew(fresh, monkeypatch):
    begun(fresh, monkeypatch)
    (fresh / ".venv").rename(fresh / "another")
    (fresh / "another" / bootstrap.STAMP.name).unlink()
    (fresh / "another" / "kept").write_text("kept", encoding="utf-8")
    (fresh / ".venv").symlink_to(fresh / "another", target_is_directory=True)
    monkeypatch.setattr(bootstrap, "ROOM", 0)
    recorded_venv(fresh, monkeypatch)
    bootstrap.prepare("runtime.txt")
    assert (fresh / "another" / "kept").exists()
    assert not (fresh / ".venv").is_symlink()


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "full"),
        ("OSError: [WinError 112] 磁盘空间不足。: 'C:\\x'", "full"),
        ("WARNING: Retrying ... NewConnectionError(...: [Errno -3] Temporary failure in name resolution')", "network"),
        ("ReadTimeoutError(\"HTTPSConnectionPool(host='x', port=443): Read timed out. (read timeout=15)\")", "network"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify", "network"),
        ("ERROR: HTTP error 503 while getting x\nERROR: 503 Server Error: Unavailable for url: x", "network"),
        ("Could not connect to proxy.x:3128: Temporary failure resolving 'deb.example.org'", "network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "changed"),
        ("ERROR: No matching distribution found for pyside6-essentials==6.11.3", "lacking"),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'", "denied"),
        ("PermissionError: [WinError 5] 拒绝访问。: 'C:\\x\\QtCore.pyd'", "denied"),
        ("ERROR: ResolutionImpossible: for help visit https://x/topics/dependency-resolution/", ""),
    ],
)
def test_a_failure_says_what_to_do_about_its_reason(monkeypatch, output, reason):
    monkeypatch.setattr(bootstrap, "words", lambda key, **_: key)
    monkeypatch.setattr(bootstrap, "NO_ROOM", 0)
    assert bootstrap.explained("pip install", output).splitlines()[0] == (reason or "failed")


def test_too_little_room_is_told_before_anything_is_fetched(fresh, monkeypatch):
    monkeypatch.setattr(bootstrap, "free", lambda _: bootstrap.ROOM - 1)
    started = recorded(monkeypatch)
    with pytest.raises(bootstrap.Stop, match=f"{bootstrap.ROOM} MB"):
        bootstrap.make_venv()
    assert started == []


def test_an_environment_of_another_python_is_stale(fresh, monkeypatch):
    (fresh / ".venv").mkdir()
    monkeypatch.setattr(bootstrap, "venv_python", lambda: Path(sys.executable))
    stamp = {"python": "cpython-310 x86_64", "locks": {"runtime.txt": bootstrap.digest("runtime.txt")}}
    bootstrap.STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    assert not bootstrap.is_fresh("runtime.txt")


def test_an_installation_that_fails_leaves_no_stamp_and_says_what_failed(fresh, monkeypatch, capsys):
    (fresh / ".venv").mkdir()
    bootstrap.note({})
    monkeypatch.setattr(bootstrap, "usable", lambda: True)
    monkeypatch.setattr(bootstrap, "contents", iter(["before", "after"]).__next__)
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


def test_verbs_pass_their_arguments_on_and_the_whole_suite_runs_on_every_core(monkeypatch):
    calls = []
    monkeypatch.setattr(bootstrap, "run", lambda command, *_: calls.append(command[1:]) or 5)
    assert bootstrap.start("run", ["verify", "x.casebook"]) == 5
    bootstrap.start("demo", ["--headless", "out"])
    bootstrap.start("test", ["-k", "grade"])
    bootstrap.start("test", [])
    main = str(ROOT / "main.py")
    assert calls == [
        [main, "verify", "x.casebook"],
        [main, "demo", "--headless", "out"],
        ["-m", "pytest", "-k", "grade"],
        ["-m", "pytest", *bootstrap.WHOLE],
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux splits these libraries off")
def test_to_build_the_tools_and_the_library_of_this_python_are_asked_for(fresh, monkeypatch):
    minor = sys.version_info[1]
    monkeypatch.setattr(bootstrap, "loads", lambda name: name not in ("objdump", f"libpython3.{minor}.so.1.0"))
    monkeypatch.setattr(bootstrap, "lacks_ensurepip", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.Stop, match=rf"apt-get install -y binutils libpython3\.{minor}$"):
        bootstrap.install_libraries(window=False, build=True)
    bootstrap.install_libraries(window=True)


def test_a_build_prepares_the_program_and_then_the_builder_and_starts_it(fresh, monkeypatch):
    begun(fresh, monkeypatch, locks=("pip.txt", "build.txt", "runtime.txt", "builder.txt"))
    monkeypatch.setattr(bootstrap, "install_libraries", lambda **_: None)
    started, ran = recorded(monkeypatch), []
    monkeypatch.setattr(bootstrap, "run", lambda command, *_: ran.append(command) or 0)
    assert bootstrap.main(["build", "--installer"]) == 0
    assert installed(started) == ["pip.txt", "build.txt", "runtime.txt", "builder.txt"]
    assert [word.replace(str(fresh), "") for word in ran[0][1:]] == ["/requirements/pack.py", "--installer"]
