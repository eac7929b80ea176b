"""A page of a PDF as lines of text, the same for every build that draws the same page.

One line for each piece in the order in which it is drawn: what it is, where its points lie (PDF points from the lower
left corner, to a tenth), colour, and the words with font and size. What a build may do otherwise without a reader
seeing it is left out: how characters are spread over the parts of a font, and how a drawing is nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream, TextStringObject

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
SAME: Matrix = (1, 0, 0, 1, 0, 0)
PAINTS = {"S": "line", "s": "line", "f": "fill", "f*": "fill", "B": "shape", "B*": "shape", "b": "shape", "b*": "shape"}


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does one after the other."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def placed(at: Point, by: Matrix) -> Point:
    """A point where a matrix puts it."""
    x, y = at
    return x * by[0] + y * by[2] + by[4], x * by[1] + y * by[3] + by[5]


@dataclass(frozen=True)
class Letters:
    """A font of a page: its name without the mark of the part, what each code means, and how wide it is."""

    name: str
    signs: dict[int, str]
    widths: dict[int, float]

    def read(self, codes: bytes) -> str:
        """The words that codes stand for."""
        return "".join(self.signs.get(code, "\ufffd") for code in codes)

    def width(self, codes: bytes) -> float:
        """How far codes reach, in sizes of the font."""
        return sum(self.widths.get(code, 0) for code in codes) / 1000


def letters(font: Any) -> Letters:
    """A font as it stands in the resources of a page."""
    name = str(font["/BaseFont"]).rpartition("+")[2].lstrip("/")
    signs = {code: chr(code) for code in range(32, 127)}
    if "/ToUnicode" in font:
        told = font["/ToUnicode"].get_object().get_data().decode("ascii")
        for code, sign in re.findall(r"<([0-9A-F]{2})> <([0-9A-F]{4,8})>", told):
            signs[int(code, 16)] = bytes.fromhex(sign).decode("utf-16-be")
    first = int(font.get("/FirstChar", 0))
    widths = {first + at: float(width) for at, width in enumerate(font.get("/Widths", ()))}
    return Letters(name, signs, widths)


@dataclass(frozen=True)
class Look:
    """What ``q`` keeps and ``Q`` gives back."""

    by: Matrix = SAME
    fill: str = "#000000"
    stroke: str = "#000000"
    width: float = 1
    dashed: bool = False
    font: Letters | None = None
    size: float = 0


def colour(parts: list[Any]) -> str:
    """Grey, RGB or CMYK as #rrggbb."""
    numbers = [float(part) for part in parts]
    if len(numbers) == 1:
        numbers *= 3
    if len(numbers) == 4:
        numbers = [(1 - part) * (1 - numbers[3]) for part in numbers[:3]]
    return "#" + "".join(f"{round(part * 255):02x}" for part in numbers)


def tenths(*numbers: float) -> str:
    """Numbers to a tenth, none of them "-0"."""
    return " ".join(f"{round(number, 1) + 0:g}" for number in numbers)


class Walk:
    """A walk through what is drawn on a page. ``pieces`` are the lines."""

    def __init__(self, reader: PdfReader) -> None:
        self.reader = reader
        self.pieces: list[str] = []
        self.look = Look()
        self.kept: list[Look] = []
        self.path: list[Point] = []
        self.bent = False
        self.line: Matrix = SAME
        self.leading = 0.0
        self.reached = 0.0
        self.said: list[tuple[str, float, float, str, str]] = []

    def draw(self, content: Any, resources: Any) -> None:
        """Go through a page, or a drawing inside one."""
        fonts = {name: letters(font.get_object()) for name, font in resources.get("/Font", {}).items()}
        for operands, operator in ContentStream(content, self.reader).operations:
            self.step(operator.decode("ascii"), operands, resources, fonts)
        self.flush()

    def step(self, what: str, told: list[Any], resources: Any, fonts: dict[str, Letters]) -> None:
        """One operator."""
        if what in ("Tj", "TJ", "'", "Tf", "Td", "TD", "Tm", "T*", "TL", "BT", "ET"):
            self.text(what, told, fonts)
        elif what in ("m", "l", "c", "v", "y", "re", "h", "n", *PAINTS):
            self.shape(what, [float(each) for each in told])
        elif what == "Do":
            self.inner(resources["/XObject"][told[0]].get_object(), resources)
        else:
            self.state(what, told)

    def state(self, what: str, told: list[Any]) -> None:
        """What changes how the following is drawn."""
        if what == "q":
            self.kept.append(self.look)
        elif what == "Q":
            self.look = self.kept.pop()
        elif what == "cm":
            self.look = replace(self.look, by=times(tuple(map(float, told)), self.look.by))
        elif what in ("rg", "g", "k"):
            self.look = replace(self.look, fill=colour(told))
        elif what in ("RG", "G", "K"):
            self.look = replace(self.look, stroke=colour(told))
        elif what == "w":
            self.look = replace(self.look, width=float(told[0]))
        elif what == "d":
            self.look = replace(self.look, dashed=bool(told[0]))

    def inner(self, drawing: Any, outside: Any) -> None:
        """A picture, or a drawing kept apart (the number of all pages, known at the end)."""
        self.flush()
        if drawing["/Subtype"] == "/Image":
            corners = [placed(corner, self.look.by) for corner in ((0, 0), (1, 1))]
            self.pieces.append(f"image {tenths(*corners[0], *corners[1])}")
            return
        before, self.look = self.look, self.look
        if "/Matrix" in drawing:
            self.look = replace(self.look, by=times(tuple(map(float, drawing["/Matrix"])), self.look.by))
        self.draw(drawing, drawing.get("/Resources", outside))
        self.look = before

    def text(self, what: str, told: list[Any], fonts: dict[str, Letters]) -> None:
        """Words and where they begin."""
        if what == "Tf":
            self.look = replace(self.look, font=fonts[told[0]], size=float(told[1]))
        elif what == "TL":
            self.leading = float(told[0])
        elif what in ("BT", "ET", "Tm", "Td", "TD", "T*"):
            self.reached = 0.0
            if what == "TD":
                self.leading = -float(told[1])
            if what in ("BT", "Tm"):
                self.line = tuple(map(float, told)) if told else SAME
            elif what != "ET":
                by = (0.0, -self.leading) if what == "T*" else (float(told[0]), float(told[1]))
                self.line = times((1, 0, 0, 1, *by), self.line)
        else:
            if what == "'":
                self.text("T*", [], fonts)
            for part in told[0] if what == "TJ" else told:
                self.say(part)

    def say(self, part: Any) -> None:
        """Words, or how far the next ones stand apart."""
        look = self.look
        assert look.font is not None
        if not isinstance(part, TextStringObject | bytes):
            self.reached -= float(part) / 1000 * look.size
            return
        codes = part.original_bytes if isinstance(part, TextStringObject) else bytes(part)
        x, y = placed((self.reached, 0), times(self.line, look.by))
        if words := look.font.read(codes):
            self.said.append((words, x, y, f"{look.font.name} {look.size:g} {look.fill}", ""))
            self.reached += look.font.width(codes) * look.size
            self.join()

    def join(self) -> None:
        """Words that go on where the last ones ended, in the same letters, are one piece; other ones begin a new."""
        if len(self.said) > 1:
            *_, (before, x, y, letters_before, _), (words, at, base, letters_now, _) = self.said
            on = abs(at - getattr(self, "end", at + 9)) < 0.05 and abs(base - y) < 0.05
            if on and letters_before == letters_now:
                self.said[-2:] = [(before + words, x, y, letters_now, "")]
        self.end = placed((self.reached, 0), times(self.line, self.look.by))[0]

    def flush(self) -> None:
        """Write down the words said since."""
        for words, x, y, how, _ in self.said:
            if words.strip():
                self.pieces.append(f"text {tenths(x, y)} {how} {words}")
        self.said = []

    def shape(self, what: str, told: list[float]) -> None:
        """Lines and areas."""
        if what == "re":
            x, y, width, height = told
            self.path += [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        elif what in ("m", "l", "c", "v", "y"):
            self.bent = self.bent or what in "cvy"
            self.path += list(zip(told[::2], told[1::2], strict=True))
        elif what in PAINTS and self.path:
            self.flush()
            self.paint(PAINTS[what])
        if what == "n" or what in PAINTS:
            self.path, self.bent = [], False

    def paint(self, kind: str) -> None:
        """Write down a path. Of one with curves stands the box around it and how many points it has."""
        points = [placed(point, self.look.by) for point in self.path]
        stroke = f"{self.look.stroke} {self.look.width:g}{' dashed' if self.look.dashed else ''}"
        how = {"line": stroke, "fill": self.look.fill, "shape": f"{self.look.fill} in {stroke}"}[kind]
        if self.bent:
            x, y = zip(*points, strict=True)
            self.pieces.append(f"round {tenths(min(x), min(y), max(x), max(y))} {kind} of {len(points)} {how}")
        else:
            self.pieces.append(f"{kind} {tenths(*(each for point in points for each in point))} {how}")


def dump(page: PageObject, reader: PdfReader) -> Iterator[str]:
    """The lines of a page; its size comes first."""
    walk = Walk(reader)
    walk.draw(page.get_contents(), page["/Resources"])
    yield f"page {tenths(float(page.mediabox.width), float(page.mediabox.height))}"
    yield from walk.pieces
