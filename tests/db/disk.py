"""A disk for the tests: records what a program writes and flushes, fails when told to, and is cut off at any moment.

`SHIM` is put before the C library (Linux). Recording, it notes each write, truncation, flush, rename and removal under
one folder, in order. `after_cut` makes of such a record what a power cut may leave: all that was flushed, and of the
rest any part, the last sectors of a write missing.
"""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECTOR = 512

needs_shim = pytest.mark.skipif(
    shutil.which("gcc") is None or sys.platform != "linux", reason="needs a compiler for the shim"
)

SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int recording(void) {
  static int fd = -2;
  if (fd == -2) {
    const char *path = getenv("DISK_RECORD");
    fd = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  }
  return fd;
}

static int under(const char *path) {
  const char *folder = getenv("DISK_UNDER");
  return folder && strncmp(path, folder, strlen(folder)) == 0;
}

static int path_of(int fd, char *path) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, PATH_MAX - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  char *gone = strstr(path, " (deleted)");
  return !gone && under(path);
}

static void note(char op, const char *path, const char *other, int64_t offset, const void *data, uint32_t length) {
  int saved = errno, fd = recording();
  if (fd < 0) return;
  uint16_t one = (uint16_t)strlen(path), two = other ? (uint16_t)strlen(other) : 0;
  char head[17];
  head[0] = op;
  memcpy(head + 1, &one, 2); memcpy(head + 3, &two, 2); memcpy(head + 5, &offset, 8); memcpy(head + 13, &length, 4);
  struct iovec parts[4] = {{head, 17}, {(void *)path, one}, {(void *)(other ? other : ""), two},
                           {(void *)data, length}};
  syscall(SYS_writev, fd, parts, 4);
  errno = saved;
}

/* The DISK_FAIL-th call of a kind (W: writes, S: flushes) fails, and all after it while DISK_FAILING is there. */
static int fails(char kind, int fd) {
  static long seen = 0;
  const char *told = getenv("DISK_FAIL"), *held = getenv("DISK_FAILING");
  char path[PATH_MAX];
  if (!told || !held || told[0] != kind || access(held, F_OK) != 0 || !path_of(fd, path)) return 0;
  if (++seen < atol(told + 2)) return 0;
  errno = told[1] == 'N' ? ENOSPC : EIO;
  return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define PWRITE(name, type) \
  ssize_t name(int fd, const void *data, size_t length, type offset) { \
    char path[PATH_MAX]; REAL(name); \
    if (fails('W', fd)) return -1; \
    ssize_t done = real(fd, data, length, offset); \
    if (done > 0 && recording() >= 0 && path_of(fd, path)) note('w', path, 0, offset, data, (uint32_t)done); \
    return done; }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
  char path[PATH_MAX]; REAL(write);
  if (fails('W', fd)) return -1;
  ssize_t done = real(fd, data, length);
  if (done > 0 && recording() >= 0 && path_of(fd, path))
    note('w', path, 0, lseek(fd, 0, SEEK_CUR) - done, data, (uint32_t)done);
  return done;
}

#define TRUNCATE(name, type) \
  int name(int fd, type length) { \
    char path[PATH_MAX]; REAL(name); int done = real(fd, length); \
    if (!done && recording() >= 0 && path_of(fd, path)) note('t', path, 0, length, "", 0); \
    return done; }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name) \
  int name(int fd) { \
    char path[PATH_MAX]; REAL(name); \
    if (fails('S', fd)) return -1; \
    int done = real(fd); \
    if (!done && recording() >= 0 && path_of(fd, path)) note('s', path, 0, 0, "", 0); \
    return done; }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  char whole[PATH_MAX]; REAL(unlink);
  int known = recording() >= 0 && realpath(path, whole) && under(whole);
  int done = real(path);
  if (!done && known) note('u', whole, 0, 0, "", 0);
  return done;
}

int rename(const char *from, const char *to) {
  char whole[PATH_MAX], there[PATH_MAX]; REAL(rename);
  int known = recording() >= 0 && realpath(from, whole) && under(whole);
  int done = real(from, to);
  if (!done && known && realpath(to, there)) note('r', whole, there, 0, "", 0);
  return done;
}
"""


def build_shim(folder: Path) -> Path:
    """Compile the shim into a folder."""
    source, library = folder / "disk.c", folder / "disk.so"
    source.write_text(SHIM, encoding="utf-8")
    subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"], check=True)
    return library


def run_on(library: Path | None, script: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a program on the disk of the shim, or without one."""
    return subprocess.run(
        [sys.executable, "-c", f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{script}", *words],
        env={**os.environ, **({"LD_PRELOAD": str(library)} if library else {}), **settings},
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Op:
    """One thing a program did with a file: w write, t truncate, s flush, u remove, r rename."""

    kind: str
    path: str
    other: str
    offset: int
    data: bytes


def read_record(path: Path) -> list[Op]:
    """The record of a run, in order."""
    return list(_read(path.read_bytes()))


def _read(content: bytes) -> Iterator[Op]:
    head, at = struct.Struct("=cHHqI"), 0
    while at < len(content):
        kind, one, two, offset, length = head.unpack_from(content, at)
        at += head.size
        path, other = content[at : at + one], content[at + one : at + one + two]
        at += one + two
        yield Op(kind.decode(), path.decode(), other.decode(), offset, content[at : at + length])
        at += length


@dataclass(slots=True, eq=False)
class Node:
    """A file whatever its name: what is on the disk for sure, and what was written since the last flush."""

    content: bytearray = field(default_factory=bytearray)
    loose: list[Op] = field(default_factory=list)

    def write(self, op: Op, length: int) -> None:
        """Put the first ``length`` bytes of a write, or a truncation, onto the disk."""
        if op.kind == "t":
            del self.content[op.offset :]
            self.content.extend(bytes(op.offset - len(self.content)))
            return
        self.content.extend(bytes(max(0, op.offset - len(self.content))))
        self.content[op.offset : op.offset + length] = op.data[:length]

    def flush(self) -> None:
        """Everything written so far is there for sure."""
        for op in self.loose:
            self.write(op, len(op.data))
        self.loose = []


@dataclass(slots=True)
class Disk:
    """Names as the program sees them (``now``) and as they are for sure, with the changes in between."""

    sure: dict[str, Node]
    now: dict[str, Node]
    names: list[tuple[Op, Node]] = field(default_factory=list)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Disk:
        """A disk on which these files are for sure."""
        nodes = {path: Node(bytearray(content)) for path, content in files.items()}
        return cls(dict(nodes), dict(nodes))

    def do(self, op: Op) -> None:
        """Follow what the program did."""
        if op.kind in "wt":
            if op.path not in self.now:
                self.now[op.path] = Node()
                self.names.append((Op("c", op.path, "", 0, b""), self.now[op.path]))
            self.now[op.path].loose.append(op)
        elif op.kind in "ur":
            node = self.now.pop(op.path, Node())
            self.names.append((op, node))
            if op.kind == "r":
                self.now[op.other] = node
        elif op.path in self.now:
            self.now[op.path].flush()
            self._settle(op.path)
        else:
            self._settle("")

    def cut(self, chance: random.Random) -> Mapping[str, bytes]:
        """What is found after the power was cut just now."""
        for op, node in self.names[: chance.randint(0, len(self.names))]:
            self._name(op, node)
        for node in {id(node): node for node in self.sure.values()}.values():
            for op in node.loose:
                if chance.random() < 0.5:
                    whole = len(op.data)
                    torn = whole and chance.random() < 0.3
                    node.write(op, chance.randrange(0, whole + 1, SECTOR) if torn else whole)
        return {path: bytes(node.content) for path, node in self.sure.items()}

    def _settle(self, path: str) -> None:
        """Names up to the last change of ``path`` ("" = all) are there for sure: a flushed file has its name."""
        last = max((at for at, (op, _) in enumerate(self.names, 1) if path in ("", op.path, op.other)), default=0)
        for op, node in self.names[:last]:
            self._name(op, node)
        del self.names[:last]

    def _name(self, op: Op, node: Node) -> None:
        if op.kind != "c":
            self.sure.pop(op.path, None)
        if op.kind != "u":
            self.sure[op.other or op.path] = node


def after_cut(before: Mapping[str, bytes], record: list[Op], moment: int, chance: random.Random) -> Mapping[str, bytes]:
    """Files by path after a power cut behind the first ``moment`` operations of a record."""
    disk = Disk.of(before)
    for op in record[:moment]:
        disk.do(op)
    return disk.cut(chance)
