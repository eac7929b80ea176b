"""Commands that make the PDFs, and the list of them."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from forms.errors import Misuse
from reports.registry import REPORTS
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.files import check_out, write_file
from ui.commands.opening import opened


def list_reports(options: Namespace, console: Console) -> int:
    """Print the id and title of each report that can be made."""
    for report in REPORTS.values():
        console.show(f"{report.id}\t{console.words(report.label_key)}")
    return DONE


def make(options: Namespace, console: Console) -> int:
    """Make one report. That it was made is noted in the ledger afterwards, so it doesn't change what it shows."""
    report = REPORTS[options.report]
    if options.since is not None:
        raise Misuse("commands.report.no_period", report=report.id)
    figures_out: Path | None = getattr(options, "figures", None)
    check_out(options.out, *([figures_out] if figures_out is not None else []))
    subject = options.subject if report.about == "subject" else ""
    with opened(options, console) as casebook:
        casebook.check_right("report")
        tick = console.ticker(console.words("commands.rendering"))
        dataset = casebook.dataset(options.as_of, options.cut_off, subject=subject, tick=tick)
        write_file(options.out, report.render(dataset, options.language, subject))
        if figures_out is not None:
            from reports.figure import dump_figures
            from reports.pdf.cohort.report import figures

            write_file(figures_out, dump_figures(figures(dataset, options.language)))
        cut = options.cut_off.isoformat() if options.cut_off else ""
        about = {"report": report.id, "position": dataset.position, "cut_off": cut, "language": options.language}
        casebook.note_act("report", json.dumps(about, sort_keys=True), subject=subject)
    console.say("commands.report.done", path=options.out)
    return DONE
