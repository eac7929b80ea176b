"""The set-up as people meet it: real processes, in a folder with a space and Chinese in its name, against an index of
this test's own.
"""

import base64
import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from tests.test_house import ROOT

LOCKS = {"pip": ["first"], "build": ["second"], "runtime": ["third"], "test": ["third", "fourth"]}
PROGRAM = "import sys, third\nprint('started', third.NAME, *sys.argv[1:])\n"
POSIX = pytest.mark.skipif(os.name == "nt", reason="an orphan holds no lock on Windows")


def wheel(folder, name):
    """A package of one module, ready to install; returns its SHA-256."""
    about = f"{name}-1.dist-info"
    files = {
        f"{name}.py": f"NAME = {name!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        told = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={told},{len(text)}\n"
    path = folder / f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for inside, text in (files | {f"{about}/RECORD": f"{record}{about}/RECORD,,\n"}).items():
            packed.writestr(inside, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Index:
    """A package index on this computer: counts what is fetched; ``held`` names what it keeps back for now."""

    def __init__(self, folder):
        self.fetched, self.held, self.asked, self.go = [], "", threading.Event(), threading.Event()
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.strip("/").split("/")[-1]
                body = f'<a href="/files/{name}-1-py3-none-any.whl">{name}-1-py3-none-any.whl</a>'.encode()
                if name.endswith(".whl"):
                    outer.fetched.append(name.partition("-")[0])
                    body = (folder / name).read_bytes()
                    if outer.held and name.startswith(outer.held):
                        outer.asked.set()
                        outer.go.wait(30)
                self.send_response(200)
                self.send_header("Content-Type", "application/zip" if name.endswith(".whl") else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/simple"


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A folder as a clone has it, with locks of small packages, an environment that holds nothing yet; its wheels."""
    folder = tmp_path_factory.mktemp("set up") / "试验 一"
    wheels = folder.parent / "wheels"
    for place in (folder / "requirements", wheels):
        place.mkdir(parents=True)
    for language in ("en", "zh"):
        words = Path("resources", "i18n", language)
        (folder / words).mkdir(parents=True)
        shutil.copy(ROOT / words / "commands.json", folder / words)
    shutil.copy(ROOT / "requirements" / "debian.json", folder / "requirements")
    text = (
        (ROOT / "bootstrap.py").read_text(encoding="utf-8").replace("ROOM, NO_ROOM = 1500, 50", "ROOM, NO_ROOM = 0, 5")
    )
    (folder / "bootstrap.py").write_text(text, encoding="utf-8")
    (folder / "main.py").write_text(PROGRAM, encoding="utf-8")
    hashes = {name: wheel(wheels, name) for names in LOCKS.values() for name in names}
    for lock, names in LOCKS.items():
        lines = [f"{name}==1 \\\n    --hash=sha256:{hashes[name]}\n" for name in names]
        (folder / "requirements" / f"{lock}.txt").write_text("".join(lines), encoding="utf-8")
    subprocess.run([sys.executable, "-c", "import bootstrap; bootstrap.make_venv()"], cwd=folder, check=True)
    return folder


@pytest.fixture
def folder(program, tmp_path):
    """A copy of that folder."""
    return shutil.copytree(program, tmp_path / "病历 二", symlinks=True)


@pytest.fixture
def index(program):
    """The index, up while a test runs."""
    index = Index(program.parent / "wheels")
    yield index
    index.go.set()
    index.server.shutdown()
    index.server.server_close()


def begin(folder, index, *words, language="en_US.UTF-8"):
    """Start ``bootstrap.py``; ``index`` may be an address where nobody answers."""
    environment = {name: told for name, told in os.environ.items() if not name.startswith(("PIP_", "LC_", "PYTHON"))}
    environment |= {
        "LANG": language,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": getattr(index, "address", index),
        "PIP_NO_CACHE_DIR": "1",
        "PIP_RETRIES": "1",
        "NO_PROXY": "*",
        "PYTHONUTF8": "1",
    }
    return subprocess.Popen(
        [sys.executable, "bootstrap.py", *(words or ("run", "verify"))],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def ended(child):
    """Exit code, output and messages of a start."""
    out, told = child.communicate(timeout=60)
    return child.returncode, out, told


OFFLINE = "http://127.0.0.1:9/simple"


def test_in_a_path_with_a_space_and_chinese_the_first_start_prepares_and_the_second_costs_nothing(folder, index):
    code, out, told = ended(begin(folder, index))
    assert (code, out) == (0, "started third verify\n"), told
    assert "Preparing" in told
    assert index.fetched == ["first", "second", "third"]
    assert ended(begin(folder, OFFLINE)) == (0, "started third verify\n", "")


def test_of_two_starts_at_once_one_prepares_and_the_other_says_that_it_waits(folder, index):
    index.held = "second"
    one = begin(folder, index)
    assert index.asked.wait(30)
    other = begin(folder, index)
    assert "Another Casebook is preparing" in other.stderr.readline()
    index.go.set()
    assert ended(one)[:2] == ended(other)[:2] == (0, "started third verify\n")
    assert index.fetched == ["first", "second", "third"]


@POSIX
@pytest.mark.slow
def test_a_start_after_a_killed_one_waits_for_what_that_left_running_and_mends_a_half_written_package(folder, index):
    index.held = "third"
    killed = begin(folder, index)
    assert index.asked.wait(30)
    killed.kill()
    killed.communicate()
    about = next((folder / ".venv").rglob("first-1.dist-info"))
    half = shutil.copytree(about, about.with_name("third-1.dist-info"), ignore=shutil.ignore_patterns("RECORD"))
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: third\nVersion: 1\n", encoding="utf-8")
    following = begin(folder, index)
    assert "Another Casebook is preparing" in following.stderr.readline()
    index.go.set()
    assert ended(following)[:2] == (0, "started third verify\n")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en_US.UTF-8", "The packages could not be fetched"), ("zh_CN.UTF-8", "无法下载所需软件包")],
)
def test_without_a_network_it_says_so_and_the_next_start_with_one_mends_it(folder, index, language, words):
    code, out, told = ended(begin(folder, OFFLINE, language=language))
    assert (code, out) == (3, "")
    assert words in told
    assert "Traceback" not in told
    assert ended(begin(folder, index, language=language))[:2] == (0, "started third verify\n")


def test_what_was_ready_still_starts_after_a_further_set_up_found_no_network(folder, index):
    assert ended(begin(folder, index))[0] == 0
    assert ended(begin(folder, OFFLINE, "test"))[0] == 3
    assert ended(begin(folder, OFFLINE)) == (0, "started third verify\n", "")


def test_a_package_that_is_not_the_tested_one_is_refused(folder, index):
    lock = folder / "requirements" / "runtime.txt"
    lock.write_text(f"third==1 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    code, out, told = ended(begin(folder, index))
    assert (code, out) == (3, "")
    assert "not the one Casebook was tested with" in told


SMALL = """
import shutil, subprocess, sys, time
sys.path.insert(0, {root!r})
from tests.test_set_up import begin, ended
disk = {disk!r}
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", disk], check=True)
try:
    folder = shutil.copytree({source!r}, disk + "/满 full", ignore=shutil.ignore_patterns(".venv"))
    for again in ("size=8m", "remount,ro,size=500m", "remount,rw", "remount,ro"):
        subprocess.run(["mount", "-o", "remount," + again.removeprefix("remount,"), disk], check=True)
        print(repr((again, *ended(begin(folder, {address!r})))))
finally:
    subprocess.run(["umount", "-l", disk], check=True)
"""


@pytest.mark.slow
def test_on_a_full_and_on_a_read_only_disk_it_says_what_to_do_and_starts_once_that_is_done(program, index, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if shutil.which("unshare") is None or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a tmpfs can't be mounted here")
    script = SMALL.format(root=str(ROOT), disk=str(disk), source=str(program), address=index.address)
    done = subprocess.run(
        ["unshare", "-m", sys.executable, "-c", script], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    full, closed, ready, kept = [eval(line) for line in done.stdout.splitlines()]
    assert full[1:3] == (3, "")
    assert "not enough room on the disk" in full[3]
    assert closed[1:3] == (3, "")
    assert "could not be written" in closed[3]
    assert ready[1:3] == (0, "started third verify\n")
    assert kept[1:] == (0, "started third verify\n", "")
    assert "Traceback" not in "".join(each[3] for each in (full, closed, ready, kept))
