"""The guide for study authors names everything there is."""

from dataclasses import fields
from pathlib import Path

import pytest

from forms.known import FOR_GRADES
from forms.load_check import RIGHTS
from forms.study import Event, Form, Item, ItemGroup, Study

GUIDE = (Path(__file__).parents[2] / "docs" / "study_authors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [Study, Event, Form, ItemGroup, Item])
def test_the_guide_speaks_of_every_field(kind):
    assert [spec.name for spec in fields(kind) if spec.name not in GUIDE] == []


@pytest.mark.parametrize("name", [*RIGHTS, *FOR_GRADES])
def test_the_guide_names_every_right_and_every_fact_the_program_needs(name):
    assert f"`{name}`" in GUIDE
