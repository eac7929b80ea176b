"""What the store costs against bare SQLCipher, measured in one run, interleaved, medians.

Run: ``python -m benchmarks.store [--json] [--scale N]``. Each row tells the budget it is held against.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from db import sqlite
from db.casebook.casebook import Casebook
from db.casebook.entering import Entered
from db.casebook.reading import columns_of
from db.clock import system_clock
from db.folder import paths
from db.folder.keys import CHEAP
from db.incoming.data_file import import_csv
from db.ledger.chain import Chain, ProofSource, check_chain
from db.ledger.ledger import Act
from db.opening.vault import create_store
from db.proof.verify import verify
from forms.place import FormKey, Place
from forms.record.data_file import COLUMNS
from forms.study.definition import Item, LabRange, Study
from forms.value import Value
from reports.data import data_file


@dataclass(frozen=True)
class Row:
    """One line of the table: medians in milliseconds and the budget."""

    what: str
    ours: float
    bare: float
    budget: str

    @property
    def ratio(self) -> float:
        """How many times the bare one."""
        return self.ours / self.bare if self.bare else 0.0


def place(subject: str, event: str, no: str, form: str, item: str, row: str = "1") -> Place:
    """A place, told shortly."""
    return Place(subject, event, no, form, "1", row, item)


@contextmanager
def store(study: Study) -> Iterator[Casebook]:
    """A fresh store in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        book = create_store(
            Path(folder) / "bench", study, site="AN", user="bench", role=study.roles[0].id, passphrase="for figures",
            clock=system_clock(), kdf=CHEAP,
        )  # fmt: skip
        try:
            yield book
        finally:
            book.close()


class Bare:
    """A SQLCipher database under the same settings, into which rows of the same widths go in one transaction."""

    def __init__(self, folder: Path) -> None:
        self.connection = sqlite.connect(folder / "bare.db", os.urandom(32), "rwc")
        self.connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d BLOB)")

    def write(self, rows: int) -> None:
        """One transaction of so many rows."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(
            "INSERT INTO bare (a, b, c, d) VALUES (?,?,?,?)",
            [("AN-001", "C_D1/1/LB/1/1/PLT", "120", b"x" * 96) for _ in range(rows)],
        )
        self.connection.execute("COMMIT")


def paired(ours: Callable[[], Any], bare: Callable[[], Any], times: int) -> tuple[float, float]:
    """Medians in ms, turn by turn, the order changing."""
    found: tuple[list[float], list[float]] = ([], [])
    for turn in range(times):
        for which in (0, 1) if turn % 2 else (1, 0):
            begun = time.perf_counter()
            (ours, bare)[which]()
            found[which].append((time.perf_counter() - begun) * 1000)
    return statistics.median(found[0]), statistics.median(found[1])


def rows_written(book: Casebook, act: Callable[[], Any]) -> int:
    """How many rows an act changes in the database, those of triggers included."""
    before = book.connection.total_changes
    act()
    return int(book.connection.total_changes - before)


def leaving_a_field(study: Study) -> Row:
    """A field that changes nothing else: a temperature, corrected again and again."""
    with store(study) as book, tempfile.TemporaryDirectory() as folder:
        bare = Bare(Path(folder))
        fill(book, cycles=6)
        texts = iter(["36.6", "37.1"] * 10_000)
        temperature = place("AN-001", "C_D1", "3", "VS", "TEMP")

        def ours() -> None:
            book.enter(temperature, next(texts))

        rows = rows_written(book, ours)
        mine, theirs = paired(ours, lambda: bare.write(rows), 300)
        bare.connection.close()
    return Row(f"leaving a field that changes nothing else ({rows} rows)", mine, theirs, "<= 2x")


def regrading(study: Study) -> Row:
    """The first dose, which gives a hundred liver values of ten cycles a baseline and so another grade."""
    with store(liver_study(study)) as book, tempfile.TemporaryDirectory() as folder:
        bare = Bare(Path(folder))
        book.add_subject("AN-001")
        dose = place("AN-001", "C_D1", "1", "EX", "EXDOSE")
        given = entries_of("AN-001", 10, LIVER)
        book.enter_many([each for each in given if each.place.item != "EXDOSE" or each.place == dose])
        texts = iter(["100", "0"] * 10_000)

        def ours() -> None:
            book.enter(dose, next(texts))

        ours()
        rows = rows_written(book, ours)
        before = book.position()
        ours()
        entries = book.position() - before
        mine, theirs = paired(ours, lambda: bare.write(rows), 60)
        bare.connection.close()
    return Row(f"first dose: {entries} entries change ({rows} rows)", mine, theirs, "<= 3x")


LIVER = {"ALT": "200", "AST": "190", "ALP": "500", "GGT": "280", "BILI": "90"}
BEFORE = {"ALT": "130", "AST": "120", "ALP": "300", "GGT": "150", "BILI": "60"}


def liver_study(study: Study) -> Study:
    """The study with ten cycles and five liver values, whose grades in CTCAE 5.0 look at the baseline."""
    limits = {"ALT": "50", "AST": "40", "ALP": "125", "GGT": "60", "BILI": "26"}
    units = {name: "umol/L" if name == "BILI" else "U/L" for name in limits}
    old = study.form_by_id["LB"]
    items = [each for each in old.groups[0].items if each.id in ("LBDAT", "LBNAM")]
    items += [Item(name, {"en": name}, "number", units=(units[name],), analyte=name, grade=True) for name in limits]
    form = replace(old, groups=(replace(old.groups[0], items=tuple(items)),))
    return replace(
        study,
        forms=tuple(form if each.id == "LB" else each for each in study.forms),
        events=tuple(replace(event, cycles=10) if event.kind == "cycle" else event for event in study.events),
        ranges=tuple(LabRange("HOSP", name, units[name], None, Decimal(high)) for name, high in limits.items()),
    )


def fill(book: Casebook, subject: str = "AN-001", cycles: int = 1) -> None:
    """A subject with screening and some cycles of labs."""
    book.add_subject(subject)
    book.enter_many(list(entries_of(subject, cycles)))


def entries_of(subject: str, cycles: int, labs: dict[str, str] | None = None) -> Iterator[Entered]:
    """Plausible values of one subject."""
    blood = labs or BLOOD
    yield Entered(place(subject, "SCR", "1", "SV", "SVDAT"), "2022-02-01")
    for item, text in (("BRTHDAT", "1990-05-06"), ("SEX", "M")):
        yield Entered(place(subject, "SCR", "1", "DM", item), text)
    yield from labs_of(subject, "SCR", "1", 1, BEFORE if labs else blood)
    for cycle in range(1, cycles + 1):
        number = str(cycle)
        for event, day in (("C_D1", 1), ("C_D8", 8)):
            yield Entered(place(subject, event, number, "SV", "SVDAT"), day_of(cycle, day))
            yield from labs_of(subject, event, number, cycle, blood)
        for item, text in (("HEIGHT", "170"), ("WEIGHT", str(70 + cycle))):
            yield Entered(place(subject, "C_D1", number, "VS", item), text)
        yield Entered(place(subject, "C_D1", number, "EX", "EXDAT"), day_of(cycle, 1))
        yield Entered(place(subject, "C_D1", number, "EX", "EXDOSE"), "100")


def day_of(cycle: int, day: int) -> str:
    """The date of a day of a cycle of three weeks."""
    return (date(2022, 2, 8) + timedelta(days=21 * (cycle - 1) + day - 1)).isoformat()


BLOOD = {"PLT": "58", "HGB": "92", "NEUT": "1.2", "ALT": "130", "CREAT": "180"}


def labs_of(subject: str, event: str, number: str, cycle: int, blood: dict[str, str]) -> Iterator[Entered]:
    """One blood sample."""
    day = "2022-02-01" if event == "SCR" else day_of(cycle, 1 if event == "C_D1" else 8)
    cells = {"LBDAT": day, "LBNAM": "HOSP", **blood}
    for item, text in cells.items():
        yield Entered(place(subject, event, number, "LB", item), text)


def importing(study: Study, subjects: int) -> list[Row]:
    """A long file with every check and grade, against bare chained rows; and the size of the store it makes."""
    with tempfile.TemporaryDirectory() as folder, store(study) as book, store(study) as other:
        path = Path(folder) / "long.csv"
        count = write_file(path, subjects, 6)
        before = book.position()
        begun = time.perf_counter()
        result = import_csv(book, path)
        ours = (time.perf_counter() - begun) * 1000
        assert result.entered == count, result.faults[:3]
        entries = book.position() - before
        bare = {each: bare_chained(other, each) for each in (count, entries)}
        book.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = (book.path / paths.STORE).stat().st_size
        typed, kept = path.stat().st_size, len(data_file.render(book.dataset())) + computed_bytes(book)
    return [
        Row(f"import: {entries} entries, against as many bare ones", ours, bare[entries], "<= 6x"),
        Row(f"import: {count} values, against as many bare entries", ours, bare[count], "(stricter)"),
        Row("size of the store / CSV of all it holds, bytes", size, kept, "<= 12x"),
        Row("size of the store / CSV of what was typed, bytes", size, typed, "(stricter)"),
    ]


def computed_bytes(book: Casebook) -> int:
    """Bytes that computed values and grades would take as lines of the data file."""
    total = 0
    for data in book.dataset(trail=False).subjects:
        for place, record in data.records.items():
            if record.entry.act == "derived":
                value = record.entry.value
                total += len(",".join((*columns_of(place), value.value, value.unit, value.missing)).encode()) + 1
    return total


def bare_chained(book: Casebook, count: int) -> float:
    """Milliseconds to append so many rows to the chain with nothing checked."""
    act = Act("signed_in", Place("", "C_D1", "1", "LB", "1", "1", "PLT"), Value("120", "120", "10^9/L"))
    begun = time.perf_counter()
    with book.writing() as ledger:
        for start in range(0, count, 500):
            ledger.append([act] * min(500, count - start))
    return (time.perf_counter() - begun) * 1000


UNITS = {"PLT": "10^9/L", "HGB": "g/L", "NEUT": "10^9/L", "ALT": "U/L", "CREAT": "umol/L", "HEIGHT": "cm",
         "WEIGHT": "kg", "EXDOSE": "mg"}  # fmt: skip


def write_file(path: Path, subjects: int, cycles: int) -> int:
    """A data file of so many subjects."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for number in range(1, subjects + 1):
            for each in entries_of(f"AN-{number:03d}", cycles):
                at = each.place
                unit = UNITS.get(at.item, "")
                cells = (at.subject, at.event, at.event_no, at.form, at.form_no, at.row, at.item, each.text, unit, "")
                file.write(",".join(cells) + "\n")
                count += 1
    return count


def verifying(study: Study, subjects: int) -> list[Row]:
    """The chain, and everything, against a bare scan of the same entries."""
    with tempfile.TemporaryDirectory() as folder, store(study) as book:
        path = Path(folder) / "long.csv"
        write_file(path, subjects, 6)
        import_csv(book, path)
        return verify_rows(book, 5)


def verify_rows(book: Casebook, times: int) -> list[Row]:
    """Both walks over a store."""

    def scan() -> None:
        for _ in book.connection.execute("SELECT * FROM trail"):
            pass

    chain, bare = paired(lambda: check_chain(ProofSource(book.connection), "", lambda *_: None, Chain()), scan, times)
    whole, bare_too = paired(lambda: verify(book), scan, times)
    return [
        Row(f"verify the chain of {book.position()} entries", chain, bare, "<= 4x"),
        Row("verify everything", whole, bare_too, "<= 8x"),
    ]


def million(study: Study) -> list[Row]:
    """A file of a million values: seconds, the most memory the program had, and verifying what came of it."""
    with tempfile.TemporaryDirectory() as folder, store(open_ids(study)) as book:
        path = Path(folder) / "long.csv"
        count = write_file(path, 7_700, 6)
        begun = time.perf_counter()
        import_csv(book, path)
        seconds = time.perf_counter() - begun
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return [
            Row(f"import of {count} values (s)", seconds, 0.0, ""),
            Row("most memory by then (MB)", most, 0.0, "<= 1000"),
            *verify_rows(book, 1),
        ]


def open_ids(study: Study) -> Study:
    """The study with room for any number of subjects."""
    return replace(study, subject_id_pattern=r"[A-Z]+-[0-9]+")


def searching(study: Study) -> Row:
    """Search as you type over 10,000 subjects; absolute, p95."""
    with store(open_ids(study)) as book:
        with book.writing():
            for number in range(10_000):
                book.admit(f"AN-{number:05d}")
        times = []
        for typed in ("", "0", "00", "007", "AN-01", "9", "99", "4321", "zz", "AN-0999") * 20:
            begun = time.perf_counter()
            book.subjects(typed)
            book.count_subjects(typed)
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
    return Row("search of 10,000 subjects, p95 (ms)", times[int(len(times) * 0.95)], 0.0, "<= 50 ms")


def opening(study: Study) -> Row:
    """Reading one subject of six cycles afresh; absolute."""
    with store(study) as book:
        fill(book, cycles=6)
        key = FormKey("AN-001", "C_D1", "6", "LB")
        times = []
        for _ in range(30):
            book.forget()
            begun = time.perf_counter()
            book.sheet(key)
            times.append((time.perf_counter() - begun) * 1000)
    return Row("a subject of six cycles and one sheet, from disk (ms)", statistics.median(times), 0.0, "")


def bench_study() -> Study:
    """The small study of the tests, with a role that may do all of this."""
    from tests.db.stores import site_study

    return site_study()


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--million", action="store_true", help="a file of a million values (minutes)")
    parser.add_argument("--scale", type=int, default=100, help="subjects in the long file")
    options = parser.parse_args()
    study = bench_study()
    gc.collect()
    if options.million:
        rows = million(study)
    else:
        rows = [
            leaving_a_field(study), regrading(study), *importing(study, options.scale),
            *verifying(study, options.scale), searching(study), opening(study),
        ]  # fmt: skip
    if options.json:
        print(json.dumps([{**vars(row), "ratio": row.ratio} for row in rows], indent=1))
        return 0
    for row in rows:
        ratio = f"{row.ratio:6.2f}x" if row.bare else ""
        print(f"{row.what:62} {row.ours:12.2f} {row.bare:12.2f} {ratio:>8}  {row.budget}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
