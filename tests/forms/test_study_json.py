"""The canonical JSON of a study: the same study, the same bytes, whatever wrote them."""

import json
import subprocess
import sys
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from forms.authoring.load import read_study, study_ids
from forms.errors import Trouble
from forms.study import canonical
from forms.study.definition import Bounds


@pytest.fixture(scope="module")
def ankl():
    return read_study("ankl")


@pytest.mark.parametrize("name", study_ids())
def test_a_study_comes_back_equal_and_writes_the_same_bytes_again(name):
    study = read_study(name)
    data = canonical.dump(study)
    again = canonical.read(data)
    assert again == study
    assert canonical.dump(again) == data


def test_the_json_is_sorted_compact_and_has_no_number_but_whole_ones(ankl):
    data = canonical.dump(ankl)
    plain = json.loads(data, parse_float=lambda text: pytest.fail(f"a binary fraction: {text}"))
    assert json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == data


def test_decimals_keep_their_digits_and_are_never_written_with_an_exponent(ankl):
    form = ankl.forms[0]
    item = replace(form.groups[0].items[0], hard=Bounds(Decimal("0.10"), Decimal("1E+11")))
    changed = replace(ankl, forms=(replace(form, groups=(replace(form.groups[0], items=(item,)),)),))
    data = canonical.dump(changed)
    assert b'"hard":{"high":"100000000000","low":"0.10"}' in data
    assert str(canonical.read(data).forms[0].groups[0].items[0].hard.low) == "0.10"


def test_a_field_that_holds_its_default_is_left_out(ankl):
    assert b'"partial":false' not in canonical.dump(ankl)
    assert b'"checks":[]' not in canonical.dump(ankl)


def test_the_fingerprint_changes_with_any_word(ankl):
    other = replace(ankl, title={**ankl.title, "en": ankl.title["en"] + "."})
    one, two = (canonical.fingerprint(canonical.dump(study)) for study in (ankl, other))
    assert one != two
    assert len(one) == 64


def test_the_fingerprint_is_the_same_in_another_process_with_another_hash_seed(ankl):
    script = (
        "from forms.study import canonical as study_json; from forms.authoring.load import read_study;"
        "print(study_json.fingerprint(study_json.dump(read_study('ankl'))))"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONHASHSEED": "7", "PYTHONPATH": "."}, capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == canonical.fingerprint(canonical.dump(ankl))


def test_reading_json_loads_neither_pydantic_nor_yaml(ankl, tmp_path):
    path = tmp_path / "study.json"
    path.write_bytes(canonical.dump(ankl))
    script = (
        "import sys, pathlib; from forms.study import canonical as study_json;"
        f"study_json.read(pathlib.Path({str(path)!r}).read_bytes());"
        "print([name for name in ('pydantic', 'yaml') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], env={"PYTHONPATH": "."}, capture_output=True, check=True)
    assert told.stdout.decode().strip() == "[]"


def test_what_is_read_has_every_field_and_shares_none_that_can_change(ankl):
    again, once_more = canonical.read(canonical.dump(ankl)), canonical.read(canonical.dump(ankl))
    assert again == ankl
    assert vars(again).keys() >= {spec.name for spec in fields(ankl)}
    assert all(one.help is not other.help for one, other in zip(again.forms, once_more.forms, strict=True))


def test_a_record_without_a_field_it_needs_is_refused():
    with pytest.raises(Trouble):
        canonical.read(b'{"title": {}}')


@pytest.mark.parametrize("data", [b"", b"no json", b"[]", b"{}", b'{"id": 1, "nofield": 2}', b"\xff", b"[" * 100_000])
def test_bytes_that_hold_no_study_are_a_trouble_in_words(data):
    with pytest.raises(Trouble) as caught:
        canonical.read(data)
    assert "Restore a backup" in caught.value.in_language("en")
