"""Commands on study definitions: list, check, take out, bring in, print as paper forms, look at as empty forms."""

from __future__ import annotations

import shutil
import tempfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from forms.errors import Misuse, Refusal, Trouble
from forms.texts import said
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.files import write_file

if TYPE_CHECKING:
    from forms.authoring.load import Fault
    from forms.study.definition import Study

FORMATS = ("json",)
"""What a definition can be written as."""


def list_studies(options: Namespace, console: Console) -> int:
    """Print each known definition: id, version, title. One that is broken is named on stderr and spoils no other."""
    from forms.authoring.load import StudyFaults, read_study, study_ids

    for name in (*study_ids(), *own_studies()):
        try:
            study = read_study(find_study(name))
        except StudyFaults as broken:
            console.complain(console.words("commands.study.broken", study=name, count=len(broken.faults)))
        else:
            console.show(f"{study.id}\t{study.version}\t{said(study.title, console.language)}")
    return DONE


def check(options: Namespace, console: Console) -> int:
    """Load a definition and report every fault of it as ``file:line: text``."""
    from forms.authoring.load import StudyFaults, check_study, notes_on, read_study

    source = find_study(options.source)
    try:
        faults = check_study(source)
    except StudyFaults as broken:
        faults = broken.faults
    report_faults(console, faults)
    if faults:
        console.complain(console.words("commands.study.faults", count=len(faults)))
        return FINDINGS
    study, notes = read_study(source), notes_on(source)
    report_faults(console, notes)
    counts = {"forms": len(study.forms), "events": len(study.events), "items": sum(len(f.items) for f in study.forms)}
    console.say("commands.study.sound", study=study.id, version=study.version, **counts)
    if notes:
        console.say("commands.study.notes", count=len(notes))
    return DONE


def export(options: Namespace, console: Console) -> int:
    """Write a definition to a file."""
    from forms.study import canonical

    if options.format not in FORMATS:
        raise Misuse("commands.format_unknown", format=options.format, formats=", ".join(FORMATS))
    content = canonical.dump(read_definition(options.source, console))
    write_file(options.out, content)
    console.say("commands.study.written", path=options.out, fingerprint=canonical.fingerprint(content))
    return DONE


def print_form(options: Namespace, console: Console) -> int:
    """Write a definition as a case-report form on paper, blank or annotated."""
    from reports.pdf.crf.report import render
    from ui.commands.arguments import app_version

    study = read_definition(options.source, console)
    content = render(study, options.language, app=app_version(), annotated=options.annotated)
    write_file(options.out, content)
    console.say("commands.study.printed", path=options.out)
    return DONE


def bring(options: Namespace, console: Console) -> int:
    """Keep a checked definition (a folder with study.yaml, or that file) among the person's own."""
    source = Path(options.source)
    folder = source if source.is_dir() else source.parent
    if not (folder / "study.yaml").exists():
        raise Refusal("commands.study.none", source=options.source)
    options.source = str(folder)
    if check(options, console) != DONE:
        return FINDINGS
    study = read_definition(str(folder), console)
    target = own_folder() / study.id
    if target.exists():
        raise Refusal("commands.study.already", study=study.id, path=target)
    _keep(folder, target)
    console.say("commands.study.kept", study=study.id, path=target)
    return DONE


def _keep(folder: Path, target: Path) -> None:
    """Copy what the definition is made of, whole or not at all; anything else that lies in its folder stays there."""
    from forms.authoring.files import files_of

    target.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=target.parent, prefix=".part-"))
    try:
        for file in files_of(folder):
            copy = part / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
        part.rename(target)
    except OSError as error:
        raise Trouble("commands.not_written", path=target, reason=error.strerror) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_definition(source: str, console: Console) -> Study:
    """A definition by id or path; its faults are printed. Raises Refusal when there is none or it is broken."""
    from forms.authoring.load import StudyFaults, read_study

    try:
        return read_study(find_study(source))
    except StudyFaults as broken:
        report_faults(console, broken.faults)
        raise Refusal("commands.study.faults", count=len(broken.faults)) from broken


def report_faults(console: Console, faults: tuple[Fault, ...]) -> None:
    """Print each fault on a line of its own."""
    for fault in faults:
        console.fault(fault.file, fault.line, "", said(fault.text, console.language))


def find_study(source: str) -> str | Path:
    """A shipped id, an id of the person's own studies, or a path. Raises Refusal naming what there is."""
    from forms.authoring.load import study_ids

    if source in study_ids():
        return source
    if source in own_studies():
        return own_folder() / source
    if Path(source).exists():
        return Path(source)
    raise Refusal("commands.study.unknown", source=source, studies=", ".join((*study_ids(), *own_studies())))


def own_studies() -> tuple[str, ...]:
    """Ids of the definitions this person brought in."""
    return tuple(sorted(path.parent.name for path in own_folder().glob("*/study.yaml")))


def own_folder() -> Path:
    """Where they lie."""
    from platformdirs import user_data_path

    return user_data_path("casebook", appauthor=False) / "studies"
