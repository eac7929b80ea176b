"""The pages as they are kept in the repository, and how one is made anew.

    python -m tests.golden.store              every page, and what changed in each
    python -m tests.golden.store cohort-key   pages whose name begins so

Renewing writes the lines of each page and, where poppler is installed, its picture. Look at the pictures before they
are committed: what is kept is what the tests take for right.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter

from tests.golden.compare import differences
from tests.golden.dump import dump
from tests.golden.pages import PAGES, made_page

FOLDER = Path(__file__).parent
DOTS = 40
"""Dots per inch of the pictures: enough to see a missing glyph or line, too few for the ways of a renderer."""
BLOCK = 6
"""Side in dots of the squares whose mean grey is compared, about a letter."""
SHADES = 20
"""Of 255, by which the mean grey of a square may differ: twice what another renderer does, less than a word does."""
FINE = 4
"""Times as fine as it is kept a page is drawn, so that what a renderer does to single dots is evened out."""


def lines_of(name: str) -> list[str]:
    """A page as the program makes it now, in lines."""
    reader, at = made_page(name)
    return list(dump(reader.pages[at], reader))


def lines_path(name: str) -> Path:
    """Where the lines of a page are kept."""
    return FOLDER / "lines" / f"{name}.txt"


def picture_path(name: str) -> Path:
    """Where the picture of a page is kept."""
    return FOLDER / "pictures" / f"{name}.png"


def kept_lines(name: str) -> list[str]:
    """The lines that are kept of a page; none of a new one."""
    path = lines_path(name)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def can_draw() -> bool:
    """Whether poppler is here to draw pages."""
    return shutil.which("pdftoppm") is not None


def draw(reader: PdfReader, at: int, fine: int = FINE) -> Image.Image:
    """A page in grey, drawn so many times as fine as its picture is."""
    with tempfile.TemporaryDirectory() as place:
        pdf, png = Path(place, "page.pdf"), Path(place, "page")
        writer = PdfWriter()
        writer.add_page(reader.pages[at])
        writer.write(pdf)
        command = ["pdftoppm", "-singlefile", "-gray", "-png", "-r", str(DOTS * fine), str(pdf), str(png)]
        subprocess.run(command, check=True, capture_output=True)
        return Image.open(png.with_suffix(".png")).convert("L").reduce(fine)


def unlike(kept: Image.Image, now: Image.Image) -> list[tuple[int, int]]:
    """The squares (in points from the upper left corner) in which two pictures of a page differ."""
    if kept.size != now.size:
        return [(0, 0)]
    small = (-(-kept.width // BLOCK), -(-kept.height // BLOCK))
    apart = ImageChops.difference(*(each.resize(small, Image.Resampling.BOX) for each in (kept, now)))
    points = BLOCK * 72 // DOTS
    width, _ = small
    return [(at % width * points, at // width * points) for at, shade in enumerate(apart.tobytes()) if shade > SHADES]


def renew(begin: str = "") -> None:
    """Keep the pages whose names begin so as they are made now, and drop what no page is called any more."""
    for name in (name for name in PAGES if name.startswith(begin)):
        now = lines_of(name)
        told = differences(kept_lines(name), now)
        if told:
            print(name, *told, sep="\n  ")
            lines_path(name).parent.mkdir(exist_ok=True)
            lines_path(name).write_text("\n".join(now) + "\n", encoding="utf-8")
        if can_draw() and (told or not picture_path(name).exists()):
            picture_path(name).parent.mkdir(exist_ok=True)
            draw(*made_page(name)).save(picture_path(name), optimize=True)
    for path in (*FOLDER.glob("lines/*.txt"), *FOLDER.glob("pictures/*.png")):
        if path.stem not in PAGES:
            path.unlink()


if __name__ == "__main__":
    renew(*sys.argv[1:2])
