"""The program leaves no picture of its memory behind, and files that only their owner reads."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is told by another call")

STARTED = """
import sys
sys.path.insert(0, {root!r})
sys.argv = ["main.py", "study", "list"]
import main
def show(argv, window):
    {then}
    return 0
import ui.commands
ui.commands.main = show
sys.exit(main.start())
"""


def started(folder, then):
    """Start the program as a person does, and let it do something else than what the command says."""
    script = STARTED.format(root=str(ROOT), then=then)
    return subprocess.run([sys.executable, "-c", script], cwd=folder, check=False, capture_output=True, text=True)


def test_a_crash_leaves_no_picture_of_the_memory(tmp_path):
    ended = started(tmp_path, "import os, resource; print(resource.getrlimit(resource.RLIMIT_CORE), flush=True); "
                              "os.abort()")  # fmt: skip
    assert ended.stdout.strip() == "(0, 0)"
    assert ended.returncode < 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows it")
def test_no_dump_is_piped_to_a_program_either_and_nobody_else_reads_the_memory(tmp_path):
    get_dumpable = 3
    ended = started(tmp_path, f"import ctypes; print(ctypes.CDLL(None).prctl({get_dumpable}, 0, 0, 0, 0))")
    assert (ended.stdout.strip(), ended.returncode) == ("0", 0)


def test_whatever_the_program_writes_is_its_owners_alone(tmp_path):
    ended = started(tmp_path, "open('settings.ini', 'w').write('x'); import os; os.mkdir('made')")
    assert ended.returncode == 0
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"settings.ini": 0o600, "made": 0o700}


def test_settings_of_the_window_are_their_owners_alone(tmp_path):
    then = ("from pathlib import Path; from ui.settings import Settings; "
            "settings = Settings(Path('casebook.ini').absolute()); settings.put('last_user', 'lin'); "
            "settings._file.sync()")  # fmt: skip
    ended = started(tmp_path, then)
    assert ended.returncode == 0, ended.stderr
    path = tmp_path / "casebook.ini"
    assert "lin" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
