"""`main.py grade`: a file of measurements in, a file of grades out, whatever its length and whatever is wrong in it."""

from __future__ import annotations

import io
import json
import tracemalloc
from pathlib import Path

import pytest

from ui.commands.grade import LONGEST_LINE, run

PLATELETS = {"id": "a", "analyte": "Platelets", "value": 42, "unit": "10^9/L", "lln": 125, "uln": 350}
POTASSIUM = {"id": 7, "analyte": "Potassium", "value": "3.2", "unit": "mmol/L", "lln": "3.5", "uln": "5.3"}


@pytest.fixture
def graded(tmp_path: Path):
    def grade_lines(*lines: str, version: str = "5.0", language: str = "en") -> tuple[int, list[dict], str]:
        source, sink, errors = tmp_path / "in.jsonl", tmp_path / "out.jsonl", io.StringIO()
        source.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))
        code = run(str(source), str(sink), version, language, errors)
        answers = [json.loads(line) for line in sink.read_text(encoding="utf-8").splitlines()]
        return code, answers, errors.getvalue().replace(str(source), "in.jsonl")

    return grade_lines


def test_a_measurement_comes_back_with_its_id_and_its_whole_working(graded) -> None:
    code, answers, errors = graded(json.dumps(PLATELETS))
    assert (code, errors) == (0, "")
    (answer,) = answers
    assert answer["id"] == "a"
    (found,) = answer["grades"]
    assert (
        found.items()
        >= {
            "term": "Platelet count decreased",
            "code": "10035528",
            "version": "5.0",
            "direction": "low",
            "grade": 3,
            "candidates": [],
            "asks": [],
            "reason": "",
            "bound": "25 <= x < 50",
            "branch": "",
            "caveats": [],
        }.items()
    )
    assert found["text"].startswith("Platelet count decreased: grade 3 (CTCAE 5.0)")


@pytest.mark.parametrize("told", ["28.5", '{"row": [1, 2.25]}', "null", "true", '"\\ud800"', '"病人 😀"'])
def test_whatever_stands_as_id_comes_back_the_same(graded, told: str) -> None:
    code, (answer,), errors = graded(json.dumps(PLATELETS).replace('"a"', told))
    assert (code, errors, answer["id"]) == (0, "", json.loads(told))


def test_an_id_that_no_json_number_can_hold_is_a_malformed_line(graded) -> None:
    code, answers, errors = graded(json.dumps(PLATELETS).replace('"a"', "1e999"), json.dumps(POTASSIUM))
    assert (code, [answer["id"] for answer in answers]) == (1, [7])
    assert errors.startswith("in.jsonl:1: 1: ")


def test_each_term_a_measurement_speaks_of_is_one_grade(graded) -> None:
    _, (answer,), _ = graded(json.dumps(POTASSIUM))
    assert [(found["term"], found["grade"], found["candidates"]) for found in answer["grades"]] == [
        ("Hyperkalemia", 0, []),
        ("Hypokalemia", None, [1, 2]),
    ]
    assert answer["grades"][1]["asks"]
    assert answer["grades"][1]["reason"]


def test_only_the_term_asked_for_is_graded(graded) -> None:
    _, (answer,), _ = graded(json.dumps({**POTASSIUM, "term": "Hypokalemia", "context": {"symptomatic": True}}))
    assert [(found["term"], found["grade"]) for found in answer["grades"]] == [("Hypokalemia", 2)]


def test_the_edition_asked_for_grades(graded) -> None:
    line = json.dumps({"id": 1, "analyte": "Neutrophils (ANC)", "value": 0.4, "unit": "10^9/L", "lln": 1.8})
    assert graded(line, version="5.0")[1][0]["grades"][0]["grade"] == 4
    assert graded(line, version="6.0")[1][0]["grades"][0]["grade"] == 3


def test_numbers_are_read_as_written_and_not_as_floats(graded) -> None:
    line = '{"id": 1, "analyte": "Fibrinogen", "value": 2.1, "unit": "g/L", "lln": 2.80}'
    (found,) = graded(line)[1][0]["grades"]
    assert (found["grade"], found["bound"]) == (1, "0.75*LLN (2.1) <= x < LLN (2.8)")


def test_second_inputs_and_answers_are_taken(graded) -> None:
    line = {
        "id": 1,
        "analyte": "ANC + temperature",
        "value": "0.4",
        "unit": "10^9/L",
        "with": {"Body temperature": "38.2"},
        "context": {"persist_1h": True},
    }
    assert graded(json.dumps(line))[1][0]["grades"][0]["grade"] == 3


def test_an_unknown_measurement_gets_no_grades_and_a_reason(graded) -> None:
    code, (answer,), _ = graded(json.dumps({**PLATELETS, "analyte": "Unicorn dust"}))
    assert code == 0
    assert answer["id"] == "a"
    assert answer["grades"] == []
    assert "Unicorn dust" in answer["reason"]


def test_a_term_the_measurement_does_not_speak_of_gets_a_reason(graded) -> None:
    _, (answer,), _ = graded(json.dumps({**PLATELETS, "term": "Anemia"}))
    assert answer["grades"] == []
    assert "Anemia" in answer["reason"]


def test_an_unknown_unit_is_answered_with_null_and_a_reason(graded) -> None:
    _, (answer,), _ = graded(json.dumps({**PLATELETS, "unit": "spoons"}))
    assert answer["grades"][0]["grade"] is None
    assert "spoons" in answer["grades"][0]["reason"]


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("{", "in.jsonl:2: 2:"),
        ('{"analyte": "Platelets", 1}', "in.jsonl:2: 26:"),
        ("[1, 2]", "in.jsonl:2: 1:"),
        ('"Platelets"', "in.jsonl:2: 1:"),
        ('{"id": 1}', "in.jsonl:2: 1:"),
        ('{"analyte": 5}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "value": [1]}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "value": true}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "value": NaN}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "context": "fasting"}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "unit": 9}', "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets"} {"analyte": "Platelets"}', "in.jsonl:2: 25:"),
        ('{"analyte": "Platelets", "value": "1", "value": "140"}', "in.jsonl:2: 40:"),
        ('{"analyte": "Platelets", "analyte": "Sodium"}', "in.jsonl:2: 26:"),
        ('{"analyte": "Platelets", "context": {"a": 1, "a": 2}}', "in.jsonl:2: 46:"),
        ("\udcff\udcfe", "in.jsonl:2: 1:"),
        ("[" * 100_000, "in.jsonl:2: 1:"),
        ('{"analyte": "Platelets", "value": ' + "9" * 5000 + "}", "in.jsonl:2: 1:"),
    ],
)
def test_a_malformed_line_is_named_and_the_others_are_graded(graded, bad: str, place: str) -> None:
    code, answers, errors = graded(json.dumps(PLATELETS), bad, json.dumps(POTASSIUM))
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", 7]
    assert errors.startswith(place)
    assert errors.count("\n") == 1


def test_a_line_without_end_is_malformed_and_not_kept(graded) -> None:
    code, answers, errors = graded('{"analyte": "' + "x" * (LONGEST_LINE * 2) + '"}', json.dumps(PLATELETS))
    assert code == 1
    assert len(answers) == 1
    assert errors.startswith("in.jsonl:1: ")


def test_blank_lines_and_a_byte_order_mark_are_no_faults(graded) -> None:
    code, answers, _ = graded("\ufeff" + json.dumps(PLATELETS), "", "   ", json.dumps(POTASSIUM), "")
    assert code == 0
    assert len(answers) == 2


def test_the_words_come_in_the_language_asked_for(graded) -> None:
    _, (answer,), _ = graded(json.dumps(PLATELETS), language="zh")
    assert answer["grades"][0]["text"].startswith("血小板计数降低：3 级")


def test_an_edition_that_is_not_here_is_wrong_usage(tmp_path: Path) -> None:
    errors = io.StringIO()
    assert run(str(tmp_path / "in"), str(tmp_path / "out"), "3.0", "en", errors) == 2
    assert "5.0" in errors.getvalue()


def test_the_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(PLATELETS))
    assert run(str(source), str(source), "5.0", "en", io.StringIO()) == 2
    assert json.loads(source.read_text()) == PLATELETS


def test_an_input_that_is_named_like_a_part_of_the_output_stays_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "out.jsonl.part"
    source.write_text(json.dumps(PLATELETS))
    assert run(str(source), str(tmp_path / "out.jsonl"), "5.0", "en", io.StringIO()) == 0
    assert json.loads(source.read_text()) == PLATELETS
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 1


def test_the_input_under_another_name_is_still_the_input(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(PLATELETS))
    (tmp_path / "link.jsonl").hardlink_to(source)
    assert run(str(source), str(tmp_path / "link.jsonl"), "5.0", "en", io.StringIO()) == 2


def test_grades_are_not_written_over_a_store(tmp_path: Path) -> None:
    source, store = tmp_path / "in.jsonl", tmp_path / "trial.casebook"
    source.write_text(json.dumps(PLATELETS))
    store.mkdir()
    (store / "store.db").write_bytes(b"precious")
    assert run(str(source), str(store / "store.db"), "5.0", "en", io.StringIO()) == 2
    assert (store / "store.db").read_bytes() == b"precious"


def test_a_device_is_written_to_and_stays_a_device(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(PLATELETS))
    assert run(str(source), "/dev/null", "5.0", "en", io.StringIO()) == 0
    assert not Path("/dev/null").is_file()


def test_a_missing_file_is_trouble_and_leaves_nothing(tmp_path: Path) -> None:
    errors = io.StringIO()
    assert run(str(tmp_path / "none.jsonl"), str(tmp_path / "out.jsonl"), "5.0", "en", errors) == 3
    assert "none.jsonl" in errors.getvalue()
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / "in.jsonl"
        source.write_text("\n".join(json.dumps({**PLATELETS, "value": str(n % 400)}) for n in range(count)))
        tracemalloc.start()
        run(str(source), str(tmp_path / "out.jsonl"), "5.0", "en", io.StringIO())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    kept_lines_would_take = 8_000 * 1_000
    assert peak(8000) < peak(1000) + kept_lines_would_take / 4


def test_the_same_line_gives_the_same_answer_wherever_it_stands(graded) -> None:
    lines = [json.dumps({**POTASSIUM, "id": n, "value": str(n / 10)}) for n in range(20, 80)]
    forward = {answer["id"]: answer for answer in graded(*lines)[1]}
    backward = {answer["id"]: answer for answer in graded(*reversed(lines))[1]}
    assert forward == backward


def test_standard_input_and_output_are_a_dash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Console:
        def __init__(self, text: str = "") -> None:
            self.buffer = io.BytesIO(text.encode())

    given, taken = Console(json.dumps(PLATELETS)), Console()
    monkeypatch.setattr("sys.stdin", given)
    monkeypatch.setattr("sys.stdout", taken)
    assert run("-", "-", "5.0", "en", io.StringIO()) == 0
    assert json.loads(taken.buffer.getvalue())["id"] == "a"


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    source = tmp_path / "in.jsonl"
    source.write_text((json.dumps({**PLATELETS, "analyte": "?"}) + "\n") * 10_001)
    shown = Terminal()
    assert run(str(source), str(tmp_path / "out.jsonl"), "5.0", "en", shown) == 0
    assert "10,000" in shown.getvalue()


@pytest.mark.parametrize(
    ("line", "language", "told"),
    [
        ('{"id": 1, "analyte": "ALT", "value": ' + "9" * 5000 + "}", "en", "a number has too many digits"),
        ('{"id": 1, "analyte": "ALT", "value": 1e99999999999999999999}', "en", "a number has too many digits"),
        ("[" * 100_000, "en", "too deep"),
        ("[" * 100_000, "zh", "嵌套过深"),
        ('{"id": 1, "analyte": "ALT", "value": NaN}', "en", "NaN"),
        ('{"id": 1, "analyte": "ALT", "value": -Infinity}', "en", "-Infinity"),
    ],
    ids=["digits", "exponent", "depth", "depth in Chinese", "nan", "infinity"],
)
def test_a_line_that_breaks_the_reader_is_told_in_plain_words(graded, line: str, language: str, told: str) -> None:
    code, answers, errors = graded(line, json.dumps(PLATELETS), language=language)
    assert (code, [answer["id"] for answer in answers]) == (1, ["a"])
    assert errors.startswith("in.jsonl:1: 1: ")
    assert told in errors
    assert "sys." not in errors


def test_an_answer_is_the_json_that_any_reader_would_write(graded, tmp_path: Path) -> None:
    lines = [json.dumps({**POTASSIUM, "id": value}) for value in (1, 'é"\\', None, [1, {"a": 2.5}])]
    graded(*lines)
    for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines():
        assert json.dumps(json.loads(line), ensure_ascii=False) == line


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1, "analyte": "ALT", "value": 100, "unit": "U/L", "uln": 40, "unit": "ukat/L"}',
        '{"id": 1, "analyte": "INR", "value": 2, "unit": "ratio", "context": {"fasting": true, "fasting": false}}',
    ],
)
def test_a_key_given_twice_is_a_malformed_line(graded, line: str) -> None:
    code, answers, errors = graded(line, json.dumps(PLATELETS))
    assert (code, [answer["id"] for answer in answers]) == (1, ["a"])
    assert "twice" in errors


def test_a_diagnosis_is_proposed_only_when_it_is_asked_for_by_name(graded) -> None:
    bilirubin = {"id": 1, "analyte": "BILI", "value": "60", "unit": "umol/L", "uln": "20"}
    filtration = {"id": 2, "analyte": "eGFR", "value": "20", "unit": "mL/min/1.73m2", "lln": "90"}
    asked = {**bilirubin, "id": 3, "term": "sinusoidal obstruction syndrome"}
    by_chinese_name = {**filtration, "id": 4, "term": "慢性肾脏病"}
    _, answers, _ = graded(*map(json.dumps, (bilirubin, filtration, asked, by_chinese_name)))
    assert [[one["term"] for one in answer["grades"]] for answer in answers] == [
        ["Blood bilirubin increased"],
        [],
        ["Sinusoidal obstruction syndrome"],
        ["Chronic kidney disease"],
    ]
    assert answers[1]["reason"] == (
        '"eGFR" is used only for Chronic kidney disease, which presupposes the diagnosis; ask for it by name in "term"'
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"analyte": "CD4", "value": "30", "unit": "1/uL", "lln": "450"}, 4),
        ({"analyte": "Neutrophils, absolute", "value": "1.2", "unit": "G/L", "lln": "1.8"}, 2),
        ({"analyte": "血清白蛋白", "value": "28", "unit": "G/L", "lln": "38"}, 2),
        ({"analyte": "777-3", "value": "30", "unit": "10*3/uL", "lln": "140"}, 3),
        ({"analyte": "PLAT", "value": "30000", "unit": "1/uL", "lln": "140000"}, 3),
        ({"analyte": "SGPT", "value": "450", "unit": "[iU]/L", "uln": "45"}, 3),
        ({"analyte": "QTc", "value": "485", "unit": "msec", "baseline": "415"}, 3),
        ({"analyte": "QTcB", "value": "0.49", "unit": "sec"}, 2),
        ({"analyte": "血肌酐", "value": "2.0", "unit": "mg/dl", "uln": "1.2", "baseline": "1.0"}, 2),
        ({"analyte": "INR", "value": "1.9", "unit": "{INR}", "uln": "1.2"}, 2),
        ({"analyte": "ALT", "value": "101", "uln": "20"}, 3),
    ],
)
def test_names_and_units_are_taken_as_laboratories_write_them(graded, line: dict, expected: int) -> None:
    _, (answer,), _ = graded(json.dumps({"id": 1, **line}))
    assert max(one["grade"] or 0 for one in answer["grades"]) == expected


def test_second_inputs_are_known_by_other_names_too(graded) -> None:
    fever = {"analyte": "ANC", "value": "0.3", "unit": "K/uL", "lln": "1.8", "with": {"体温": "38.6 Cel"}}
    calcium = {"analyte": "血清钙", "value": "1.9", "unit": "mmol/L", "lln": "2.1", "with": {"ALB": "2.0 g/dL"}}
    _, (first, second), _ = graded(json.dumps({"id": 1, **fever}), json.dumps({"id": 2, **calcium}))
    assert {one["term"]: one["grade"] for one in first["grades"]}["Febrile neutropenia"] == 3
    low = next(one for one in second["grades"] if one["term"] == "Hypocalcemia")
    assert low["grade"] == 0
    assert "2.3" in low["text"]


def test_an_unknown_name_is_answered_with_near_ones_and_a_known_one_without_criteria_is_not(graded) -> None:
    typo, ferritin = {"id": 1, "analyte": "Plateletes", "value": "9"}, {"id": 2, "analyte": "铁蛋白", "value": "9"}
    _, (first, second), _ = graded(json.dumps(typo), json.dumps(ferritin))
    assert first["reason"] == '"Plateletes" is not known as a measurement. Did you mean Platelets?'
    assert second["reason"] == '"铁蛋白" is not a measurement that CTCAE 5.0 judges by a number'
    _, (answer,), _ = graded(json.dumps(typo), language="zh")
    assert answer["reason"] == "没有名为“Plateletes”的检测项目。是否指 Platelets？"
