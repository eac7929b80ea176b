"""A display of its own for a test: Xvfb, whose picture can be looked at and whose keyboard can be typed on."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy
import pytest

CARET = 2000
"""Bytes in which two pictures may differ and still show the same: a blinking text cursor."""


class Display(NamedTuple):
    """A display: its name for programs, and the file that holds what it shows."""

    name: str
    picture: Path

    def look(self) -> numpy.ndarray:
        """What is shown now."""
        return numpy.frombuffer(self.picture.read_bytes(), dtype=numpy.uint8)

    def still(self, before: numpy.ndarray, seconds: float = 90) -> None:
        """Wait until something else is shown than before, and no longer changes."""
        until, last = time.monotonic() + seconds, before
        while time.monotonic() < until:
            time.sleep(0.7)
            now = self.look()
            if apart(now, before) > CARET and apart(now, last) <= CARET:
                return
            last = now
        raise AssertionError("nothing new was shown")

    def press(self, *words: str) -> None:
        """Use the keyboard: words of xdotool."""
        subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": self.name}, check=True, timeout=60)

    def do(self, *words: str) -> None:
        """Use the keyboard and wait for what comes of it."""
        before = self.look()
        self.press(*words)
        self.still(before)


def apart(one: numpy.ndarray, other: numpy.ndarray) -> int:
    """In how many bytes two pictures differ."""
    return int(numpy.count_nonzero(one != other))


@contextmanager
def new_display(folder: Path, wide: int, high: int) -> Iterator[Display]:
    """A display that nothing is shown on yet, under a free number; without Xvfb the test is skipped."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    told = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{wide}x{high}x24", "-nolisten", "tcp"]
    server = subprocess.Popen(
        [*told, "-fbdir", str(folder)], pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(writing)
    with os.fdopen(reading) as number:
        name = f":{number.readline().strip()}"
    try:
        yield Display(name, folder / "Xvfb_screen0")
    finally:
        server.terminate()
        server.wait(10)
