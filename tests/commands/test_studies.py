"""Study definitions from the command line."""

import shutil

from resources import folder


def test_the_shipped_studies_are_listed_with_their_titles(say):
    told = say("study", "list")
    assert told.code == 0
    assert told.out.startswith("ankl\t")


def test_a_sound_definition_is_told_so(say):
    told = say("study", "check", "ankl")
    assert (told.code, told.err) == (0, "")
    assert "no faults" in told.out


def test_every_fault_of_a_broken_definition_is_told_with_file_and_line(say, tmp_path):
    broken = shutil.copytree(folder("studies", "ankl"), tmp_path / "ankl")
    form = next(iter(sorted((broken / "forms").glob("*.yaml"))))
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("kind: date", "kind: dat", 1).replace("$death", "$deth", 1), encoding="utf-8")
    told = say("study", "check", broken)
    assert told.code == 1
    lines = [line for line in told.err.splitlines() if form.name in line]
    assert len(lines) >= 1
    assert all(line.split(f"{form.name}:")[1].split(":")[0].isdecimal() for line in lines)


def test_a_definition_is_written_and_named_by_its_fingerprint(say, tmp_path):
    told = say("study", "export", "ankl", "--format", "json", "--out", tmp_path / "ankl.json")
    assert told.code == 0
    assert (tmp_path / "ankl.json").read_bytes().startswith(b"{")
    assert len(told.out.split()[-1]) == 64


def test_a_format_that_is_not_there_is_refused(say, tmp_path):
    told = say("study", "export", "ankl", "--format", "odm", "--out", tmp_path / "x")
    assert told.code == 2
    assert "json" in told.err


def test_a_definition_of_ones_own_can_be_kept_and_used(say, tmp_path):
    own = shutil.copytree(folder("studies", "ankl"), tmp_path / "own", ignore=shutil.ignore_patterns("demo"))
    study = own / "study.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("id: ankl", "id: ankl2", 1), encoding="utf-8")
    assert say("study", "import", own).code == 0
    assert "ankl2\t" in say("study", "list").out
    assert say("study", "import", own).code == 1
    assert say("new", tmp_path / "n", "--study", "ankl2", "--site", "S01", "--user", "demo").code == 0


def test_a_definition_is_printed_as_paper_forms(say, tmp_path):
    blank, annotated = tmp_path / "blank.pdf", tmp_path / "annotated.pdf"
    assert say("study", "print", "ankl", "--out", blank).code == 0
    assert say("study", "print", "ankl", "--out", annotated, "--annotated", "--language", "zh").code == 0
    assert blank.read_bytes().startswith(b"%PDF")
    assert len(annotated.read_bytes()) > len(blank.read_bytes())


def test_an_id_can_not_lead_a_definition_out_of_its_place(say, tmp_path):
    own = shutil.copytree(folder("studies", "ankl"), tmp_path / "own", ignore=shutil.ignore_patterns("demo"))
    study = own / "study.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("id: ankl", "id: ../../x", 1), encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    told = say("study", "import", own)
    assert told.code == 1
    assert "study.yaml:" in told.err
    assert set(tmp_path.rglob("*")) == before


def test_only_what_a_definition_reads_is_kept(say, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    own = shutil.copytree(folder("studies", "ankl"), tmp_path / "own")
    study = own / "study.yaml"
    study.write_text(study.read_text(encoding="utf-8").replace("id: ankl", "id: ankl3", 1), encoding="utf-8")
    (own / "patients.xlsx").write_bytes(b"names")
    assert say("study", "import", own).code == 0
    (kept,) = (tmp_path / "home").rglob("ankl3")
    assert {path.suffix for path in kept.rglob("*") if path.is_file()} == {".yaml"}
    assert {path.name for path in kept.parent.iterdir()} == {"ankl3"}
    assert say("study", "check", "ankl3").code == 0


def test_a_link_in_a_definition_is_refused(say, tmp_path):
    own = shutil.copytree(folder("studies", "ankl"), tmp_path / "own", ignore=shutil.ignore_patterns("demo"))
    secret = tmp_path / "secret.yaml"
    secret.write_text("synopsis: {en: s, zh: s}\n", encoding="utf-8")
    (own / "more.yaml").symlink_to(secret)
    told = say("study", "import", own)
    assert told.code == 1
    assert "more.yaml:1" in told.err


def test_codes_that_a_spreadsheet_makes_one_are_told_and_refuse_nothing(say, tmp_path):
    study = shutil.copytree(folder("studies", "ankl"), tmp_path / "ankl")
    lists = (
        "codelists:\n  - id: ODD\n    label: {en: Odd, zh: 杂}\n    codes:\n"
        '      - {code: "01", label: {en: One, zh: 一}}\n      - {code: "1", label: {en: First, zh: 首}}\n'
        '      - {code: "10", label: {en: Ten, zh: 十}}\n      - {code: y, label: {en: Small, zh: 小}}\n'
        '      - {code: "1.0", label: {en: Again, zh: 再}}\n      - {code: Y, label: {en: Large, zh: 大}}\n'
    )
    (study / "odd.yaml").write_text(lists, encoding="utf-8")
    told = say("study", "check", study)
    assert told.code == 0
    assert "no faults" in told.out
    assert [line.split("odd.yaml:")[1].split(":")[0] for line in told.err.splitlines()] == ["6", "9", "10"]
    assert "The codes 01 and 1 of ODD" in told.err
    assert say("new", tmp_path / "n", "--study", study, "--site", "S01", "--user", "demo").code == 0
