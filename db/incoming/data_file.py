"""Bringing a data file in: one value a row, every fault named at once, all rows or none, through the one door.

Columns are those of `forms.record.data_file`; UTF-8 with or without a byte-order mark, separated by ``,``, ``;`` or
tabs. Values of derived items and grades are not entered but compared with what the program computes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from db.casebook.casebook import Casebook
from db.casebook.following import Step
from db.casebook.reading import Opened
from db.casebook.subjects import check_id
from db.incoming.faults import Faults, FileFault, Noted
from db.incoming.lines import LineReader, SubjectLines, same_result
from db.incoming.survey import DataFile, survey
from db.ledger.ledger import NOWHERE, Act
from forms.errors import NeedsReason, Refusal
from forms.findings import Finding
from forms.place import FormKey, Place
from forms.progress import Tick
from forms.sheet.sheet import open_sheet
from forms.texts import both
from forms.value import Value
from forms.values.kinds import legible
from forms.values.likeness import likeness

FEWEST_STRANGERS = 5
"""So many lines, none of which names an event and form of the study, are the file of another study."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that differs from what is there; ``old`` None when there was none."""

    place: Place
    old: Value | None
    new: Value


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of it: with faults nothing was entered. ``changes`` are listed by a dry run only.

    ``new_subjects`` are those taken in. ``left`` counts empty cells that left a value as it is.
    """

    faults: tuple[FileFault, ...] = ()
    findings: tuple[Noted, ...] = ()
    entered: int = 0
    changes: tuple[ValueChange, ...] = ()
    new_subjects: tuple[str, ...] = ()
    left: int = 0


@dataclass(slots=True)
class _Import:
    """A file on its way in. ``likes``: subjects of the store and the file by what their ids look like."""

    casebook: Casebook
    reason: str
    dry_run: bool
    look_alikes: bool
    reader: LineReader
    faults: Faults
    findings: list[Noted] = field(default_factory=list)
    changes: list[ValueChange] = field(default_factory=list)
    new_subjects: list[str] = field(default_factory=list)
    likes: dict[str, str] = field(default_factory=dict)
    entered: int = 0
    left: int = 0


class _Undone(Exception):
    """Leaves the transaction without a trace: a dry run, or a file with faults."""


def import_csv(
    casebook: Casebook, path: str | Path, *, dry_run: bool = False, reason: str = "", accept_unparsed: bool = False,
    clear: bool = False, look_alikes: bool = False, tick: Tick | None = None,
) -> ImportResult:  # fmt: skip
    """Enter a data file. Raises Refusal for a file that can't be read or a person who may not, NeedsReason for changes.

    Subjects that are new are taken in when something is known of them; one whose id looks like another's is a fault
    unless ``look_alikes`` says that they are two people. Empty cells leave what is there; with ``clear`` they clear it,
    for which a reason is due. Faults always refuse; what checks say never does, it comes back as findings.
    """
    casebook.check_right("import")
    casebook.check_right("enter")
    reason = (reason or "").strip()
    if clear and not reason:
        raise NeedsReason("exchange.clear_reason")
    faults = Faults()
    study = casebook.study
    file = survey(Path(path), faults, {item for form in study.forms for item in form.items})
    run = _Import(casebook, reason, dry_run, look_alikes, LineReader(faults, accept_unparsed, clear), faults)
    try:
        with casebook.writing() as ledger:
            about = {"file": legible(file.path.name), "sha256": file.sha256}
            act = Act("import", value=Value(value=json.dumps(about, sort_keys=True)), why=reason)
            cause = ledger.append([act])[0]
            for done, subject in enumerate(file.runs):
                if tick is not None:
                    tick(done, len(file.runs), subject)
                _enter_subject(run, file, subject, cause)
            if run.faults or run.dry_run:
                raise _Undone
    except _Undone:
        run.entered = run.entered if run.dry_run and not run.faults else 0
    finally:
        casebook.forget()
    if faults:
        return ImportResult(_told(run, file))
    return ImportResult((), tuple(run.findings), run.entered, tuple(run.changes), tuple(run.new_subjects), run.left)


def _told(run: _Import, file: DataFile) -> tuple[FileFault, ...]:
    """The faults of a file; one for all when no line fits the study."""
    if run.reader.strangers == file.total >= FEWEST_STRANGERS:
        first = min(runs[2] for runs in file.runs.values())
        return (FileFault(first, "", both("exchange.other_study", study=run.casebook.study.id)),)
    return run.faults.told()


def _enter_subject(run: _Import, file: DataFile, subject: str, cause: str) -> None:
    casebook = run.casebook
    known = casebook.connection.execute("SELECT 1 FROM subject WHERE id = ?", (subject,)).fetchone() is not None
    first = file.runs[subject][2]
    if not known:
        _check_new(run, subject, first)
    opened = casebook.opened(subject) if known else Opened(casebook.empty_subject(subject), {})
    taken = SubjectLines(opened.subject, takes_new=opened.takes_new)
    for line in file.lines(subject):
        run.reader.read(line, taken)
    if run.faults:
        return
    if not known:
        _note_new(run, taken, first)
        if not taken.values:
            return
        casebook.keep(Opened(casebook.admit(subject, cause), {}))
        run.new_subjects.append(subject)
    step = casebook.put(subject, taken.values, run.reason, cause)
    if step.changed:
        casebook.keep(Opened(step.subject, {**step.opened.pointers, **step.pointers}, step.opened.scopes))
    run.entered += len(step.changed)
    run.left += taken.left
    _note_result(run, step, taken)


def _check_new(run: _Import, subject: str, line: int) -> None:
    """Note a fault for a subject that can't be taken in, or that is likely another one written otherwise."""
    connection = run.casebook.connection
    try:
        run.casebook.check_right("subject.add")
        check_id(connection, run.casebook.study, subject)
    except Refusal as refusal:
        run.faults.note(line, "subject", refusal.key, **refusal.values)
        return
    if not run.likes:
        run.likes = {likeness(each): each for (each,) in connection.execute("SELECT id FROM subject")}
    other = run.likes.setdefault(likeness(subject), subject)
    if other != subject and not run.look_alikes:
        run.faults.note(line, "subject", "exchange.look_alike", id=subject[:40], other=other[:40])


def _note_new(run: _Import, taken: SubjectLines, line: int) -> None:
    """Say of a new subject that nothing is known of it, or that it seems to be of another site."""
    subject, site = taken.before.id, run.casebook.site
    at = replace(NOWHERE, subject=subject)
    if not taken.values:
        text = both("exchange.nobody", id=subject[:40])
        run.findings.append(Noted(line, "subject", Finding(at, "import.nobody", text, "note")))
    elif "-" in subject and site and site not in subject.split("-"):
        text = both("exchange.other_site", id=subject[:40], site=site)
        run.findings.append(Noted(line, "subject", Finding(at, "import.other_site", text, "query")))


def _note_result(run: _Import, step: Step, taken: SubjectLines) -> None:
    if run.dry_run:
        before = taken.before.values
        run.changes += [ValueChange(place, before.get(place), value) for place, value in step.changed.items()]
    for place, told in taken.computed.items():
        if not same_result(told, step.subject.values.get(place)):
            taken.note(place, "import.derived", "db.file.derived_differs", item=place.item)
    said = {noted.finding.place for noted in taken.noted if noted.finding.rule == "import.unread"}
    firsts: dict[FormKey, int] = {}
    for finding in _findings_of(step):
        if finding.rule == "kind.unread" and finding.place in said:
            continue
        line = taken.lines.get(finding.place, 0)
        if not line and not firsts:
            for place, number in taken.lines.items():
                firsts.setdefault(place.form_key, number)
        line = line or firsts.get(finding.place.form_key) or min(taken.lines.values())
        taken.noted.append(Noted(line, str(finding.place), finding))
    run.findings += sorted(taken.noted, key=lambda noted: noted.line)


def _findings_of(step: Step) -> Iterator[Finding]:
    for key in dict.fromkeys(place.form_key for place in step.pointers):
        yield from open_sheet(step.subject, key).findings
    for key in step.shown_anew():
        before = set(open_sheet(step.opened.subject, key).findings)
        now = open_sheet(step.subject, key).findings
        yield from (each for each in now if each.rule.startswith("hidden.") and each not in before)
