"""Whatever people do in whatever order: the chain verifies, the tables are the fold, a sheet rebuilt is the sheet."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from db.casebook.casebook import Casebook
from db.casebook.entering import Entered
from db.casebook.flagging import set_flag, whole_subject, whole_visit
from db.clock import clock_of
from db.copies.restoring import restore
from db.folder.keys import CHEAP
from db.ledger.projection import fold, read_rows
from db.opening.vault import open_store
from db.people.accounts import add_account, change_passphrase
from db.people.signing import sign, sign_scope
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import NeedsReason, Refusal
from forms.place import FormKey, Place
from forms.sheet.sheet import open_sheet
from forms.study.definition import Role, Study
from forms.subject.subject import Subject
from tests.db.stores import PASSPHRASE, START, at, hands, key, new_store, site_study
from tests.forms.small_study import words

TYPED = st.one_of(
    st.sampled_from(["", " ", "1", "80", "<5", "2025-02-01", "2025-02", "2025-02-31", "M", "F", "Y", "N", "ND", "1e3"]),
    st.text(max_size=12),
)
ITEMS = st.sampled_from(
    [
        *(("SCR", "1", "DM", each) for each in ("BRTHDAT", "SEX", "PREG")),
        *(("SCR", "1", "LB", each) for each in ("LBDAT", "LBNAM", "PLT", "HGB", "CREAT")),
        *(("C_D1", "1", "VS", each) for each in ("HEIGHT", "WEIGHT", "TEMP")),
        *(("C_D1", "2", "VS", each) for each in ("HEIGHT", "WEIGHT")),
        *(("C_D1", "1", "EX", each) for each in ("EXDAT", "EXDOSE")),
        *(("C_D1", "1", "LB", each) for each in ("LBDAT", "PLT")),
        ("LOG", "1", "AE", "AETERM"),
    ]
)
FORMS = st.sampled_from([("SCR", "1", "LB"), ("SCR", "1", "DM"), ("C_D1", "1", "VS"), ("LOG", "1", "AE")])
SUBJECTS = st.sampled_from(["AN-001", "AN-002"])
CLOSED = ("db.form_closed", "db.scope_closed")
"""Why nothing can be entered where something is frozen or locked."""

FLAG_ACTS = st.sampled_from(
    ["verified", "unverified", "frozen", "unfrozen", "unfrozen", "locked", "unlocked", "unlocked"]
)
REASONS = st.sampled_from(["", "typing slip"])


def told_closed(refused: Refusal) -> None:
    assert refused.key in CLOSED


def study_that_signs() -> Study:
    """The small study, whose nurse may do everything to a form that can be done."""
    study = site_study()
    nurse = Role("nurse", words("nurse"), (*study.role_by_id["nurse"].rights, "verify", "sign", "lock", "unlock"))
    return replace(study, roles=(nurse, *(role for role in study.roles if role.id != "nurse")))


class Site(RuleBasedStateMachine):
    """A site at work. ``known`` is what a person would say was entered last at each place."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.known: dict[Place, str] = {}
        self.days = 0
        self.phrase = PASSPHRASE
        self.copies = 0
        self.positions: list[tuple[int, dict[Place, str]]] = []
        self.book: Casebook

    @initialize()
    def begin(self) -> None:
        self.book = new_store(self.folder, study=study_that_signs())
        for subject in ("AN-001", "AN-002"):
            self.book.add_subject(subject)

    def teardown(self) -> None:
        if hasattr(self, "book"):
            self.book.close()
        shutil.rmtree(self.folder)

    @rule(subject=SUBJECTS, item=ITEMS, text=TYPED, missing=st.sampled_from(["", "", "", "UNK"]), why=REASONS)
    def enter(self, subject: str, item: tuple[str, str, str, str], text: str, missing: str, why: str) -> None:
        place = Place(subject, item[0], item[1], item[2], "1", "1", item[3])
        try:
            self.book.enter(place, text, missing=missing, why=why)
        except NeedsReason:
            assert not why
            return
        except Refusal as refused:
            told_closed(refused)
            return
        value = self.book.subject(subject).values.get(place)
        if value is not None:
            self.known[place] = value.text

    @rule(subject=SUBJECTS, items=st.lists(st.tuples(ITEMS, TYPED), max_size=6), why=REASONS)
    def enter_many(self, subject: str, items: list[tuple[tuple[str, str, str, str], str]], why: str) -> None:
        entries = [Entered(Place(subject, item[0], item[1], item[2], "1", "1", item[3]), text) for item, text in items]
        before = self.book.position()
        try:
            self.book.enter_many(entries, why)
        except NeedsReason:
            assert self.book.position() == before
            return
        except Refusal as refused:
            told_closed(refused)
            return
        for entry in entries:
            value = self.book.subject(subject).values.get(entry.place)
            if value is not None:
                self.known[entry.place] = value.text

    @rule(subject=SUBJECTS, form=FORMS)
    def complete(self, subject: str, form: tuple[str, str, str]) -> None:
        here = FormKey(subject, *form)
        with suppress(Refusal):
            self.book.complete(here)
            assert self.book.state(here).status == "complete"

    @rule(subject=SUBJECTS, form=FORMS)
    def reopen(self, subject: str, form: tuple[str, str, str]) -> None:
        with suppress(Refusal):
            self.book.reopen(FormKey(subject, *form), "a reason")

    @rule(
        subject=SUBJECTS, form=FORMS, wide=st.sampled_from(["form", "form", "visit", "subject"]),
        act=FLAG_ACTS,
    )  # fmt: skip
    def flag(self, subject: str, form: tuple[str, str, str], wide: str, act: str) -> None:
        here = FormKey(subject, *form)
        at = {"form": here, "visit": whole_visit(here), "subject": whole_subject(subject)}[wide]
        with suppress(Refusal):
            set_flag(self.book, act, at, "a reason")

    @rule(subject=SUBJECTS, form=FORMS, whole=st.booleans())
    def sign(self, subject: str, form: tuple[str, str, str], whole: bool) -> None:
        here, user = FormKey(subject, *form), self.book.user
        with suppress(Refusal):
            if whole:
                sign_scope(self.book, whole_subject(subject), "interim", "review", self.phrase, user=user)
            else:
                sign(self.book, [here], "author", self.phrase, user=user)
                assert self.book.state(here).flags().signed

    @rule(subject=SUBJECTS, text=st.text(max_size=20))
    def draft(self, subject: str, text: str) -> None:
        before = self.book.position()
        self.book.draft(at(subject, "LOG", "AE", "AETERM"), text.encode("utf-8", "replace").decode())
        assert self.book.position() == before

    @rule(days=st.integers(0, 3), suddenly=st.booleans())
    def next_day(self, days: int, suddenly: bool) -> None:
        self.days += days
        if suddenly:
            self.book.let_go()
        else:
            self.book.close()
        later = clock_of(hands(START + timedelta(days=self.days, hours=1)))
        self.book = open_store(self.folder / "trial", user="ann", passphrase=self.phrase, clock=later)

    @rule()
    def change_passphrase(self) -> None:
        fresh = f"phrase {self.book.position()}"
        change_passphrase(self.book, self.phrase, fresh, kdf=CHEAP)
        self.phrase = fresh

    @precondition(lambda self: len(self.book.accounts) < 3)
    @rule()
    def add_account(self) -> None:
        add_account(self.book, f"user{len(self.book.accounts)}", "Somebody", "monitor", "temporary", kdf=CHEAP)

    @precondition(lambda self: self.copies < 2)
    @rule()
    def back_up_and_restore(self) -> None:
        self.copies += 1
        copied = backup(self.book, self.folder / "copies" / f"{self.copies}.casebook")
        self.book.close()
        later = clock_of(hands(START + timedelta(days=self.days, hours=2)))
        restore(copied.path, self.folder / "trial", user="ann", passphrase=self.phrase, clock=later)
        self.book = open_store(self.folder / "trial", user="ann", passphrase=self.phrase, clock=later)

    @precondition(lambda self: len(self.positions) < 3)
    @rule()
    def remember(self) -> None:
        self.positions.append((self.book.position(), dict(self.known)))

    @invariant()
    def what_was_entered_is_what_is_there(self) -> None:
        if not hasattr(self, "book"):
            return
        for subject in ("AN-001", "AN-002"):
            values = self.book.subject(subject).values
            for place, text in self.known.items():
                if place.subject == subject:
                    assert values[place].text == text

    @invariant()
    def the_tables_are_the_fold(self) -> None:
        if not hasattr(self, "book"):
            return
        for subject in ("AN-001", "AN-002"):
            folded = fold(read_rows(self.book.connection, subject, 1 << 62))
            kept = self.book.subject(subject)
            self.book.forget()
            read = self.book.subject(subject)
            assert list(folded.values.items()) == list(read.values.items())
            assert dict(kept.values) == dict(read.values)
            assert folded.states == dict(read.states) == dict(kept.states)
            assert folded.scopes == dict(self.book.scope_flags(subject))

    @invariant()
    def a_form_counts_as_signed_when_a_signature_of_its_own_stands(self) -> None:
        if not hasattr(self, "book"):
            return
        for subject in ("AN-001", "AN-002"):
            standing = {each.key for each in self.book.signatures(subject) if not each.is_broken and each.key.form}
            states = self.book.subject(subject).states
            assert {key for key, state in states.items() if state.marks.signed} == standing

    @invariant()
    def a_sheet_rebuilt_is_the_sheet(self) -> None:
        if not hasattr(self, "book"):
            return
        kept = self.book.subject("AN-001")
        fresh = Subject(kept.study, kept.id, dict(kept.values), dict(kept.states), kept.ranges, kept.today, kept.site)
        for here in (key("AN-001", "SCR", "LB"), key("AN-001", "C_D1", "VS"), key("AN-001", "C_D1", "EX")):
            one, two = self.book.sheet(here), open_sheet(fresh, here)
            assert one.findings == two.findings
            assert one.derived() == two.derived()

    @invariant()
    def the_chain_verifies(self) -> None:
        if not hasattr(self, "book"):
            return
        assert verify(self.book, anchor=self.book.tip()).faults == ()

    @invariant()
    def earlier_positions_stay_what_they_were(self) -> None:
        for position, known in getattr(self, "positions", []):
            dataset = self.book.dataset(as_of=str(position), trail=False)
            values = {place: value.text for each in dataset.subjects for place, value in each.subject.values.items()}
            assert {place: values[place] for place in known} == known


TestSite = Site.TestCase
TestSite.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
