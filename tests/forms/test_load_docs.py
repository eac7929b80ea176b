"""The guide for study authors names everything there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from forms.authoring.load import check_study
from forms.authoring.meaning import RIGHTS
from forms.study.definition import Event, Form, Item, ItemGroup, Study
from forms.study.names import FOR_GRADES

GUIDE = (Path(__file__).parents[2] / "docs" / "study_authors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [Study, Event, Form, ItemGroup, Item])
def test_the_guide_speaks_of_every_field(kind):
    assert [spec.name for spec in fields(kind) if spec.name not in GUIDE] == []


@pytest.mark.parametrize("name", [*RIGHTS, *FOR_GRADES])
def test_the_guide_names_every_right_and_every_fact_the_program_needs(name):
    assert f"`{name}`" in GUIDE


def test_the_small_study_of_the_guide_is_sound(tmp_path):
    (tmp_path / "study.yaml").write_text(GUIDE.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")
    assert check_study(tmp_path) == ()
