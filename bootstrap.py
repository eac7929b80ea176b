"""Sets everything up and starts it: ``python3 bootstrap.py demo``, ``test``, ``build`` or ``run ...``.

Standard library only, so that a Python and this folder are enough. The packages go into ``.venv`` beside this file,
from requirement files whose every package is locked by hash, the pip that reads them first of all; a stamp in it holds
the hashes of the files it was made from, so a changed lock is noticed and a finished set-up costs nothing. The stamp is
away while something is being installed: an environment without one was broken off, and the next start makes it anew.
Needs CPython 3.11 to 3.13 on Linux, Windows or macOS.

Exit codes are those of what was started; 2 for wrong usage; 3 when the set-up itself could not be done.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "casebook-setup.json"
OLDEST, NEWEST = (3, 11), (3, 13)
LOCKS = {"demo": "runtime.txt", "run": "runtime.txt", "test": "test.txt", "build": "runtime.txt builder.txt"}
"""What can be asked for, and the locks that each needs, one upon the other."""

USAGE, TROUBLE = 2, 3
WHOLE = ("-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")
"""How the whole suite is run: on each core, up to four."""

CHINESE = 4
"""Primary language id of Chinese in a Windows LANGID."""

ROOM, NO_ROOM = 1500, 50
"""Megabytes that an environment and what is unpacked on the way take at most; with how many nothing goes on."""

REASONS = {
    "full": r"No space left|Errno 28\b|Disk quota|Errno 122\b|WinError 112\b|not enough space",
    "changed": r"DO NOT MATCH THE HASHES",
    "network": r"Connection|timed out|Timeout|Proxy|SSLError|CERTIFICATE|resolv|resolution:|getaddrinfo|unreachable"
    r"|IncompleteRead|[45]\d\d \w+ Error",
    "lacking": r"No matching distribution",
    "denied": r"Permission denied|Access is denied|Read-only file system|Errno (13|30)\b|WinError (5|32)\b",
}
"""Why a set-up fails, in the order of looking: key of the words, and what tells it in the output of venv and pip."""

HELD: list[int] = []
"""The descriptor of the lock of this folder while it is held; what is started then holds it too."""


class Stop(Exception):
    """The set-up can't go on; carries the words for the person."""


def main(arguments: list[str]) -> int:
    """Set up what the verb needs, then run it and return its exit code."""
    if not arguments or arguments[0] not in LOCKS:
        asked_for_help = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        print(words("usage"), file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else USAGE
    verb, rest = arguments[0], arguments[1:]
    try:
        python = supported_python()
        if python:
            return run([python, str(HERE / "bootstrap.py"), *arguments])
        install_libraries(window=opens_a_window(verb, rest), build=verb == "build")
        for lock in LOCKS[verb].split():
            prepare(lock)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return TROUBLE
    except KeyboardInterrupt:
        print(words("interrupted"), file=sys.stderr)
        return TROUBLE
    return start(verb, rest)


def start(verb: str, rest: list[str]) -> int:
    """Run the verb in the environment."""
    environment = {**os.environ, "PYTHONUTF8": "1"}
    if verb == "test":
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        return run([str(venv_python()), "-m", "pytest", *(rest or WHOLE)], environment, HERE)
    program = HERE / ("requirements/pack.py" if verb == "build" else "main.py")
    command = ["demo", *rest] if verb == "demo" else rest
    return run([str(venv_python()), str(program), *command], environment)


def run(command: list[str], environment: dict[str, str] | None = None, folder: Path | None = None) -> int:
    """Run a command to its end; Ctrl-C reaches it by itself."""
    with subprocess.Popen(command, env=environment, cwd=folder) as child:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue


def opens_a_window(verb: str, rest: list[str]) -> bool:
    """Whether what is asked for needs a display: the demonstration without --headless, the window, a preview."""
    if verb == "run" and rest[:1] == ["demo"]:
        verb = "demo"
    if verb == "demo":
        return not any(word == "--headless" or word.startswith("--headless=") for word in rest)
    if verb != "run":
        return False
    return not rest or rest[0] == "window" or rest[:2] == ["study", "preview"] or rest[0].endswith(".casebook")


def supported_python() -> str:
    """Another interpreter to use instead of this one; "" when this one is supported. Raises Stop when there is none."""
    if platform.python_implementation() == "CPython" and OLDEST <= sys.version_info[:2] <= NEWEST:
        return ""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return found
    raise Stop(words("python", found=platform.python_version()))


# --- libraries of the system ---------------------------------------------------------------------------------


def install_libraries(window: bool, build: bool = False) -> None:
    """See that the system libraries of Qt and venv are there. Raises Stop naming the one command that installs them.

    ``debian.json`` holds what Qt loads even without a display, what it loads besides to open a window on X11, what the
    builder asks the system for (it packs what the window needs too), and the Debian package of each.
    """
    if not sys.platform.startswith("linux"):
        return
    text = (HERE / "requirements" / "debian.json").read_text(encoding="utf-8")
    told = json.loads(text.replace("{minor}", str(sys.version_info[1])))
    needed = {**told["always"], **(told["window"] if window or build else {}), **(told["build"] if build else {})}
    packages = sorted({package for library, package in needed.items() if not loads(library)})
    if lacks_ensurepip() and not venv_python().exists():
        packages.append(f"python3.{sys.version_info[1]}-venv")
    if not packages:
        return
    if not shutil.which("apt-get"):
        missing = [library for library in needed if not loads(library)]
        raise Stop(words("libraries", libraries=" ".join(missing or packages)))
    if os.geteuid() != 0:
        raise Stop(words("apt", command="sudo apt-get install -y " + " ".join(packages)))
    print(words("installing", packages=" ".join(packages)), file=sys.stderr, flush=True)
    apt(["update"])
    apt(["install", "-y", "--no-install-recommends", "--no-upgrade", *packages])


def apt(arguments: list[str]) -> None:
    """Run apt-get, waiting up to five minutes for another one to finish. Raises Stop with its last lines on failure."""
    outside(["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments], {"DEBIAN_FRONTEND": "noninteractive"})


def loads(library: str) -> bool:
    """Whether the dynamic loader finds a library; of a tool, whether the shell finds it."""
    if ".so" not in library:
        return shutil.which(library) is not None
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def lacks_ensurepip() -> bool:
    """Whether this Python is one that can't put pip into a new environment (Debian splits that off)."""
    return importlib.util.find_spec("ensurepip") is None


# --- the environment -----------------------------------------------------------------------------------------


def prepare(lock: str) -> None:
    """Make ``.venv`` hold what a lock file names, unless it does already. Raises Stop."""
    if is_fresh(lock):
        return
    try:
        with alone():
            if is_fresh(lock):
                return
            print(words("preparing"), file=sys.stderr, flush=True)
            if noted() is None or not usable():
                make_venv()
            for each in ("pip.txt", "build.txt", lock):
                if not is_fresh(each):
                    add(each)
    except OSError as error:
        raise Stop(explained(str(VENV), str(error))) from error


@contextmanager
def alone() -> Iterator[None]:
    """Let one start at a time set this folder up; a second one says so and waits.

    Locked is this very file: it takes no room on a full disk, and the system frees it when whoever holds it is gone.
    """
    with Path(__file__).open("rb") as file:
        if not taken(file.fileno()):
            print(words("waiting"), file=sys.stderr, flush=True)
            while not taken(file.fileno()):
                time.sleep(0.2)
        if os.name != "nt":
            HELD.append(file.fileno())
        try:
            yield
        finally:
            HELD.clear()


def taken(descriptor: int) -> bool:
    """Whether the lock is this start's now; True also on a network folder that knows no locks."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, 2**30, os.SEEK_SET)  # far behind the end: a locked stretch can't be read by others
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def add(lock: str) -> None:
    """Install a lock file and note it. Raises Stop; where nothing was changed by then, what was noted still holds."""
    kept, before = noted() or {}, contents()
    STAMP.unlink()
    try:
        install(lock)
    except Stop:
        if contents() == before:
            note(kept)
        raise
    note(kept | {name: digest(name) for name in contained(lock)})


def contents() -> list[tuple[str, int]]:
    """What stands in the environment's folder of packages, and when each was last changed."""
    folder = sysconfig.get_path("purelib", "venv", {"base": str(VENV), "platbase": str(VENV)})
    return [(path.name, path.stat().st_mtime_ns) for path in sorted(Path(folder).iterdir())]


def note(stamps: dict[str, str]) -> None:
    """Write the stamp, whole or not at all."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps({"python": this_python(), "locks": stamps}, indent=1), encoding="utf-8")
    fresh.replace(STAMP)


def contained(lock: str) -> tuple[str, ...]:
    """The locks whose packages are all installed once this one is: the test set is on top of the runtime set."""
    return ("runtime.txt", "test.txt") if lock == "test.txt" else (lock,)


def is_fresh(lock: str) -> bool:
    """Whether the environment was made by this Python from this very lock file."""
    return venv_python().exists() and (noted() or {}).get(lock) == digest(lock)


def usable() -> bool:
    """Whether there is an environment of the same Python whose pip starts."""
    asked = f"import sys, pip; sys.exit(sys.implementation.cache_tag != {sys.implementation.cache_tag!r})"
    try:
        outside([str(venv_python()), "-c", asked])
    except (Stop, OSError):
        return False
    return True


def make_venv() -> None:
    """Create ``.venv`` anew. Raises Stop when there is no room, the folder can't be written or pip can't be put in."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()  # what a link leads to may be another's
    elif VENV.exists():
        STAMP.unlink(missing_ok=True)
        shutil.rmtree(VENV)
    if free(HERE) < ROOM:
        raise Stop(full())
    base = getattr(sys, "_base_executable", sys.executable)  # not that of the environment which is made anew
    outside([base, "-m", "venv", str(VENV)])
    note({})


def install(lock: str) -> None:
    """Install a lock file: only what it names, only if the hash fits, built without fetching anything unlocked."""
    command = [str(venv_python()), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-build-isolation", "-r", str(HERE / "requirements" / lock)]
    outside(command, {"PYTHONUTF8": "1", "PIP_USER": "0"})


def outside(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a program of the set-up to its end. Raises Stop that says what to do, with the end of its output."""
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        pass_fds=HELD,
    )
    if done.returncode:
        raise Stop(explained(" ".join(command), done.stdout + done.stderr))


def explained(command: str, output: str) -> str:
    """Why something failed, as far as its output tells, and what to do; then what failed and the end of its output."""
    reason = next((key for key, told in REASONS.items() if re.search(told, output)), "")
    if reason == "full" or free(HERE) < NO_ROOM:
        return full()
    failed = words("failed", command=command, output=last_lines(output))
    return f"{words(reason, folder=str(HERE))}\n\n{failed}" if reason else failed


def full() -> str:
    """What to do where the disk is full."""
    places = {"folder": HERE, "temporary": Path(tempfile.gettempdir())}
    rooms = {f"{name}_free": str(free(path)) for name, path in places.items()}
    return words("full", room=str(ROOM), **{name: str(path) for name, path in places.items()}, **rooms)


def free(folder: Path) -> int:
    """Megabytes free on the disk of a folder."""
    return shutil.disk_usage(folder).free // 1_000_000


def venv_python() -> Path:
    """The environment's interpreter."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def this_python() -> str:
    """What the stamp remembers of the interpreter; a minor step (3.11 to 3.12) makes the environment stale."""
    return f"{sys.implementation.cache_tag} {platform.machine()}"


def noted() -> dict[str, str] | None:
    """Digest by lock file, of what this Python installed; None where nothing was begun or something was broken off."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    locks = stamp.get("locks") if isinstance(stamp, dict) and stamp.get("python") == this_python() else None
    return locks if isinstance(locks, dict) else None


def digest(lock: str) -> str:
    """SHA-256 of a lock file's text, line ends apart (a checkout on Windows may turn them)."""
    text = (HERE / "requirements" / lock).read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


# --- words ---------------------------------------------------------------------------------------------------


def words(key: str, **values: str) -> str:
    """The sentence ``bootstrap.<key>`` in the person's language."""
    path = HERE / "resources" / "i18n" / language() / "commands.json"
    sentence: str = json.loads(path.read_text(encoding="utf-8"))[f"bootstrap.{key}"]
    return sentence.format(**values)


def language() -> str:
    """``zh`` when the system speaks Chinese, else ``en``."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    if not spoken and sys.platform == "win32":
        spoken = "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == CHINESE else "en"
    return "zh" if spoken.lower().startswith("zh") else "en"


def last_lines(text: str, count: int = 15) -> str:
    """The end of a program's output: where it says what went wrong."""
    return "\n".join(text.strip().splitlines()[-count:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
