"""The demonstration: a study with patients in every state, to look around in or to be written out without a display."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from argparse import Namespace
from datetime import date
from pathlib import Path

from db.folder.paths import make_folder
from forms.errors import Refusal
from forms.progress import Tick
from resources import folder
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.demo_store import PASSPHRASE, USER, build, read_plan, studies
from ui.commands.files import write_file
from ui.commands.opening import TODAY


def demonstrate(options: Namespace, console: Console) -> int:
    """Open the demonstration store in the window, or write its reports and data with ``--headless``."""
    from ui.commands.window import has_display, show

    if options.study not in studies():
        raise Refusal("commands.demo.unknown", study=options.study, studies=", ".join(studies()))
    tick = console.ticker(console.words("commands.building"))
    if options.headless is not None:
        return write_out(options, console, tick)
    if not has_display():
        raise Refusal("commands.no_display")
    place = own_folder()
    if options.fresh:
        shutil.rmtree(place, ignore_errors=True)
    store, today = build_store(place, language=console.language, tick=tick, study=options.study)
    console.say("commands.demo.ready", path=store, today=today)
    os.environ[TODAY] = today
    return show(options, store, USER, PASSPHRASE)


def build_store(
    place: Path, *, language: str = "en", tick: Tick | None = None, study: str = "ankl"
) -> tuple[Path, str]:
    """The demonstration store in a folder, made when it isn't there; its path and the day its clock shows.

    Its name carries a mark of what it is made of, so a changed definition or program gets a store of its own. It comes
    under that name only when it is whole. Raises Trouble as `db.opening.vault.create_store` does.
    """
    today = str(read_plan(study)["today"])
    path = place / f"{study}-demonstration-{mark(study)}.casebook"
    if not path.exists():
        make_folder(place)
        with tempfile.TemporaryDirectory(dir=place, prefix=".building-") as part:
            os.replace(build(Path(part) / path.name, study, tick), path)
    return path, today


def mark(study: str) -> str:
    """Twelve hex digits of everything a demonstration store is made of."""
    from db import VERSION
    from db.ledger.schema import CURRENT

    digest = hashlib.sha256(f"{VERSION} {CURRENT}".encode())
    for source in sorted(folder("studies", study).rglob("*")):
        if source.is_file():
            digest.update(source.relative_to(folder()).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()[:12]


def own_folder() -> Path:
    """Where this person's demonstration stores lie."""
    from platformdirs import user_data_path

    return Path(user_data_path("casebook", appauthor=False)) / "demonstration"


def write_out(options: Namespace, console: Console, tick: Tick) -> int:
    """Write every casebook, the cohort report, its figures and the data of a store built for it."""
    from db.clock import set_clock
    from db.opening.vault import open_store
    from reports.data.data_file import render as render_csv
    from reports.figure import dump_figures
    from reports.pdf.cohort.report import figures
    from reports.registry import REPORTS

    with tempfile.TemporaryDirectory(prefix="casebook-demonstration-") as part:
        store, today = build_store(Path(part), language=console.language, tick=tick, study=options.study)
        casebook = open_store(store, user=USER, passphrase=PASSPHRASE, clock=set_clock(today), read_only=True)
        try:
            dataset = casebook.dataset(today=date.fromisoformat(today))
        finally:
            casebook.close()
    ids = [data.subject.id for data in dataset.subjects]
    for at, subject in enumerate(ids):
        tick(at, len(ids) + 1, subject)
        pdf = REPORTS["casebook"].render(dataset, options.language, subject)
        write_file(options.headless / f"casebook-{subject}.pdf", pdf)
    write_file(options.headless / "cohort.pdf", REPORTS["cohort"].render(dataset, options.language))
    write_file(options.headless / "figures.json", dump_figures(figures(dataset, options.language)))
    write_file(options.headless / "data.csv", render_csv(dataset))
    tick(len(ids) + 1, len(ids) + 1, "")
    console.say("commands.demo.written", count=len(ids) + 3, path=options.headless)
    return DONE
