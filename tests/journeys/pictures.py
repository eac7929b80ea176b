"""The pictures of the guides, taken on a walk through the demonstration by keys.

    python -m tests.journeys.pictures [FOLDER]

writes ``docs/pictures/en`` and ``docs/pictures/zh`` anew: each picture with, in ``texts.json``, its size and what is
read in it. A test takes the walk again and compares sizes and texts, not colours. Pages of reports are drawn by
``pdftoppm`` (poppler-utils); where it is missing, those two pictures stay as they are.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

from PIL import Image
from PySide6.QtWidgets import QApplication

from db.clock import Stepping, clock_of
from tests.journeys.aside import Aside
from tests.journeys.camera import Camera
from tests.journeys.desk import Desk
from tests.journeys.hands import Hands
from ui.commands.demo_store import PASSPHRASE, build

STUDY = "ankl"
ZONE = "Asia/Shanghai"
"""Where the site of the demonstration is: times are shown in the computer's zone."""
HALF_PAST_TWO = datetime(2025, 7, 25, 14, 30, tzinfo=timezone(timedelta(hours=8)))
STORE = "S01.casebook"
PLACES = {"en": ("Trials", "Backup stick"), "zh": ("临床试验", "备份U盘")}
"""Folders that stand in pictures: the store's and that of its copies."""
LANGUAGES = tuple(PLACES)
EVENT = {"en": "numb fingers in the cold", "zh": "遇冷手麻"}
TERM = {"en": "paresth", "zh": "感觉"}
QUESTION = {
    "en": "Platelets 16: was the sample clotted? Please check the slip.",
    "zh": "血小板16：标本是否有凝块？请核对化验单。",
}
PAGE = (910, 1287)
"""Pixels of a page of A4."""
OUT = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def make_demonstration(folder: Path) -> Path:
    """The store of the demonstration; building it takes half a minute, so one serves every language."""
    return build(folder / STORE, STUDY)


@contextlib.contextmanager
def at_the_site(folder: Path) -> Iterator[None]:
    """In the site's zone and in a folder from which the store's place is short enough to be read."""
    zone, here, flash = os.environ.get("TZ"), Path.cwd(), QApplication.cursorFlashTime()
    os.environ["TZ"] = ZONE
    time.tzset()
    os.chdir(folder)
    QApplication.setCursorFlashTime(0)
    try:
        yield
    finally:
        QApplication.setCursorFlashTime(flash)
        os.chdir(here)
        os.environ.pop("TZ")
        if zone is not None:
            os.environ["TZ"] = zone
        time.tzset()


def walk(desk: Desk, built: Path, language: str, out: Path) -> Camera:
    """Take every picture in a language; returns the camera, which has written them."""
    store, backups = (Path(name) for name in PLACES[language])
    store.mkdir()
    backups.mkdir()
    shutil.copytree(built, store / STORE)
    desk.clock = lambda: clock_of(Stepping(HALF_PAST_TWO, timedelta()))
    camera = Camera(out / language, Path.cwd())
    _at_the_door(desk, camera, store / STORE, language)
    _as_the_nurse(desk, camera, store / STORE, language)
    _as_the_monitor(desk, camera, store / STORE, language)
    _as_the_leader(desk, camera, store / STORE, backups, language)
    _in_the_dark(desk, camera, store / STORE, language)
    _pages(desk, camera, store / STORE, language)
    camera.finish()
    return camera


def _sit(desk: Desk, user: str, store: Path, language: str, *, dark: bool = False) -> Hands:
    return desk.sit_down(user, store, language, dark=dark, phrase=PASSPHRASE)


def _at_the_door(desk: Desk, camera: Camera, store: Path, language: str) -> None:
    hands = desk.window(language)
    camera.take(hands, "first_steps")
    desk.aside.ask(lambda: hands.window.show_sign_in(str(store), "lin"))
    hands.sees(hands.say("ui.sign_in.enter"))
    camera.take(hands, "sign_in")
    desk.put_away(hands)


def _as_the_nurse(desk: Desk, camera: Camera, store: Path, language: str) -> None:
    nurse = _sit(desk, "lin", store, language)
    camera.take(nurse, "today")
    nurse.press("Ctrl+2")
    camera.take(nurse, "subjects")
    nurse.press("Ctrl+N")
    camera.take(nurse, "enrol")
    nurse.press("Escape").open_subject("S01-006")
    camera.take(nurse, "schedule")
    _type_chemistry(nurse)
    camera.take(nurse, "form_entry")
    nurse.press("F7").sees(nurse.say("ui_form.working.version"))
    camera.take(nurse, "grade_why")
    nurse.press("Escape").fill("CHEM", {"BILDIR": "51.0"}).press("Ctrl+Return")
    camera.take(nurse, "form_message")
    nurse.press("Escape").push("AE").press("Ctrl+N")
    nurse.fill("AE", {"AETERM": EVENT[language]}).go_to("AE.AEDECOD").type(TERM[language])
    nurse.until(lambda: QApplication.activePopupWidget() is not None, "terms to be offered")
    camera.take(nurse, "adverse_event")
    nurse.press("Down", "Return").open_subject("S01-001").open_form("HEM", "C_D8").go_to("HEM.PLT").press("F9")
    camera.take(nurse, "history")
    nurse.press("Escape")
    desk.put_away(nurse)


def _type_chemistry(nurse: Hands) -> None:
    """The morning's slip of the subject whose visit is today, as far as the liver."""
    nurse.open_subject("S01-007").open_form("CHEM", "C_D8")
    nurse.fill("CHEM", {"LBPERF": "y", "LBDAT": "2025-07-25", "LBTIM": "08:10", "LBNAM": "1", "LBFAST": "y"})
    nurse.fill("CHEM", {"ALT": "236", "AST": "712", "ALP": "224", "GGT": "240", "BILI": "42.6"})
    nurse.go_to("CHEM.AST", "Shift+Tab")


def _as_the_monitor(desk: Desk, camera: Camera, store: Path, language: str) -> None:
    monitor = _sit(desk, "hu", store, language)
    monitor.press("Ctrl+3")
    camera.take(monitor, "queries")
    monitor.open_subject("S01-006").open_form("HEM", "C_D8").go_to("HEM.PLT").press("F4").type(QUESTION[language])
    camera.take(monitor, "query")
    monitor.press("Escape")
    desk.put_away(monitor)


def _as_the_leader(desk: Desk, camera: Camera, store: Path, backups: Path, language: str) -> None:
    desk.places = {store.absolute(): str(backups)}
    leader = _sit(desk, "demo", store, language)
    leader.press("Ctrl+4")
    camera.take(leader, "reports")
    leader.press("Ctrl+5")
    camera.take(leader, "study_page")
    leader.press("Ctrl+9")
    camera.take(leader, "administration")
    leader.press("Ctrl+Tab", "Ctrl+Tab").sees(".casebook")
    camera.take(leader, "backup")
    desk.put_away(leader)


def _in_the_dark(desk: Desk, camera: Camera, store: Path, language: str) -> None:
    nurse = _sit(desk, "lin", store, language, dark=True)
    nurse.open_subject("S01-007")
    camera.take(nurse, "schedule_dark")
    desk.put_away(nurse)


def _pages(desk: Desk, camera: Camera, store: Path, language: str) -> None:
    """The first page of a casebook and the second of the cohort report, as they are printed."""
    from db.opening.vault import open_store
    from reports.registry import REPORTS

    book = desk.aside.ask(lambda: open_store(store, user="demo", passphrase=PASSPHRASE, clock=desk.clock()))
    dataset = desk.aside.ask(lambda: book.dataset(today=desk.clock().today()))
    desk.aside.ask(book.close)
    for name, report, subject, page in (("casebook_page", "casebook", "S01-007", 1), ("cohort_page", "cohort", "", 3)):
        pdf = REPORTS[report].render(dataset, language, subject)
        camera.keep(name, page_of(pdf, page), texts_of(pdf, page), PAGE)


def page_of(pdf: bytes, page: int) -> Image.Image | None:
    """A page as a picture; None where ``pdftoppm`` is missing."""
    if shutil.which("pdftoppm") is None:
        return None
    told = [
        "pdftoppm",
        "-png",
        "-f",
        str(page),
        "-l",
        str(page),
        "-scale-to-x",
        str(PAGE[0]),
        "-scale-to-y",
        str(PAGE[1]),
    ]
    done = subprocess.run([*told, "-"], input=pdf, capture_output=True, check=True, timeout=60)
    return Image.open(io.BytesIO(done.stdout))


def texts_of(pdf: bytes, page: int) -> list[str]:
    """What is read on a page, a line each."""
    from pypdf import PdfReader

    return PdfReader(io.BytesIO(pdf)).pages[page - 1].extract_text().splitlines()


def main(out: Path) -> None:
    """Take all pictures."""
    from ui.window.app import start

    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # a picture must not depend on the screen it was taken at
    start([])
    aside = Aside()
    with tempfile.TemporaryDirectory(prefix="casebook-pictures-") as work:
        built = Path(os.environ.get("CASEBOOK_BUILT") or make_demonstration(Path(work)))
        for language in LANGUAGES:
            folder = Path(work) / language
            folder.mkdir()
            desk = Desk(folder, aside)
            with at_the_site(folder):
                aside.walk(lambda desk=desk, language=language: walk(desk, built, language, out))
                desk.clear()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else OUT)
