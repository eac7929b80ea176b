"""Changing a store's CTCAE edition and bringing in the official wording, from the command line."""

import pytest

from ui.commands import main


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "a phrase for tests")
    monkeypatch.setenv("CASEBOOK_TODAY", "2024-10-20")
    path = tmp_path / "s.casebook"
    assert main(["new", str(path), "--study", "ankl", "--site", "S01", "--user", "lin", "--role", "pi"]) == 0
    data = tmp_path / "d.csv"
    rows = ["S01-001,SCR,1,HEM,1,1,LBDAT,2024-10-18,,", "S01-001,SCR,1,HEM,1,1,LBNAM,LAB1,,",
            "S01-001,SCR,1,HEM,1,1,NEUT,0.8,10^9/L,"]  # fmt: skip
    head = "subject,event,event_no,form,form_no,row,item,value,unit,missing"
    data.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert main(["import", str(path), str(data), "--user", "lin"]) == 0
    return path


def test_a_dry_run_lists_what_would_change_and_changes_nothing(store, capsys):
    capsys.readouterr()
    assert main(["ctcae", "change", str(store), "--user", "lin", "--to", "6.0", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "NEUT#grade: Neutrophil count decreased=3 -> Neutrophil count decreased=2" in said.out + said.err
    assert main(["ctcae", "change", str(store), "--user", "lin", "--to", "6.0", "--dry-run"]) == 0


def test_the_change_asks_for_a_reason_and_is_then_done(store, capsys):
    assert main(["ctcae", "change", str(store), "--user", "lin", "--to", "6.0"]) == 1
    assert main(["ctcae", "change", str(store), "--user", "lin", "--to", "6.0", "--reason", "amendment 2"]) == 0
    capsys.readouterr()
    assert main(["ctcae", "change", str(store), "--user", "lin", "--to", "6.0", "--dry-run"]) == 0
    said = capsys.readouterr()
    assert "NEUT#grade" not in said.out + said.err
    assert main(["verify", str(store), "--user", "lin"]) == 0


def test_a_file_that_is_no_workbook_is_refused_in_words(tmp_path, capsys):
    file = tmp_path / "no.xlsx"
    file.write_text("no workbook", encoding="utf-8")
    assert main(["ctcae", "wording", str(file), "--edition", "5.0"]) == 1
    assert "no.xlsx" in capsys.readouterr().err
