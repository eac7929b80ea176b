"""A definition that is built wrongly says so: every fault, in its file, on its line."""

from collections import defaultdict
from pathlib import Path

import pytest

from forms.authoring.load import check_study, study_ids
from forms.texts import said

STUDIES = Path(__file__).parent / "studies"
BROKEN = STUDIES / "broken"


def expected_faults(folder):
    wanted = defaultdict(list)
    for path in folder.glob("*.yaml"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            pieces = [piece.strip() for piece in line.split("#!")[1:]]
            if pieces and not line.startswith("#"):
                wanted[path.name, number].extend(pieces)
    return wanted


def told_faults(folder):
    told = defaultdict(list)
    for fault in check_study(folder):
        told[Path(fault.file).name, fault.line].append(said(fault.text, "en"))
    return told


@pytest.mark.parametrize("name", ["broken", "bare", "odd"])
def test_every_fault_of_a_broken_study_is_told_on_its_line_and_nothing_else_is(name):
    wanted, told = expected_faults(STUDIES / name), told_faults(STUDIES / name)
    assert {where: len(pieces) for where, pieces in told.items()} == {where: len(p) for where, p in wanted.items()}
    for where, pieces in wanted.items():
        for piece in pieces:
            assert any(piece in text for text in told[where]), (where, piece, told[where])


def test_faults_come_in_the_order_of_files_and_lines_every_time():
    first = check_study(BROKEN)
    assert first == check_study(BROKEN)
    places = [(Path(fault.file).name != "study.yaml", fault.line) for fault in first]
    assert places == sorted(places)


def test_every_fault_has_words_in_chinese():
    for fault in check_study(BROKEN):
        assert any("一" <= letter <= "鿿" for letter in said(fault.text, "zh")), fault.text


def test_an_expression_nested_beyond_reason_is_a_fault_and_no_crash(tmp_path):
    text = (STUDIES / "odd" / "study.yaml").read_text(encoding="utf-8")
    (tmp_path / "study.yaml").write_text(
        text.replace('holds: ""', f'holds: "{"(" * 5000}1{")" * 5000}"'), encoding="utf-8"
    )
    assert len(check_study(tmp_path)) == len(check_study(STUDIES / "odd"))


@pytest.mark.parametrize("study", study_ids())
def test_a_shipped_study_has_no_fault(study):
    assert [fault.in_language("en") for fault in check_study(study)] == []
