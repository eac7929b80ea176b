"""Sets everything up and starts it: ``python3 bootstrap.py demo``, ``test`` or ``run ...``.

Standard library only, so that a Python and this folder are enough. The packages go into ``.venv`` beside this file,
from requirement files whose every package is locked by hash; a stamp in it holds the hashes of the files it was made
from, so a changed lock is noticed and a finished set-up costs nothing. Needs CPython 3.11 to 3.13 on Linux, Windows or
macOS.

Exit codes are those of what was started; 2 for wrong usage; 3 when the set-up itself could not be done.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
STAMP = VENV / "casebook-setup.json"
OLDEST, NEWEST = (3, 11), (3, 13)
VERBS = ("demo", "test", "run")
USAGE, TROUBLE = 2, 3
CHINESE = 4
"""Primary language id of Chinese in a Windows LANGID."""

LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
}
"""What Qt loads even without a display, and the Debian packages that hold it."""

WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
"""What Qt loads besides to open a window on X11."""


class Stop(Exception):
    """The set-up can't go on; carries the words for the person."""


def main(arguments: list[str]) -> int:
    """Set up what the verb needs, then run it and return its exit code."""
    if not arguments or arguments[0] not in VERBS:
        asked_for_help = bool(arguments) and arguments[0] in ("-h", "--help", "help")
        print(words("usage"), file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else USAGE
    verb, rest = arguments[0], arguments[1:]
    try:
        python = supported_python()
        if python:
            return run([python, str(HERE / "bootstrap.py"), *arguments])
        install_libraries(window=opens_a_window(verb, rest))
        prepare("test.txt" if verb == "test" else "runtime.txt")
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
        return run([str(venv_python()), "-m", "pytest", *rest], environment, HERE)
    command = rest if verb == "run" else ["demo", *rest]
    return run([str(venv_python()), str(HERE / "main.py"), *command], environment)


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


def install_libraries(window: bool) -> None:
    """See that the system libraries of Qt and venv are there. Raises Stop naming the one command that installs them."""
    if not sys.platform.startswith("linux"):
        return
    needed = {**LIBRARIES, **(WINDOW_LIBRARIES if window else {})}
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
    command = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=300", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(words("failed", command=" ".join(command), output=last_lines(done.stdout + done.stderr)))


def loads(library: str) -> bool:
    """Whether the dynamic loader finds a library."""
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
    print(words("preparing"), file=sys.stderr, flush=True)
    if not usable():
        make_venv()
    stamps = read_stamps() if stamp_is_ours() else {}
    STAMP.unlink(missing_ok=True)
    install("build.txt")
    install(lock)
    stamps.update({name: digest(name) for name in contained(lock)})
    STAMP.write_text(json.dumps({"python": this_python(), "locks": stamps}, indent=1), encoding="utf-8")


def contained(lock: str) -> tuple[str, ...]:
    """The locks whose packages are all installed once this one is: the test set is on top of the runtime set."""
    return ("runtime.txt", "test.txt") if lock == "test.txt" else (lock,)


def is_fresh(lock: str) -> bool:
    """Whether the environment was made by this Python from this very lock file."""
    return venv_python().exists() and stamp_is_ours() and read_stamps().get(lock) == digest(lock)


def usable() -> bool:
    """Whether there is an environment of the same Python whose pip starts."""
    if not venv_python().exists():
        return False
    asked = "import sys, pip; print(sys.implementation.cache_tag)"
    told = subprocess.run([str(venv_python()), "-c", asked], capture_output=True, text=True, check=False)
    return told.returncode == 0 and told.stdout.strip() == sys.implementation.cache_tag


def make_venv() -> None:
    """Create ``.venv`` anew. Raises Stop when the folder can't be written or pip can't be put in."""
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(words("failed", command=" ".join(command), output=last_lines(done.stdout + done.stderr)))


def install(lock: str) -> None:
    """Install a lock file: only what it names, only if the hash fits, built without fetching anything unlocked."""
    source = HERE / "requirements" / lock
    command = [str(venv_python()), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-build-isolation", "-r", str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stop(words("failed", command=" ".join(command), output=last_lines(done.stderr + done.stdout)))


def venv_python() -> Path:
    """The environment's interpreter."""
    return VENV / "Scripts" / "python.exe" if os.name == "nt" else VENV / "bin" / "python"


def this_python() -> str:
    """What the stamp remembers of the interpreter; a minor step (3.11 to 3.12) makes the environment stale."""
    return f"{sys.implementation.cache_tag} {platform.machine()}"


def stamp_is_ours() -> bool:
    """Whether the stamp was written by this Python."""
    return bool(read_stamp().get("python") == this_python())


def read_stamps() -> dict[str, str]:
    """Digest by lock file, of what was installed last."""
    locks = read_stamp().get("locks")
    return dict(locks) if isinstance(locks, dict) else {}


def read_stamp() -> dict[str, object]:
    """The stamp, {} when there is none or it can't be read."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


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
