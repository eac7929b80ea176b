"""Stores from the command line: made, filled, proved, copied, brought back."""

import csv
import io
from pathlib import Path

import pytest

from resources import folder

PATIENTS = folder("studies", "ankl", "demo", "patients.csv")
USER = ("--user", "demo")


@pytest.fixture
def new_store(say, tmp_path):
    """An empty store of study A."""
    path = tmp_path / "new.casebook"
    told = say("new", path, "--study", "ankl", "--site", "S01", *USER, "--role", "pi")
    assert told.code == 0
    return path


@pytest.fixture
def first_patient(tmp_path):
    """The first patient's screening, as a data file."""
    with PATIENTS.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["subject"] == "S01-001" and row["event"] == "SCR"]
    return Rows(tmp_path / "data.csv", rows)


class Rows:
    """A data file that a test can spoil."""

    def __init__(self, path, rows):
        self.path = path
        self.rows = rows

    def written(self, encoding="utf-8", columns=None):
        out = io.StringIO()
        lines = csv.DictWriter(out, columns or list(self.rows[0]), extrasaction="ignore", lineterminator="\n")
        lines.writeheader()
        lines.writerows(self.rows)
        self.path.write_bytes(out.getvalue().encode(encoding))
        return self.path

    def line_of(self, item):
        return next(at for at, row in enumerate(self.rows, 2) if row["item"] == item)

    def __getitem__(self, item):
        return next(row for row in self.rows if row["item"] == item)


def test_a_new_store_shows_its_recovery_code_once_and_is_sound(say, tmp_path):
    told = say("new", tmp_path / "n", "--study", "ankl", "--site", "S01", *USER)
    assert told.code == 0
    assert "Recovery code" in told.out
    assert say("verify", tmp_path / "n", *USER).code == 0


def test_a_weak_passphrase_is_warned_of_and_one_too_short_refused(say, tmp_path, monkeypatch):
    def made(passphrase):
        monkeypatch.setenv("CASEBOOK_PASSPHRASE", passphrase)
        return say("new", tmp_path / f"{len(passphrase)}.casebook", "--study", "ankl", "--site", "S01", *USER)

    weak, strong, short = made("abcdefg"), made("nine grey geese fly"), made("abc")
    assert (weak.code, strong.code, short.code) == (0, 0, 1)
    assert "easily guessed" in weak.err
    assert strong.err == ""
    assert "at least 4 characters" in short.err
    assert "easily guessed" not in short.err


def test_where_something_lies_no_store_is_made(say, new_store):
    assert say("new", new_store, "--study", "ankl", "--site", "S01", *USER).code == 3


def test_a_store_of_an_unknown_study_is_refused_naming_those_there_are(say, tmp_path):
    told = say("new", tmp_path / "n", "--study", "nothing", "--site", "S01", *USER)
    assert told.code == 1
    assert "ankl" in told.err


def test_a_wrong_passphrase_is_trouble(say, new_store, monkeypatch):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "not this one")
    told = say("verify", new_store, *USER)
    assert told.code == 3
    assert "passphrase" in told.err


def test_without_terminal_and_environment_there_is_no_passphrase(say, new_store, monkeypatch):
    monkeypatch.delenv("CASEBOOK_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    told = say("verify", new_store, *USER)
    assert told.code == 2
    assert "CASEBOOK_PASSPHRASE" in told.err


def test_a_data_file_goes_in_and_comes_out_again(say, new_store, first_patient, tmp_path):
    told = say("import", new_store, first_patient.written(), *USER)
    assert told.code == 0
    assert f"{len(first_patient.rows)} value(s) imported" in told.out
    assert say("export", new_store, "--format", "csv", "--out", tmp_path / "out.csv", *USER).code == 0
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as lines:
        out = {tuple(row[name] for name in ("event", "form", "row", "item")): row for row in csv.DictReader(lines)}
    for row in first_patient.rows:
        there = out[(row["event"], row["form"], row["row"], row["item"])]
        assert (there["value"], there["unit"], there["missing"]) == (row["value"], row["unit"], row["missing"])


def test_the_whole_demonstration_survives_export_and_import(say, demonstration, store, new_store, tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    assert say("export", store, "--format", "csv", "--out", first, *USER).code == 0
    assert say("import", new_store, first, "--accept-unparsed", *USER).code == 0
    assert say("export", new_store, "--format", "csv", "--out", second, *USER).code == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_dry_run_lists_what_would_change_and_changes_nothing(say, new_store, first_patient, tmp_path):
    told = say("import", new_store, first_patient.written(), "--dry-run", *USER)
    assert told.code == 0
    assert "would become 1992-05-14 (now nothing)" in told.out
    say("export", new_store, "--format", "csv", "--out", tmp_path / "out.csv", *USER)
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 1


def spoil_unit(data):
    data["HGB"]["unit"] = "stone"
    return data.line_of("HGB"), "unit"


def spoil_date(data):
    data["BRTHDAT"]["value"] = "1992-02-30"
    return data.line_of("BRTHDAT"), "value"


def spoil_item(data):
    data["ALT"]["item"] = "HLA_B"
    return data.line_of("HLA_B"), "item"


def spoil_twice(data):
    data.rows.append(dict(data["SEX"]))
    return len(data.rows) + 1, ""


@pytest.mark.parametrize("spoil", [spoil_unit, spoil_date, spoil_item, spoil_twice])
def test_a_spoilt_file_is_refused_with_line_and_column_and_nothing_goes_in(
    say, new_store, first_patient, tmp_path, spoil
):
    line, column = spoil(first_patient)
    path = first_patient.written()
    told = say("import", new_store, path, *USER)
    assert told.code == 1
    assert f"{path}:{line}: {column}" in told.err
    say("export", new_store, "--format", "csv", "--out", tmp_path / "out.csv", *USER)
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()) == 1


def test_all_faults_of_a_file_are_named_at_once(say, new_store, first_patient):
    lines = {spoil(first_patient)[0] for spoil in (spoil_unit, spoil_date, spoil_item)}
    told = say("import", new_store, first_patient.written(), *USER)
    assert {int(line.split(":")[1]) for line in told.err.splitlines() if ".csv:" in line} == lines


def test_a_file_in_another_encoding_is_refused(say, new_store, first_patient):
    first_patient["NGSMUT"]["value"] = "野生型，未检出突变"
    told = say("import", new_store, first_patient.written("gbk"), *USER)
    assert told.code == 1
    assert "UTF-8" in told.err


def test_a_file_without_a_column_is_refused(say, new_store, first_patient):
    told = say("import", new_store, first_patient.written(columns=["subject", "event", "form", "item", "value"]), *USER)
    assert told.code == 1


def test_a_changed_value_needs_its_reason(say, store, first_patient):
    first_patient["HGB"]["value"] = "81"
    assert say("import", store, first_patient.written(), *USER).code == 1
    told = say("import", store, first_patient.path, "--reason", "Slip read again", *USER)
    assert told.code == 0
    assert "1 value(s) imported" in told.out


def test_verify_says_what_it_proved_and_what_cannot_be_known(say, store):
    told = say("verify", store, *USER)
    assert told.code == 0
    assert "Tip:" in told.out
    assert "Without a tip noted outside" in told.out


def test_an_anchor_noted_elsewhere_is_looked_for(say, store):
    tip = say("verify", store, *USER).out.rpartition("Tip: ")[2].split()[0]
    assert say("verify", store, "--anchor", tip, *USER).code == 0
    assert say("verify", store, "--anchor", "f" * 64, *USER).code == 1


def test_a_fingerprint_told_when_the_store_was_made_is_the_one_it_is_known_by(say, tmp_path):
    made = say("new", tmp_path / "n", "--study", "ankl", "--site", "S01", *USER)
    fingerprint = made.out.rpartition("Fingerprint of this store: ")[2].splitlines()[0]
    assert len(fingerprint.split()) == 8
    same = say("verify", tmp_path / "n", "--root", fingerprint, "--full", *USER)
    assert same.code == 0
    assert f"Fingerprint of this store: {fingerprint}" in same.out
    other = say("verify", tmp_path / "n", "--root", "f" * 32, *USER)
    assert other.code == 1
    assert "another store" in other.err
    assert fingerprint in other.err


def test_a_damaged_page_is_a_fault_that_is_named(say, store):
    database = store / "store.db"
    content = bytearray(database.read_bytes())
    content[4096 * 40 + 100] ^= 0xFF
    database.write_bytes(content)
    told = say("verify", store, *USER)
    assert told.code == 1
    assert "page" in told.err.lower()


def test_a_backup_comes_back_as_a_store(say, store, tmp_path):
    told = say("backup", store, tmp_path / "safe.casebook", *USER)
    assert told.code == 0
    assert say("restore", tmp_path / "safe.casebook", tmp_path / "again.casebook", *USER).code == 0
    assert say("verify", tmp_path / "again.casebook", *USER).code == 0


def test_the_folder_that_backup_was_given_is_what_restore_takes(say, store, tmp_path):
    assert say("backup", store, tmp_path / "safe", *USER).code == 0
    assert say("restore", tmp_path / "safe", tmp_path / "again.casebook", *USER).code == 0
    assert say("verify", tmp_path / "again.casebook", *USER).code == 0


def test_a_folder_with_copies_of_two_stores_is_not_guessed_at(say, store, tmp_path):
    for name in ("one-20250101T000000Z.casebook", "two-20250101T000000Z.casebook"):
        assert say("backup", store, tmp_path / "safe" / name, *USER).code == 0
    assert say("restore", tmp_path / "safe", tmp_path / "again.casebook", *USER).code == 3
    assert not (tmp_path / "again.casebook").exists()


def test_a_format_that_is_not_there_is_refused_naming_those_that_are(say, store, tmp_path):
    told = say("export", store, "--format", "xpt", "--out", tmp_path / "x", *USER)
    assert told.code == 2
    assert "csv" in told.err


def test_a_store_that_is_not_there_is_trouble(say, tmp_path):
    assert say("verify", tmp_path / "none.casebook", *USER).code == 3


@pytest.mark.parametrize("name", ["store.db", "keys.json", "data.csv", "backups/data.csv", ""])
def test_nothing_is_written_into_a_store(say, store, tmp_path, name):
    before = {path.name: path.read_bytes() for path in store.iterdir()}
    for told in (
        say("export", store, "--format", "csv", "--out", store / name, *USER),
        say("report", "queries", store, "--out", store / name, *USER),
        say("report", "cohort", store, "--out", tmp_path / "c.pdf", "--figures", store / name, *USER),
        say("study", "export", "ankl", "--format", "json", "--out", store / name),
    ):
        assert told.code == 2
        assert "store" in told.err
    assert {path.name: path.read_bytes() for path in store.iterdir()} == before
    assert not (tmp_path / "c.pdf").exists()


def test_two_outputs_never_share_a_file(say, store, tmp_path):
    told = say("report", "cohort", store, "--out", tmp_path / "x", "--figures", tmp_path / "." / "x", *USER)
    assert told.code == 2
    assert not (tmp_path / "x").exists()


def test_a_device_is_written_to_and_stays_a_device(say, store):
    assert say("export", store, "--format", "csv", "--out", "/dev/null", *USER).code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("as_of", ["soon", "2026-13-01", "-1", "1.5", "9" * 5000])
def test_an_as_of_that_is_neither_position_nor_time_is_wrong_usage(say, store, tmp_path, as_of):
    told = say("export", store, "--format", "csv", "--out", tmp_path / "x.csv", f"--as-of={as_of}", *USER)
    assert told.code == 2
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("as_of", ["1", "99999999", "2001-01-01"])
def test_an_as_of_when_there_was_nothing_is_refused(say, store, tmp_path, as_of):
    told = say("export", store, "--format", "csv", "--out", tmp_path / "x.csv", "--as-of", as_of, *USER)
    assert told.code == 1
    assert not (tmp_path / "x.csv").exists()


def test_a_day_to_set_the_clock_by_that_is_no_date_is_wrong_usage(say, store, monkeypatch):
    monkeypatch.setenv("CASEBOOK_TODAY", "yesterday")
    told = say("verify", store, *USER)
    assert told.code == 2
    assert "yesterday" in told.err


def test_a_damaged_store_is_still_checked_and_only_what_was_read_counts(say, store):
    path = store / "store.db"
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)
    told = say("verify", store, *USER)
    assert told.code == 1
    assert "cut off" in told.err
    assert "Every page" not in told.out
    assert "Tip:" not in told.out
    path.write_bytes(b"")
    assert "is empty" in say("verify", store, *USER).err
    path.unlink()
    assert say("verify", store, *USER).code == 3


def test_a_copy_into_the_store_itself_is_refused_and_two_in_a_second_are_not(say, store, tmp_path):
    assert say("backup", store, store / "in", *USER).code == 1
    assert [say("backup", store, tmp_path / "stick", *USER).code for _ in range(2)] == [0, 0]
    assert say("restore", tmp_path / "stick", tmp_path / "again", *USER).code == 0


def test_findings_of_an_import_carry_their_line_and_new_subjects_are_named(say, new_store, first_patient):
    first_patient["BRTHDAT"]["value"] = "5/1/1960"
    path = first_patient.written()
    for words, verb in ((("--dry-run",), "would be added"), ((), "added")):
        told = say("import", new_store, path, "--accept-unparsed", *words, *USER)
        assert told.code == 0
        assert f"{path}:{first_patient.line_of('BRTHDAT')}: S01-001/SCR[1]" in told.err
        assert "Write 1960-01-05 or 1960-05-01" in told.err
        assert f"1 new subject(s) {verb}: S01-001" in told.out


def test_a_long_list_of_changes_is_told_by_subject_unless_the_whole_is_asked_for(say, new_store, first_patient):
    rows = first_patient.rows
    first_patient.rows = [{**row, "subject": f"S01-{at:03d}"} for at in (1, 2, 3) for row in rows]
    path = first_patient.written()
    told = say("import", new_store, path, "--dry-run", *USER)
    assert f"S01-002: {len(rows)} new, 0 changed, 0 cleared" in told.out
    assert "would become" not in told.out
    assert f"{3 * len(rows)} changes in all; --list shows each" in told.out
    told = say("import", new_store, path, "--dry-run", "--list", *USER)
    assert told.out.count("would become") == 3 * len(rows)


def test_an_empty_cell_is_told_and_cleared_only_when_asked_with_a_reason(say, store, first_patient):
    first_patient["HGB"]["value"] = first_patient["HGB"]["missing"] = ""
    path = first_patient.written()
    told = say("import", store, path, *USER)
    assert "0 value(s) imported" in told.out
    assert "1 empty cell(s) changed nothing" in told.out
    assert say("import", store, path, "--clear", *USER).code == 1
    told = say("import", store, path, "--clear", "--reason", "Another patient's sample", "--dry-run", *USER)
    assert "HGB: would become nothing (now" in told.out
    assert "1 value(s) imported" in say("import", store, path, "--clear", "--reason", "Not hers", *USER).out


def test_an_id_that_looks_like_another_is_asked_about(say, store, first_patient):
    for row in first_patient.rows:
        row["subject"] = "S0l-001"
    told = say("import", store, first_patient.written(), *USER)
    assert told.code == 1
    assert "--new-subjects" in told.err or "not a subject id of this study" in told.err


def test_a_backup_onto_a_file_says_that_a_file_is_there(say, store, tmp_path):
    (tmp_path / "copies").write_text("a list", encoding="utf-8")
    for where in (tmp_path / "copies", tmp_path / "copies" / "deeper"):
        told = say("backup", store, where, *USER)
        assert told.code == 3
        assert "there is a file where a folder would have to be" in told.err
    assert say("new", tmp_path / "copies" / "n", "--study", "ankl", "--site", "S01", *USER).code == 3
    assert (tmp_path / "copies").read_text(encoding="utf-8") == "a list"


def test_a_new_store_is_refused_a_passphrase_of_less_than_ten_characters(say, tmp_path, monkeypatch):
    monkeypatch.delenv("CASEBOOK_TODAY")
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "ninechars")
    words = ("new", tmp_path / "s", "--study", "ankl", "--site", "AN", "--user", "ann")
    told = say(*words)
    assert (told.code, list(tmp_path.glob("*.casebook"))) == (1, [])
    assert "at least 10 characters" in told.err
    assert "至少需要 10 个字符" in say(*words, "--language", "zh").err
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "ten letters")
    assert say(*words).code == 0
