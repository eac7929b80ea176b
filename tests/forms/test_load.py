"""YAML becomes a study: scalars stay what was written, and every structural fault is told with its line."""

import random
from decimal import Decimal
from pathlib import Path

import pytest

from forms.authoring.load import StudyFaults, check_study, read_study, study_ids
from forms.authoring.yaml_source import read_files
from forms.errors import Refusal

HEAD = """\
id: tiny
version: "1"
registry: none
ctcae: "5.0"
languages: [en, zh]
title: {en: Tiny, zh: 小}
short_title: {en: Tiny, zh: 小}
"""
BODY = """\
codelists:
  - id: ANSWER
    label: {en: Answer, zh: 回答}
    codes:
      - {code: NO, label: {en: No, zh: 否}}
      - {code: 012, label: {en: Twelve, zh: 十二}}
      - {code: 12:30, label: {en: Time, zh: 时间}}
      - {code: 1.50, label: {en: Number, zh: 数}}
roles:
  - {id: nurse, label: {en: Nurse, zh: 护士}, rights: [read, enter, accounts]}
events:
  - {id: V, label: {en: Visit, zh: 访视}, kind: visit, date_item: A.DAY, forms: [{form: A}]}
forms:
  - id: A
    label: {en: A, zh: 甲}
    groups:
      - id: G
        label: {en: G, zh: 组}
        items:
          - {id: DAY, label: {en: Day, zh: 日期}, kind: date}
          - {id: ANS, label: {en: Answer, zh: 回答}, kind: code, codelist: ANSWER, required: true}
          - {id: NUM, label: {en: Number, zh: 数}, kind: number, units: [kg], decimals: 1, hard: {low: 0.10, high: 5}}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(StudyFaults) as caught:
        read_study(folder)
    return [(Path(fault.file).name, fault.line, fault.text["en"]) for fault in caught.value.faults]


def test_every_shipped_study_is_found_and_read():
    assert "ankl" in study_ids()
    assert read_study("ankl").id == "ankl"


def test_no_twelve_and_half_past_twelve_stay_text(tmp_path):
    study = read_study(write(tmp_path, study=HEAD + BODY))
    assert [code.code for code in study.codelists[0].codes] == ["NO", "012", "12:30", "1.50"]
    assert study.codelists[0].codes[0].label == {"en": "No", "zh": "否"}


def test_an_expression_written_as_true_is_the_expression_true(tmp_path):
    assert read_study(write(tmp_path, study=HEAD + BODY)).form_by_id["A"].items["ANS"].required == "true"


def test_numbers_keep_the_digits_they_were_written_with(tmp_path):
    hard = read_study(write(tmp_path, study=HEAD + BODY)).form_by_id["A"].items["NUM"].hard
    assert str(hard.low) == "0.10"
    assert hard.high == Decimal(5)


def test_a_sound_study_has_no_fault(tmp_path):
    assert check_study(write(tmp_path, study=HEAD + BODY)) == ()


def test_a_study_may_be_one_file_and_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + BODY).encode())
    assert read_study(path).id == "tiny"


def test_lists_go_on_from_file_to_file_with_study_yaml_first(tmp_path):
    more = "roles:\n  - {id: monitor, label: {en: Monitor, zh: 监查员}, rights: [read]}\n"
    study = read_study(write(tmp_path, a_more=more, study=HEAD + BODY))
    assert [role.id for role in study.roles] == ["nurse", "monitor"]


def test_a_fault_in_the_second_file_names_that_file_and_line(tmp_path):
    more = "roles:\n  - id: monitor\n    label: {en: Monitor, zh: 监查员}\n    rights: all\n"
    assert faults_of(write(tmp_path, a_more=more, study=HEAD + BODY)) == [
        ("a_more.yaml", 4, '"rights" must be a list.')
    ]


def test_a_single_value_in_two_files_is_refused(tmp_path):
    found = faults_of(write(tmp_path, study=HEAD + BODY, again="id: other\n"))
    assert found == [("again.yaml", 1, '"id" already stands in another file; only lists may be continued.')]


def test_a_key_written_twice_is_refused(tmp_path):
    found = faults_of(write(tmp_path, study=HEAD + "id: again\n" + BODY))
    assert found == [("study.yaml", 8, '"id" stands here a second time.')]


def test_a_misspelt_field_is_told_with_the_one_that_is_meant(tmp_path):
    found = faults_of(write(tmp_path, study=HEAD + BODY.replace("decimals:", "decimal:")))
    assert found == [("study.yaml", 29, 'There is no field "decimal" here. Is "decimals" meant?')]


def test_a_field_that_resembles_none_is_told_too(tmp_path):
    found = faults_of(write(tmp_path, study=HEAD + "qqqq: 1\n" + BODY))
    assert found == [("study.yaml", 8, found[0][2])]
    assert found[0][2].startswith('There is no field "qqqq" here. Fields here are: id, version, title')


def test_all_structural_faults_come_at_once_each_with_its_line(tmp_path):
    text = (HEAD + BODY).replace("kind: date}", "kind: day}").replace("decimals: 1", "decimals: one")
    text = text.replace("low: 0.10", "low: little").replace("    label: {en: A, zh: 甲}\n", "")
    text = text.replace("kind: visit,", "kind: visit, cycles: ~,").replace(
        "    groups:", "    repeat: perhaps\n    groups:"
    )
    assert faults_of(write(tmp_path, study=text)) == [
        ("study.yaml", 19, '"cycles" is empty; write a value or leave the line out.'),
        ("study.yaml", 21, '"label" is missing.'),
        ("study.yaml", 22, '"repeat" must be true or false, not perhaps.'),
        (
            "study.yaml",
            27,
            (
                "\"kind\" is day; it must be 'text', 'long', 'integer', 'number', 'date', 'datetime', "
                "'time', 'code' or 'codes'."
            ),
        ),
        ("study.yaml", 29, '"decimals" must be a whole number, not one.'),
        ("study.yaml", 29, '"low" must be a number, not little.'),
    ]


@pytest.mark.parametrize(
    ("text", "line", "piece"),
    [
        ("id: [1, 2", 2, "can't be read as YAML"),
        ("- a list\n", 1, "begins with names"),
        ("id: x\n<<: {a: 1}\n", 2, "Merging with <<"),
        ("id: !!python/object:os.system x\n", 1, "The tag"),
        ("? [a, b]\n: c\n", 1, "A name must be plain text"),
        ("title: &t {en: *t}\n", 1, "refers to itself"),
        ("title: &t\n  en: &u [*t]\n", 1, "refers to itself"),
        ("id: {deep: mapping}\n", 1, '"id" must be a text, not dict.'),
    ],
)
def test_yaml_that_is_no_plain_data_is_told_with_its_line(tmp_path, text, line, piece):
    found = faults_of(write(tmp_path, study=text))
    assert any(where == line and piece in words for _, where, words in found), found


def test_aliases_of_aliases_end_before_the_memory_does(tmp_path):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefg", "bcdefgh", strict=True)]
    found = faults_of(write(tmp_path, study="\n".join(lines)))
    assert any("too large" in words for _, _, words in found)


def test_deep_nesting_is_a_fault_and_no_crash(tmp_path):
    found = faults_of(write(tmp_path, study="id: " + "[" * 20_000 + "]" * 20_000))
    assert found


def test_a_file_with_a_control_character_is_told(tmp_path):
    assert "control character" in faults_of(write(tmp_path, study="id: a\x07b\n"))[0][2]


def test_no_slip_of_the_pen_is_answered_with_a_crash(tmp_path):
    die = random.Random(2024)
    text = HEAD + BODY
    for _ in range(400):
        at = die.randrange(len(text))
        slip = die.choice(["", *"x:,{}[]'\"#&*!|>-?@` 0\n\t$.", "null", "[]", "{}", "  "])
        write(tmp_path, study=text[:at] + slip + text[at + die.randrange(3) :])
        for fault in check_study(tmp_path):
            assert fault.line >= 1
            assert fault.in_language("zh")


def test_a_file_that_is_no_text_is_told(tmp_path):
    (tmp_path / "study.yaml").write_bytes(b"\xff\xfe\x00id")
    assert faults_of(tmp_path)[0] == ("study.yaml", 1, "The file can't be read as UTF-8 text.")


def test_an_empty_file_beside_the_others_is_nothing(tmp_path):
    assert read_study(write(tmp_path, study=HEAD + BODY, empty="# later\n")).id == "tiny"


def test_a_study_that_is_nowhere_is_a_refusal_that_names_what_there_is(tmp_path):
    with pytest.raises(Refusal) as caught:
        read_study("no-such-study")
    assert "ankl" in caught.value.in_language("en")
    with pytest.raises(Refusal):
        read_study(tmp_path)


def test_faults_can_be_read_in_both_languages_one_a_line(tmp_path):
    write(tmp_path, study=HEAD + "id: again\n" + BODY)
    with pytest.raises(StudyFaults) as caught:
        read_study(tmp_path)
    words = caught.value.in_language("zh").splitlines()
    assert words[0] == "研究定义中有1处错误。"
    assert words[1].endswith("study.yaml:8: “id”在此处重复出现。")
    assert str(caught.value).startswith("The study definition has 1 faults.")


def test_structure_at_fault_hides_no_question_of_meaning(tmp_path):
    folder = write(tmp_path, study=(HEAD + BODY).replace("kind: date}", "kind: day}"))
    assert [fault.line for fault in check_study(folder)] == [27]
    folder = write(tmp_path, study=(HEAD + BODY).replace("kind: date}", "kind: day}").replace("form: A}", "form: Z}"))
    said = [(fault.line, fault.in_language("en")) for fault in check_study(folder)]
    assert any(line == 27 and "day" in text for line, text in said)
    assert any('There is no form "Z"' in text for _, text in said)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("languages: [en, zh]", "languages: en"),
        ("{en: A, zh: 甲}", "A"),
        ("kind: date", "colour: red, kind: date"),
    ],
)
def test_a_fault_of_any_structure_leaves_an_unknown_form_to_be_told(tmp_path, before, after):
    text = (HEAD + BODY).replace("form: A}", "form: Z}")
    assert before in text
    told = [fault.in_language("en") for fault in check_study(write(tmp_path, study=text.replace(before, after, 1)))]
    assert len(told) > 1
    assert any('There is no form "Z"' in each for each in told)


def test_a_bare_item_is_no_condition(tmp_path):
    text = HEAD + BODY
    assert "kind: date}" in text
    folder = write(tmp_path, study=text.replace("kind: date}", "kind: date, show: DAY}", 1))
    assert [fault.line for fault in check_study(folder)] == [27]


def test_places_of_nested_parts_are_known(tmp_path):
    path = tmp_path / "study.yaml"
    path.write_text(HEAD + BODY, encoding="utf-8")
    source = read_files((path,), {path: "study.yaml"})
    assert source.place(("forms", 0, "groups", 0, "items", 1, "codelist")) == ("study.yaml", 28)
    assert source.place(("forms", 0, "groups", 0, "items", 1, "label", "fr")) == ("study.yaml", 28)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_file_nested_without_end_is_told_with_its_line_and_no_crash(tmp_path, opening):
    text = "id: x\nforms:\n  " + opening * 30_000
    if opening == "- ":
        text = "id: x\nforms:\n" + "".join(f"{' ' * depth}-\n" for depth in range(600))
    ((file, line, words),) = faults_of(write(tmp_path, study=text))
    assert "nested too deeply" in words
    assert (file, line) == ("study.yaml", 3 if opening != "- " else line)


@pytest.mark.parametrize(
    ("text", "line", "remedy"),
    [
        ("id: tiny\ntitle: Dose: how much", 2, "put the text in quotes"),
        ("id: tiny\ntitle: @home", 2, "put the text in quotes"),
        ("id: tiny\nforms: [a, b", 3, "opened in line 2"),
        ("id: tiny\ntitle: {en: 'x, zh: y}\n", 3, "opened in line 2"),
        ("id: tiny\nforms:\n\t- id: A", 3, "spaces, not with tabs"),
        ("id: tiny\nforms:\n    a: 1\n  b: 2", 4, "with spaces"),
        ("id: tiny\n---\nid: two", 2, "one definition"),
        ("id: tiny\nevents: *visits", 2, "&name"),
    ],
)
def test_what_is_no_yaml_is_told_with_what_to_do(tmp_path, text, line, remedy):
    ((_, told, words),) = faults_of(write(tmp_path, study=text))
    assert told == line
    assert remedy in words


def test_a_comma_that_ends_a_text_by_mistake_is_told_as_such(tmp_path):
    head = HEAD.replace("{en: Tiny, zh: 小}", "{en: Tiny, because, zh: 小}", 1)
    found = faults_of(write(tmp_path, study=head + BODY))
    assert [line for _, line, _ in found] == [6]
    assert "quotes" in found[0][2]


def test_links_in_a_definition_are_told_and_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "more.yaml").write_text("synopsis: {en: stolen, zh: 外}\n", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    write(inside, study=HEAD + BODY)
    (inside / "linked.yaml").symlink_to(outside / "more.yaml")
    (inside / "folder").symlink_to(outside, target_is_directory=True)
    found = faults_of(inside)
    assert sorted((name, line) for name, line, _ in found) == [("folder", 1), ("linked.yaml", 1)]
    assert all("not followed" in words for *_, words in found)


@pytest.mark.parametrize("name", ["../../x", "a/b", "a\\b", "..", "con", "x" * 41, "1a", "a b", "-a", "é"])
def test_an_id_that_is_no_plain_name_of_a_folder_is_a_fault(tmp_path, name):
    write(tmp_path, study=(HEAD + BODY).replace("id: tiny", f"id: '{name}'", 1))
    told = [fault for fault in check_study(tmp_path) if "The id of the study" in fault.text["en"]]
    assert [fault.line for fault in told] == [1]
