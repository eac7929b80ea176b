"""A new version of the study in a store with data: what keeps its version, what gets the new one, what is refused."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from db.casebook.worklist import find_tasks
from db.clock import clock_of
from db.incoming.amend import amend, plan_definition
from db.incoming.data_file import import_csv
from db.proof.verify import verify
from forms.course.schedule import schedule
from forms.errors import NeedsReason, Refusal
from forms.sheet.follow import recompute
from forms.study.definition import Bounds, Check
from forms.subject.in_force import is_to_consent
from reports.pdf.casebook.report import render
from tests.builders.versions import (
    next_version,
    with_event,
    with_form,
    with_item,
    with_new_item,
    with_right,
    without_item,
)
from tests.db.stores import PASSPHRASE, START, at, fill_screening, hands, key, new_store, reopened, site_study
from tests.forms.small_study import item, words

APPROVED = "2025-02-20"
WHO = "AN-001"


def first():
    study = with_right(with_right(site_study(), "investigator", "study"), "investigator", "import")
    return with_new_item(study, "DM", item("RECDAT", "date"))


def second(**amendment):
    return with_new_item(next_version(first(), **amendment), "VS", item("PULSE", "integer", soft=Bounds(Decimal(40))))


@pytest.fixture
def book(tmp_path):
    made = new_store(tmp_path, role="investigator", study=first())
    fill_screening(made)
    yield made
    made.close()


def put(book, study, *, accept=False, why="amendment 2"):
    return amend(book, study, APPROVED, why, accept=accept)


def items_of(book, form, event="C_D1"):
    return set(book.sheet(key(WHO, event, form)).form.items)


def test_a_begun_visit_keeps_its_version_and_a_new_one_uses_the_new(book):
    put(book, second())
    assert "PULSE" not in items_of(book, "VS", "SCR")
    assert "PULSE" in items_of(book, "VS", "C_D1")


def test_each_entry_carries_the_version_that_judged_it(book):
    old = book.definition[:16]
    put(book, second())
    book.enter(at(WHO, "SCR", "VS", "TEMP"), "36.8")
    book.enter(at(WHO, "C_D1", "VS", "PULSE"), "70")
    told = [book.history(at(WHO, *where))[-1].definition for where in (("SCR", "VS", "TEMP"), ("C_D1", "VS", "PULSE"))]
    assert told == [old, book.definition[:16]]


def test_an_item_of_the_new_version_cannot_be_entered_in_a_visit_that_keeps_the_old_one(book):
    put(book, second())
    with pytest.raises(Refusal, match="PULSE"):
        book.enter(at(WHO, "SCR", "VS", "PULSE"), "70")


def test_a_visit_is_judged_by_the_version_that_applied_on_its_day(book):
    put(book, second(since="2025-02-25"))
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-20")
    assert "PULSE" not in items_of(book, "VS")
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-26", why="slip")
    assert "PULSE" in items_of(book, "VS")


HEAD = "subject,event,event_no,form,form_no,row,item,value,unit,missing"


def test_a_file_is_read_by_the_version_that_judges_each_visit(book, tmp_path):
    put(book, without_item(second(), "VS", "TEMP"))
    file = tmp_path / "d.csv"
    file.write_text(f"{HEAD}\n{WHO},SCR,1,VS,1,1,TEMP,36.8,,\n{WHO},C_D1,1,VS,1,1,PULSE,70,,\n", "utf-8")
    assert not import_csv(book, file).faults
    position = book.position()
    file.write_text(f"{HEAD}\n{WHO},SCR,1,VS,1,1,PULSE,70,,\n{WHO},C_D1,1,VS,1,1,TEMP,36.8,,\n", "utf-8")
    assert [fault.line for fault in import_csv(book, file).faults] == [2, 3]
    assert book.position() == position


def test_an_item_that_the_version_of_that_day_did_not_have_is_refused(book, tmp_path):
    put(book, second(since="2025-02-25"))
    file = tmp_path / "d.csv"
    file.write_text(f"{HEAD}\n{WHO},C_D1,1,SV,1,1,SVDAT,2025-02-20,,\n{WHO},C_D1,1,VS,1,1,PULSE,70,,\n", "utf-8")
    position = book.position()
    with pytest.raises(Refusal, match="PULSE"):
        import_csv(book, file)
    assert book.position() == position


def test_correcting_the_day_of_a_visit_begun_before_the_amendment_moves_it_to_no_other_version(book):
    put(book, second(since="2025-02-25"))
    book.enter(at(WHO, "SCR", "SV", "SVDAT"), "2025-02-27", why="slip")
    assert "PULSE" not in items_of(book, "VS", "SCR")


def test_the_window_of_a_begun_visit_is_that_of_its_version(book):
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-11")
    put(book, with_event(second(), "C_D1", before=0, after=0))
    told = {(visit.event, visit.event_no): visit for visit in schedule(book.subject(WHO))}
    assert told["C_D1", "1"].status == "done"
    assert told["C_D1", "2"].earliest == told["C_D1", "2"].latest


def test_checks_of_a_begun_visit_are_those_of_its_version(book):
    study = with_form(
        second(), "VS", lambda form: replace(form, checks=(Check("VS.none", "WEIGHT > 500", words("Too light")),))
    )
    put(book, study)
    assert book.sheet(key(WHO, "SCR", "VS")).findings == ()
    book.enter(at(WHO, "C_D1", "VS", "WEIGHT"), "60")
    assert [finding.rule for finding in book.sheet(key(WHO, "C_D1", "VS")).findings] == ["VS.none"]


def test_a_version_that_begun_visits_follow_shows_its_fields_in_them(book):
    put(book, second(begun="follow"))
    assert "PULSE" in items_of(book, "VS", "SCR")


def test_a_version_by_re_consent_applies_to_a_subject_from_then_on(book):
    version = second(consent="SCR.DM.RECDAT")
    assert plan_definition(book, version).to_consent == (WHO,)
    put(book, version)
    assert is_to_consent(book.subject(WHO), book.versions[-1], 1)
    assert "PULSE" not in items_of(book, "VS")
    book.enter(at(WHO, "SCR", "DM", "RECDAT"), "2025-02-28")
    assert "PULSE" in items_of(book, "VS")
    assert "PULSE" not in items_of(book, "VS", "SCR")
    assert not is_to_consent(book.subject(WHO), book.versions[-1], 1)


def consents(book):
    return [
        (task.subject, task.version) for task in find_tasks(book, {}, tick=lambda *_: None) if task.kind == "consent"
    ]


def test_today_lists_who_has_to_re_consent_until_they_have(book):
    assert consents(book) == []
    put(book, second(consent="SCR.DM.RECDAT"))
    assert consents(book) == [(WHO, "2")]
    book.enter(at(WHO, "SCR", "DM", "RECDAT"), "2025-02-28")
    assert consents(book) == []


def test_who_is_taken_in_after_the_amendment_needs_no_re_consent(book):
    put(book, second(consent="SCR.DM.RECDAT"))
    book.add_subject("AN-002")
    assert "PULSE" in set(book.sheet(key("AN-002", "SCR", "VS")).form.items)


def test_only_those_asked_have_to_re_consent(book):
    assert plan_definition(book, second(consent="SCR.DM.RECDAT", who="SCR.DM.SEX = 'M'")).to_consent == ()


def test_what_follows_in_visits_of_two_versions_is_what_recomputing_gives(book):
    changed = with_item(second(since="2025-02-25"), "VS", "BSA", derive="HEIGHT * WEIGHT / 10000")
    put(book, changed)
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-26")
    for event, name, text in (("C_D1", "HEIGHT", "166"), ("C_D1", "WEIGHT", "61"), ("SCR", "WEIGHT", "62")):
        book.enter(at(WHO, event, "VS", name), text, why="slip")
    subject = book.subject(WHO)
    assert recompute(subject)[1] == {}
    assert subject.value(at(WHO, "SCR", "VS", "BSA")).value == "1.6857"
    assert subject.value(at(WHO, "C_D1", "VS", "BSA")).value == "1.0126"


def test_the_dry_run_tells_exactly_what_the_act_writes(book):
    version = with_item(second(begun="follow"), "VS", "BSA", derive="HEIGHT * WEIGHT / 10000")
    plan = plan_definition(book, version)
    changes = put(book, version, accept=True)
    assert {effect.place for effect in plan.differences} == set(changes.places) != set()
    assert all(book.history(effect.place)[-1].value == effect.after for effect in plan.differences)


def test_the_store_is_sound_with_two_versions_and_says_the_same_when_it_is_opened_again(book, tmp_path):
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-11")
    put(book, second(consent="SCR.DM.RECDAT"))
    book.add_subject("AN-002")
    book.enter(at("AN-002", "SCR", "SV", "SVDAT"), "2025-03-01")
    book.enter(at(WHO, "SCR", "VS", "TEMP"), "36.8")
    book.close()
    assert verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE).faults == ()
    again = reopened(tmp_path)
    assert "PULSE" not in set(again.sheet(key(WHO, "C_D1", "VS")).form.items)
    told = again.dataset().subjects
    assert "PULSE" not in told[0].subject.judging("SCR").study.form_by_id["VS"].items
    assert "PULSE" in told[1].subject.judging("SCR").study.form_by_id["VS"].items
    again.close()


def test_a_report_as_of_before_the_amendment_knows_the_old_version_alone(book):
    position = book.position()
    put(book, second())
    told = book.dataset(as_of=str(position))
    assert [version.study.version for version in told.history] == ["1"]
    assert [version.approved for version in book.dataset().history] == ["", APPROVED]


# --- refused -----------------------------------------------------------------------------------------------------


def kinds(book, study):
    return {effect.kind for effect in plan_definition(book, study).effects}


def refused(book, study, *, accept=True, match=".", approved=APPROVED):
    position = book.position()
    with pytest.raises(Refusal, match=match):
        amend(book, study, approved, "amendment 2", accept=accept)
    assert (book.position(), book.study.version) == (position, "1")


def test_dropping_an_item_that_holds_data_is_refused(book):
    version = without_item(second(begun="follow"), "VS", "HEIGHT")
    assert "lost" in kinds(book, version)
    refused(book, version, match="HEIGHT")


def test_dropping_an_item_whose_data_lie_in_visits_that_keep_their_version_has_to_be_accepted(book):
    version = without_item(second(), "VS", "TEMP")
    book.enter(at(WHO, "SCR", "VS", "TEMP"), "36.8")
    assert kinds(book, version) == {"unseen"}
    refused(book, version, accept=False)
    put(book, version, accept=True)
    assert book.sheet(key(WHO, "SCR", "VS")).cell("TEMP").value.value == "36.8"


def test_renaming_a_code_that_is_in_use_is_refused(book):
    sex = next(each for each in first().codelists if each.id == "SEX")
    renamed = replace(sex, codes=tuple(replace(each, code={"F": "W"}.get(each.code, each.code)) for each in sex.codes))
    lists = tuple(renamed if each.id == "SEX" else each for each in first().codelists)
    version = replace(second(begun="follow"), codelists=lists)
    assert "code" in kinds(book, version)
    refused(book, version, match="SEX")


def test_a_narrower_limit_that_data_break_has_to_be_accepted(book):
    version = with_item(second(begun="follow"), "VS", "WEIGHT", soft=Bounds(Decimal(70), Decimal(120)))
    assert "limit" in kinds(book, version)
    refused(book, version, accept=False)
    put(book, version, accept=True)


def test_a_narrower_window_that_visits_fall_out_of_has_to_be_accepted(book):
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-02-11")
    version = with_event(second(begun="follow"), "C_D1", before=0, after=0)
    assert "window" in kinds(book, version)
    refused(book, version, accept=False)


@pytest.mark.parametrize("version", ["1", "0.9", "1.0"])
def test_a_version_that_is_no_newer_is_refused(book, version):
    refused(book, replace(second(), version=version) if version != "1.0" else replace(second(), version="1"))


def test_versions_are_ordered_by_their_numbers(book):
    put(book, replace(second(), version="1.9"))
    with pytest.raises(Refusal, match=r"1\.9"):
        amend(book, replace(second(), version="1.8"), APPROVED, "back")
    put(book, replace(second(), version="1.10"))
    assert book.study.version == "1.10"


def test_another_study_is_refused(book):
    refused(book, replace(second(), id="OTHER"), match="OTHER")


def test_a_version_that_was_in_force_is_refused(book):
    old = book.study
    put(book, second())
    with pytest.raises(Refusal):
        amend(book, old, APPROVED, "back")


@pytest.mark.parametrize("approved", ["", "20 Feb", "2025-13-01", "2031-01-01"])
def test_without_a_day_of_approval_up_to_today_nothing_is_put_in_force(book, approved):
    refused(book, second(), approved=approved)


def test_a_version_that_would_apply_before_its_approval_is_refused(book):
    refused(book, second(since="2025-02-10"), match="2025-02-10")


def test_a_version_that_applies_later_is_put_in_force_then(book):
    refused(book, second(since="2025-03-05"), match="2025-03-05")


def test_a_version_without_the_role_of_somebody_who_works_here_is_refused(book):
    roles = tuple(role for role in second().roles if role.id != "investigator")
    refused(book, replace(second(), roles=roles), match="investigator")


def test_a_re_consent_that_could_not_be_entered_is_refused(book):
    refused(book, second(consent="SCR.VS.PULSE + SCR.SV.SVDAT"), match="PULSE")


def test_without_a_reason_nothing_is_put_in_force(book):
    with pytest.raises(NeedsReason):
        put(book, second(), why=" ")


def test_who_may_not_is_refused(tmp_path):
    made = new_store(tmp_path, role="nurse", study=first())
    with pytest.raises(Refusal):
        put(made, second())
    made.close()


KILLED = """
import os, signal, sys
from pathlib import Path
import db.incoming.amend as amending
from tests.db.test_versions import APPROVED, reopened, second
book = reopened(Path(sys.argv[1]))
write, seen = amending.write_anew, []
def dies(*given):
    seen.append(write(*given))
    if len(seen) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return seen[-1]
amending.write_anew = dies
amending.amend(book, second(begun="follow"), APPROVED, "amendment 2", accept=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal on this system")
def test_an_amendment_killed_midway_leaves_the_old_version_whole(tmp_path):
    made = new_store(tmp_path, role="investigator", study=first())
    for who in ("AN-001", "AN-002", "AN-003"):
        fill_screening(made, who)
    made.close()
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL
    again = reopened(tmp_path, clock_of(hands(START + timedelta(days=4))))
    assert again.study.version == "1"
    assert "PULSE" not in set(again.sheet(key(WHO, "SCR", "VS")).form.items)
    again.enter(at(WHO, "SCR", "VS", "TEMP"), "36.8", why="next day")
    put(again, second(begun="follow"), accept=True)
    again.close()
    assert verify(tmp_path / "trial.casebook", user="ann", passphrase=PASSPHRASE).faults == ()


def test_dropping_a_form_that_holds_data_is_refused_though_its_visit_keeps_its_version(book):
    study = second()
    events = tuple(
        replace(event, forms=tuple(each for each in event.forms if each.form != "LB")) for event in study.events
    )
    version = replace(study, forms=tuple(form for form in study.forms if form.id != "LB"), events=events)
    assert "lost" in kinds(book, version)
    refused(book, version, match="LB")


def test_the_casebook_names_the_version_of_each_visit_and_the_days_of_approval_and_force(book):
    put(book, second())
    book.enter(at(WHO, "C_D1", "SV", "SVDAT"), "2025-03-01")
    book.enter(at(WHO, "C_D1", "VS", "PULSE"), "70")
    pages = "\n".join(
        page.extract_text() for page in PdfReader(BytesIO(render(book.dataset(subject=WHO), WHO, "en"))).pages
    )
    assert "VS · Version 1" in pages
    assert "VS · Version 2" in pages
    assert f"approved by the ethics committee on {APPROVED}" in " ".join(pages.split())


def test_a_casebook_of_one_version_says_nothing_of_versions(book):
    pages = "\n".join(
        page.extract_text() for page in PdfReader(BytesIO(render(book.dataset(subject=WHO), WHO, "en"))).pages
    )
    assert "Version 1" not in pages
