"""Makes the program without Python: ``python3 bootstrap.py build [--installer]``.

``dist/casebook`` is a folder that starts on a computer without Python. Built is on the system it is to run on, by the
builder that ``builder.txt`` locks, from ``pyinstaller.spec``. On Linux what nothing packed asks for is taken out and
the libraries are stripped. ``--installer`` makes one file of the folder: an archive on Linux, an installer on Windows
(needs Inno Setup 6), an archive of the bundle on macOS. At the end it tells the size and the ten largest parts.
"""

from __future__ import annotations

import io
import os
import platform
import re
import shutil
import struct
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

import bootstrap  # noqa: E402 - the folder above is on the path only now
from db import VERSION  # noqa: E402
from requirements import icu  # noqa: E402

DRAWN = HOUSE / "build" / "drawn"
"""What is made for the builder: icons, the version resource, the guides."""

DIST = HOUSE / "dist"
SIDES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Sides of the program's icon in pixels: those Windows asks for at each scale of the screen."""

MB = 1024 * 1024
LOADED_PART = 1
"""PT_LOAD in the list of an ELF file's parts."""

LOADED = "libpython"
"""Asked for by the program itself, in words no tool can read."""


def main(arguments: list[str]) -> int:
    """Build; returns an exit code: 0 done, 2 wrong usage, 3 when a tool is missing or failed."""
    if arguments not in ([], ["--installer"]):
        print(bootstrap.words("usage"), file=sys.stderr)
        return bootstrap.USAGE
    draw_icons(DRAWN)
    bind_guides(DRAWN / "guide")
    take_release_key()
    (DRAWN / "version").write_text(VERSION, encoding="utf-8")
    (DRAWN / "version.txt").write_text(version_resource(VERSION), encoding="utf-8")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    done = subprocess.run([*command, str(HOUSE / "pyinstaller.spec")], cwd=HOUSE, check=False)
    if done.returncode:
        return bootstrap.TROUBLE
    folder = DIST / "casebook"
    if sys.platform.startswith("linux"):
        prune(folder)
        for tables in folder.rglob("libicudata.so.*"):
            if not tables.is_symlink():
                icu.shrink(tables)
        strip(folder)
        merge_twins(folder)
        add_installation(folder)
    print(told_sizes(folder))
    if arguments:
        return make_installer(folder)
    return 0


# --- what goes in --------------------------------------------------------------------------------------------


def draw_icons(folder: Path) -> None:
    """Draw the program's icon for Windows and macOS from the one drawing it has."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PIL import Image
    from PySide6.QtCore import QBuffer
    from PySide6.QtGui import QGuiApplication

    from ui.icons import draw

    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication.instance() or QGuiApplication([])
    pictures = []
    for side in (*SIDES, 512):
        buffer = QBuffer()
        draw("casebook", "", side).save(buffer, "PNG")
        pictures.append(Image.open(io.BytesIO(buffer.data().data())))
    del application
    *small, large = pictures
    small[-1].save(folder / "casebook.ico", sizes=[(side, side) for side in SIDES], append_images=small[:-1])
    large.save(
        folder / "casebook.icns", append_images=[picture for picture in small if picture.width in (32, 64, 128, 256)]
    )


def bind_guides(folder: Path) -> None:
    """Write the guides as the finished pages that the program carries."""
    from ui.guide.bound import files

    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def version_resource(version: str) -> str:
    """What Windows shows under *Details* of a program, in the builder's own notation."""
    numbers = tuple(int(part) for part in (re.findall(r"\d+", version) + ["0"] * 4)[:4])
    told = {
        "CompanyName": "Casebook",
        "FileDescription": "Casebook",
        "FileVersion": version,
        "InternalName": "casebook",
        "OriginalFilename": "casebook.exe",
        "ProductName": "Casebook",
        "ProductVersion": version,
    }
    strings = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in told.items())
    return (
        "VSVersionInfo(\n"
        f"  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0, OS=0x40004, fileType=1),\n"
        f"  kids=[StringFileInfo([StringTable('040904B0', [{strings}])]),\n"
        "        VarFileInfo([VarStruct('Translation', [1033, 1200])])],\n"
        ")\n"
    )


def take_release_key() -> None:
    """Give the program the public key of releases that ``CASEBOOK_RELEASE_PUBLIC`` names; without it, none."""
    (DRAWN / "release.pub").unlink(missing_ok=True)
    if named := os.environ.get("CASEBOOK_RELEASE_PUBLIC"):
        shutil.copyfile(named, DRAWN / "release.pub")


def add_installation(folder: Path) -> None:
    """Lay beside the program what puts it into a person's menu."""
    target = folder / "install.sh"
    shutil.copyfile(HOUSE / "resources" / "install" / "install.sh", target)
    target.chmod(0o755)


# --- what goes out again, on Linux ---------------------------------------------------------------------------


def libraries(folder: Path) -> dict[Path, set[str]]:
    """Every library and program under a folder, links apart, with the names of the libraries that it asks for."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and is_elf(path):
            told = subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True).stdout
            found[path] = set(re.findall(r"NEEDED\s+(\S+)", told))
    return found


def is_elf(path: Path) -> bool:
    """Whether a file is a program or library of Linux."""
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def is_library(path: Path) -> bool:
    """Whether a file is there only for others: a library beside the modules, no module, plugin or program."""
    beside = path.parent.name in ("_internal", "lib") or path.parent.name.endswith(".libs")
    return beside and path.name.startswith("lib") and not path.name.startswith(LOADED)


def prune(folder: Path) -> None:
    """Take out the libraries that nothing packed asks for: what plugins brought that were left out."""
    asks = libraries(folder)
    waiting = [path for path in asks if not is_library(path)]
    kept = set(waiting)
    while waiting:
        wanted = asks[waiting.pop()]
        fresh = [path for path in asks if path.name in wanted and path not in kept]
        kept.update(fresh)
        waiting += fresh
    for path in set(asks) - kept:
        path.unlink()
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()


def strip(folder: Path) -> None:
    """Take the symbols for debuggers out of every library. Those in use stay.

    Libraries to whose names their wheel added a mark (numpy, scipy) are damaged by some versions of strip, which move
    what is loaded off the edges of pages: such a library stays as it was.
    """
    for path in libraries(folder):
        if path.parent != folder:
            beside = path.with_name(path.name + ".stripped")
            subprocess.run(["strip", "--strip-unneeded", "-o", str(beside), str(path)], check=True)
            if can_be_loaded(beside.read_bytes()) and beside.stat().st_size < path.stat().st_size:
                beside.replace(path)
            beside.unlink(missing_ok=True)


def can_be_loaded(library: bytes) -> bool:
    """Whether each part of a 64-bit library of Linux lies in the file as the loader wants it: on the edge of a page."""
    table, size, count = *struct.unpack_from("<Q", library, 32), *struct.unpack_from("<HH", library, 54)
    for at in range(count):
        kind, _, offset, address, _, _, _, edge = struct.unpack_from("<IIQQQQQQ", library, table + at * size)
        if kind == LOADED_PART and (offset - address) % edge:
            return False
    return True


def merge_twins(folder: Path) -> None:
    """Where two libraries are the same to the byte, make a link of the second."""
    seen: dict[bytes, Path] = {}
    for path in libraries(folder):
        first = seen.setdefault(path.read_bytes(), path)
        if first != path:
            path.unlink()
            path.symlink_to(os.path.relpath(first, path.parent))


# --- what came of it -----------------------------------------------------------------------------------------


def parts(folder: Path) -> Counter[str]:
    """Bytes of each part of the program: of a package with its libraries, or of a single file."""
    sizes: Counter[str] = Counter()
    inside = folder / "_internal"
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            within = path.relative_to(inside if path.is_relative_to(inside) else folder)
            sizes[within.parts[0].removesuffix(".libs")] += path.stat().st_size
    return sizes


def told_sizes(folder: Path) -> str:
    """The size of the program and its ten largest parts, a line each."""
    sizes = parts(folder)
    lines = [f"{size / MB:8.1f} MB  {name}" for name, size in sizes.most_common(10)]
    return "\n".join([f"{folder}: {sum(sizes.values()) / MB:.1f} MB", *lines])


def make_installer(folder: Path) -> int:
    """Make one file of the program, for this system; returns an exit code."""
    name = f"casebook-{VERSION}-{platform.machine().lower()}"
    if sys.platform == "win32":
        compiler = shutil.which("iscc") or shutil.which("iscc", path=r"C:\Program Files (x86)\Inno Setup 6")
        if not compiler:
            print(bootstrap.words("inno"), file=sys.stderr)
            return bootstrap.TROUBLE
        script = HOUSE / "resources" / "install" / "casebook.iss"
        told = [f"/DVersion={VERSION}", f"/DProgram={folder}", f"/DIcon={DRAWN / 'casebook.ico'}"]
        return subprocess.run([compiler, *told, f"/O{DIST}", str(script)], check=False).returncode and bootstrap.TROUBLE
    if sys.platform == "darwin":
        packed = DIST / f"{name}.zip"
        command = ["ditto", "-c", "-k", "--keepParent", str(DIST / "Casebook.app"), str(packed)]
        return subprocess.run(command, check=False).returncode and bootstrap.TROUBLE
    packed = DIST / f"{name}-linux.tar.gz"
    with tarfile.open(packed, "w:gz", compresslevel=6) as archive:
        archive.add(folder, f"casebook-{VERSION}", filter=without_owner)
    print(packed)
    return 0


def without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """An entry of the archive that tells nothing of the computer it was made on."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
