"""Makes the tables of ICU small, which Qt loads at its start on Linux; English, Chinese and no language are kept.

Qt's own library of tables weighs 32 MB, most of it names of languages, currencies and towns in some 800 locales. Qt
takes from it only sorting, letter case and old encodings; how dates and numbers are written Qt knows by itself. The
tables are one package (format ``CmnD`` of ICU, ``ucmndata.h``): a header, a list of names with where each begins, then
their bytes. Left out is by name; what a table lacks ICU takes from ``root``, which is kept.

Needs readelf, objcopy and ld of binutils.
"""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

MAGIC = b"\xda\x27"
ALIGNED = 16
"""Bytes to whose multiples a table is laid."""

LANGUAGES = ("en", "zh")
NAMED = re.compile(r"(?:(?P<room>[a-z]+)/)?(?P<language>[a-z]{2,3})(?:_\w+)?\.(?:res|brk)")
"""A table of one locale, at the top or in a room such as ``coll`` or ``curr``."""

ROOMS_OUT = ("translit", "rbnf", "unit")
"""Changing one script into another, numbers in words, names of units: nothing of Qt asks for them."""

ENCODINGS = re.compile(r"gb|windows-9|iso-|ibm-(1383|1386|5348)")


def is_kept(name: str) -> bool:
    """Whether a table of the package stays; ``name`` without that of the package, as ``coll/zh.res``."""
    if name.partition("/")[0] in ROOMS_OUT:
        return False
    if name.endswith(".cnv"):
        return bool(ENCODINGS.match(name))
    if name.endswith(".dict"):
        return name.endswith("cjdict.dict")
    locale = NAMED.fullmatch(name)
    return locale is None or locale["language"] in LANGUAGES


def reduced(package: bytes, keeps: Callable[[str], bool] = is_kept) -> bytes:
    """A package of ICU with only the tables whose name is kept. Raises ValueError where it is no such package."""
    begin = struct.unpack_from("<H", package)[0]
    if package[2:4] != MAGIC or package[12:16] != b"CmnD":
        raise ValueError("not a package of ICU tables")
    (count,) = struct.unpack_from("<I", package, begin)
    places = [struct.unpack_from("<II", package, begin + 4 + 8 * at) for at in range(count)]
    ends = [place for _, place in places[1:]] + [len(package) - begin]
    tables = []
    for (named, place), end in zip(places, ends, strict=True):
        name = package[begin + named : package.index(b"\0", begin + named)]
        if keeps(name.decode("ascii").partition("/")[2]):
            tables.append((name + b"\0", package[begin + place : begin + end]))
    at_name = 4 + 8 * len(tables)
    at_table = _aligned(at_name + sum(len(name) for name, _ in tables))
    listed, names, bodies = [struct.pack("<I", len(tables))], b"", b""
    for name, table in tables:
        listed.append(struct.pack("<II", at_name + len(names), at_table + len(bodies)))
        names += name
        bodies += table + bytes(_aligned(len(table)) - len(table))
    head = b"".join([*listed, names])
    return package[:begin] + head + bytes(at_table - len(head)) + bodies


def _aligned(size: int) -> int:
    return -(-size // ALIGNED) * ALIGNED


def shrink(library: Path) -> None:
    """Put a library with the kept tables in the place of ICU's own. Raises CalledProcessError when a tool fails."""
    told = _said("readelf", "-W", "--dyn-syms", "-d", str(library))
    symbol = re.search(r"([0-9a-f]{16})\s+(\w+)\s+OBJECT\s+GLOBAL\s+DEFAULT\s+\d+\s+(icudt\w+_dat)", told)
    so_name = re.search(r"\(SONAME\).*\[(.+)\]", told)
    if symbol is None or so_name is None:
        raise ValueError(f"{library}: no tables of ICU")
    start = _offset(library, int(symbol[1], 16))
    kept = reduced(library.read_bytes()[start : start + int(symbol[2], 0)])
    with tempfile.TemporaryDirectory() as beside:
        tables, made = Path(beside) / "tables", Path(beside) / "made.so"
        tables.write_bytes(kept)
        begin = "_binary_tables"
        names = [f"--redefine-sym={begin}_start={symbol[3]}", f"--strip-symbol={begin}_end"]
        names += [f"--strip-symbol={begin}_size", "--rename-section=.data=.rodata,alloc,load,readonly,data,contents"]
        form = ["-I", "binary", "-O", _form(library), "--set-section-alignment", f".rodata={ALIGNED}"]
        subprocess.run(["objcopy", *form, *names, "tables", "tables.o"], cwd=beside, check=True)
        _said("ld", "-shared", "-z", "noexecstack", "-soname", so_name[1], "-o", str(made), f"{tables}.o")
        library.write_bytes(made.read_bytes())


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def _offset(library: Path, address: int) -> int:
    """Where in the file a loaded address stands."""
    for found in re.finditer(r"LOAD\s+0x(\w+)\s+0x(\w+)\s+0x\w+\s+0x(\w+)", _said("readelf", "-lW", str(library))):
        offset, begin, size = (int(each, 16) for each in found.groups())
        if begin <= address < begin + size:
            return offset + address - begin
    raise ValueError(f"{library}: nothing is loaded at {address:#x}")


def _form(library: Path) -> str:
    """The name of a library's format, as objcopy knows it."""
    found = re.search(r"file format (\S+)", _said("objdump", "-f", str(library)))
    assert found is not None
    return found[1]
