"""New versions of a study on the command line: told in words, tried dry, put in force."""

import csv
import shutil

import pytest

from resources import folder
from ui.commands import main


@pytest.fixture
def version(tmp_path):
    """Makes a folder with the shipped study, changed by replacing words in one file of it."""

    def make(*changes, file="forms/30_examination.yaml", number="9.0"):
        target = tmp_path / f"v{number}"
        shutil.copytree(folder("studies", "ankl"), target)
        main_file = target / "study.yaml"
        text = main_file.read_text("utf-8")
        old = next(line for line in text.splitlines() if line.startswith("version:"))
        main_file.write_text(text.replace(old, f'version: "{number}"'), "utf-8")
        part = next(target.rglob(file.rpartition("/")[2]))
        text = part.read_text("utf-8")
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        part.write_text(text, "utf-8")
        return target

    return make


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "a phrase for tests")
    monkeypatch.setenv("CASEBOOK_TODAY", "2024-10-20")
    path = tmp_path / "s.casebook"
    assert main(["new", str(path), "--study", "ankl", "--site", "S01", "--user", "lin", "--role", "pi"]) == 0
    data = tmp_path / "d.csv"
    head = "subject,event,event_no,form,form_no,row,item,value,unit,missing"
    rows = ["S01-001,SCR,1,IC,1,1,ICDAT,2024-10-01,,", "S01-001,SCR,1,IC,1,1,ICVER,2.0,,"]
    data.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    assert main(["import", str(path), str(data), "--user", "lin"]) == 0
    return path


LABEL = ("Time of consent", "Hour of consent")


def test_the_difference_is_told_in_words_of_both_languages(version, capsys):
    new = str(version(LABEL, file="forms/10_enrolment.yaml"))
    assert main(["study", "diff", "ankl", new]) == 0
    said = capsys.readouterr().out
    assert "Form Informed consent (IC) · Section" in said
    assert "label: Time of consent → Hour of consent" in said
    assert main(["study", "diff", "ankl", new, "--language", "zh"]) == 0
    assert "表单知情同意（IC）" in capsys.readouterr().out


def test_two_versions_that_say_the_same_are_told_so(capsys):
    assert main(["study", "diff", "ankl", "ankl", "--language", "en"]) == 0
    assert capsys.readouterr().out == "The two versions say the same.\n"


def test_a_version_is_tried_dry_and_then_put_in_force(version, store, tmp_path, capsys):
    new = str(version(LABEL, file="forms/10_enrolment.yaml"))
    amend = ["study", "amend", str(store), new, "--user", "lin", "--language", "en"]
    assert main([*amend, "--dry-run"]) == 0
    assert "Subjects: 1. Begun visits that keep their version: 1." in capsys.readouterr().out
    assert main([*amend, "--ethics", "2024-10-19"]) == 1
    assert main([*amend, "--reason", "amendment 2"]) == 1
    assert "ethics committee" in capsys.readouterr().err
    assert main([*amend, "--ethics", "2024-10-19", "--reason", "amendment 2"]) == 0
    assert "Version 9.0 is in force, approved on 2024-10-19" in capsys.readouterr().out
    assert main([*amend, "--ethics", "2024-10-19", "--reason", "again"]) == 1
    assert "in force already" in capsys.readouterr().err
    assert main(["verify", str(store), "--user", "lin"]) == 0


def test_values_that_would_have_no_place_bar_a_version_and_are_listed(version, store, tmp_path, capsys):
    new = version(("ICVER", "ICVERSION"), file="forms/10_enrolment.yaml")
    with (new / "study.yaml").open("a", encoding="utf-8") as file:
        file.write("\namendment: {begun: follow}\n")
    listed = tmp_path / "effects.csv"
    amend = ["study", "amend", str(store), str(new), "--user", "lin", "--language", "en"]
    assert main([*amend, "--dry-run", "--out", str(listed)]) == 1
    with listed.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["weight"] == "refused"]
    assert [(row["item"], row["effect"], row["before"]) for row in rows] == [("ICVER", "lost", "2.0")]
    assert main([*amend, "--ethics", "2024-10-19", "--reason", "amendment 2", "--accept"]) == 1
    assert "ICVER" in capsys.readouterr().err


def test_a_file_with_faults_is_refused_with_its_lines(version, store, capsys):
    new = version(("kind: time,", "kind: hour,"), file="forms/10_enrolment.yaml")
    amend = ["study", "amend", str(store), str(new), "--user", "lin"]
    assert main([*amend, "--ethics", "2024-10-19", "--reason", "amendment 2"]) == 1
    assert "10_enrolment.yaml:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("amendment: {since: tomorrow}", "tomorrow"),
        ("amendment: {who: $sex = 'M'}", "`consent`"),
        ("amendment: {consent: max(RCDAT over NOWHERE)}", "NOWHERE"),
        ("amendment: {begun: perhaps}", "perhaps"),
    ],
)
def test_faults_of_how_a_version_comes_into_force_are_told_with_their_line(version, capsys, line, said):
    new = version(LABEL, file="forms/10_enrolment.yaml")
    with (new / "study.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert main(["study", "check", str(new), "--language", "en"]) == 1
    told = capsys.readouterr().err
    assert "study.yaml:" in told
    assert said in told
