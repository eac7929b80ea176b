"""Every right of every role, walked through the casebook, the window and the command line: one table, three doors."""

from __future__ import annotations

import ast
import shutil
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from db.casebook.casebook import Casebook
from db.casebook.entering import Entered
from db.casebook.flagging import set_flag, whole_subject
from db.casebook.outlooks import read_outlooks
from db.casebook.prelock import Checklist, lock_database, read_checklist, unlock_database
from db.casebook.redacting import confirm_redaction, find_texts, propose_redaction
from db.casebook.serious import find_unreported
from db.casebook.waiting import read_waiting
from db.clock import set_clock
from db.copies.automatic import copy_store, rehearse
from db.folder.keys import CHEAP
from db.incoming.amend import amend, put_in_force, with_edition
from db.incoming.data_file import import_csv
from db.incoming.lawful import check_amendment
from db.opening.vault import create_store, open_store
from db.people.accounts import (
    add_account,
    change_passphrase,
    change_role,
    remove_account,
    renew_recovery,
    reset_passphrase,
    unlock_account,
)
from db.people.identity import Identity, read_identity, read_log, write_identity, write_log
from db.people.rekey import rekey
from db.people.signing import sign, sign_scope
from db.proof.copying import backup
from forms.authoring.load import read_study, study_ids
from forms.errors import Refusal, Told, Trouble
from forms.place import Place
from reports.registry import REPORTS
from ui.commands import main
from ui.commands.arguments import Declaration
from ui.window.areas import PAGES

TODAY = "2024-10-18"
PHRASE = "four wet horses dance"
SUBJECT = "S01-001"
SEX = Place(SUBJECT, "SCR", "1", "DM", "1", "1", "SEX")
BIRTH = Place(SUBJECT, "SCR", "1", "DM", "1", "1", "BRTHDAT")


@cache
def ankl():
    return read_study("ankl")


ROLES = {role.id: frozenset(role.rights) for role in ankl().roles}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A store with a subject, a query and an account for each role."""
    folder = tmp_path_factory.mktemp("rights")
    book = create_store(folder / "site", ankl(), site="S01", user="maker", name="Maker", role="pi", passphrase=PHRASE,
                        clock=set_clock(TODAY), kdf=CHEAP)  # fmt: skip
    book.add_subject(SUBJECT)
    book.enter(SEX, "F")
    book.open_query(SEX, "As in the chart?")
    for role in ROLES:
        if role != "admin":
            add_account(book, role, role.title(), role, PHRASE, kdf=CHEAP, temporary=False)
    add_account(book, "admin", "Admin", "admin", PHRASE, kdf=CHEAP, temporary=False)
    book.close()
    book = opened(book.path, "admin")
    add_account(book, "waiting", "Waiting", "pi", PHRASE, kdf=CHEAP)
    add_account(book, "awaited", "Awaited", "admin", PHRASE, kdf=CHEAP)
    add_account(book, "expired", "Expired", "pi", PHRASE, kdf=CHEAP, last_day="2024-10-17", temporary=False)
    removed = add_account(book, "removed", "Removed", "pi", PHRASE, kdf=CHEAP, temporary=False)
    remove_account(book, removed.id, "Left")
    book.close()
    return book.path


@pytest.fixture
def store(site, tmp_path) -> Path:
    return shutil.copytree(site, tmp_path / "site.casebook")


def opened(store: Path, role: str) -> Casebook:
    return open_store(store, user=role, passphrase=PHRASE, clock=set_clock(TODAY))


def other(book: Casebook) -> str:
    return next(each.id for each in book.accounts.values() if each.user == "maker")


def some_csv(book: Casebook) -> Path:
    path = book.path.parent / "data.csv"
    path.write_text(
        "subject,event,event_no,form,form_no,row,item,value,unit,missing\n"
        f"{SUBJECT},SCR,1,DM,1,1,BRTHDAT,1990-01-01,,\n",
        encoding="utf-8",
    )
    return path


def nowhere(_done: int, _of: int, _what: str) -> None:
    """Progress that nobody looks at."""


def other_edition(book: Casebook):
    return with_edition(book.study, "5.0" if book.study.ctcae == "6.0" else "6.0")


def beside(book: Casebook, name: str) -> str:
    folder = book.path.parent / name
    folder.mkdir(exist_ok=True)
    return str(folder)


ACTS = {
    "read": (
        lambda book: book.subjects(),
        lambda book: book.subject(SUBJECT),
        lambda book: book.sheet(SEX.form_key),
        lambda book: book.history(SEX),
        lambda book: book.record(SEX),
        lambda book: book.queries(),
        lambda book: book.dataset(),
        lambda book: book.outline(SUBJECT),
        lambda book: book.state(SEX.form_key),
        lambda book: book.takes_entries(SEX.form_key),
        lambda book: book.scope_flags(SUBJECT),
        lambda book: book.signatures(SUBJECT),
        lambda book: book.standing(SEX.form_key),
        lambda book: list(read_outlooks(book, {}, nowhere)),
        lambda book: read_checklist(book),
        lambda book: find_unreported(book),
        lambda book: read_waiting(book),
    ),
    "subject.add": (lambda book: book.add_subject(),),
    "enter": (
        lambda book: book.enter(BIRTH, "1990-01-01"),
        lambda book: book.enter_many([Entered(BIRTH, "1990-01-01")]),
        lambda book: book.draft(BIRTH, "199"),
    ),
    "correct": (lambda book: book.enter(SEX, "M", why="As in the chart"),),
    "complete": (lambda book: book.complete(SEX.form_key),),
    "reopen": (lambda book: book.reopen(SEX.form_key, "Again"),),
    "override": (lambda book: book.override(SEX, "rule", "Known"),),
    "query.open": (
        lambda book: book.open_query(SEX, "And this?"),
        lambda book: book.reopen_query(book.queries()[0].id, "Not settled"),
    ),
    "query.answer": (lambda book: book.answer_query(book.queries()[0].id, "Yes"),),
    "query.close": (lambda book: book.close_query(book.queries()[0].id, "Settled"),),
    "verify": (
        lambda book: set_flag(book, "verified", SEX.form_key),
        lambda book: set_flag(book, "unverified", SEX.form_key, "Wrong line"),
    ),
    "sign": (
        lambda book: sign(book, [SEX.form_key], "author", PHRASE, user=book.user),
        lambda book: sign_scope(book, whole_subject(SUBJECT), "interim", "review", PHRASE, user=book.user),
    ),
    "lock": (
        lambda book: set_flag(book, "frozen", SEX.form_key, "Cleaned"),
        lambda book: set_flag(book, "unfrozen", SEX.form_key, "Too early"),
        lambda book: set_flag(book, "locked", whole_subject(SUBJECT), "Cleaned"),
        lambda book: lock_database(book, Checklist(book.position(), ()), "End of study"),
    ),
    "unlock": (
        lambda book: set_flag(book, "unlocked", SEX.form_key, "A late report"),
        lambda book: unlock_database(book, "A late report"),
    ),
    "identify": (
        lambda book: read_identity(book, SUBJECT),
        lambda book: write_identity(book, SUBJECT, Identity("1")),
        lambda book: read_log(book),
        lambda book: write_log(book, {SUBJECT: Identity("2")}),
    ),
    "import": (lambda book: import_csv(book, some_csv(book)),),
    "redact": (
        lambda book: find_texts(book, SUBJECT),
        lambda book: propose_redaction(book, "nowhere:1", "Names a person"),
        lambda book: confirm_redaction(book, "nowhere:1"),
    ),
    "study": (
        lambda book: check_amendment(book, other_edition(book), TODAY),
        lambda book: amend(book, other_edition(book), TODAY, "Approved"),
        lambda book: put_in_force(book, other_edition(book), "Approved"),
    ),
    "backup": (
        lambda book: backup(book, book.path.parent / "copy.casebook"),
        lambda book: copy_store(book, beside(book, "second"), tick=nowhere),
        lambda book: rehearse(book, beside(book, "second"), tick=nowhere),
    ),
    "accounts": (
        lambda book: add_account(book, "new", "New", "nurse", PHRASE, kdf=CHEAP),
        lambda book: change_role(book, other(book), "nurse", "Left"),
        lambda book: reset_passphrase(book, other(book), PHRASE, "Forgotten", CHEAP),
        lambda book: unlock_account(book, other(book)),
        lambda book: remove_account(book, other(book), "Left"),
        lambda book: renew_recovery(book, "Lost", CHEAP),
        lambda book: rekey(book, "Stolen", kdf=CHEAP).let_go(),
    ),
}  # fmt: skip
NEEDS = {"import": {"import", "enter"}, "correct": {"enter", "correct"}}
"""Acts that ask for more than one right."""


def needs(right: str, act: Callable[[Casebook], object] | None = None) -> set[str]:
    """Rights that an act asks for; to put a version in force every subject is read, to judge one it is not."""
    if act is not None and "put_in_force" in act.__code__.co_names:
        return {"study", "read"}
    return NEEDS.get(right, {right})


@pytest.mark.parametrize("right", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_the_casebook_lets_a_role_do_what_its_rights_say_and_nothing_else(store, role, right):
    for act in ACTS[right]:
        may = needs(right, act) <= ROLES[role]
        book = opened(store, role)
        before = book.position()
        refused = None
        try:
            act(book)
        except Told as error:
            refused = error
        untouched = may or book.position() == before
        book.let_go()
        if may:
            assert refused is None or refused.key != "db.no_right", (role, right, refused)
        else:
            assert isinstance(refused, Refusal), (role, right)
            assert refused.key == "db.no_right"
            assert untouched


@pytest.mark.parametrize("user", ["waiting", "awaited"])
def test_who_has_not_taken_the_account_over_may_do_nothing_at_all(store, user):
    book = opened(store, user)
    before = book.position()
    for right, acts in ACTS.items():
        assert not book.may(right)
        for act in acts:
            with pytest.raises(Refusal) as told:
                act(book)
            assert told.value.key == "db.must_take_over", right
    assert book.position() == before
    book.let_go()


NOT_HERE = {"removed": "db.wrong_passphrase", "expired": "db.account_over"}


@pytest.mark.parametrize("user", NOT_HERE)
def test_who_works_here_no_more_is_not_signed_in(store, user):
    with pytest.raises(Told) as told:
        opened(store, user)
    assert told.value.key == NOT_HERE[user]


@pytest.mark.parametrize("role", ROLES)
def test_the_window_shows_a_role_the_pages_its_rights_say(role):
    seen = {name for name, _, _, right in PAGES if not right or set(right.split("|")) & ROLES[role]}
    assert ("today" in seen) == ("read" in ROLES[role])
    assert ("administration" in seen) == bool({"accounts", "backup", "lock", "unlock"} & ROLES[role])
    assert ("reports" in seen) == ("report" in ROLES[role])


COMMANDS = {
    "report": lambda store, out, role: ("report", "casebook", store, "--user", role, "--subject", SUBJECT,
                                        "--out", out / "r.pdf"),
    "export": lambda store, out, role: ("export", store, "--user", role, "--format", "csv", "--out", out / "d.csv"),
    "import": lambda store, out, role: ("import", store, "--user", role, out / "data.csv"),
    "backup": lambda store, out, role: ("backup", store, "--user", role, out / "copy.casebook"),
}  # fmt: skip


@pytest.mark.parametrize("right", COMMANDS)
@pytest.mark.parametrize("role", ROLES)
def test_the_command_line_lets_a_role_do_what_its_rights_say(store, tmp_path, monkeypatch, capsys, role, right):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    monkeypatch.setenv("CASEBOOK_TODAY", TODAY)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    out = tmp_path / "out"
    out.mkdir()
    (out / "data.csv").write_text(
        "subject,event,event_no,form,form_no,row,item,value,unit,missing\n"
        f"{SUBJECT},SCR,1,DM,1,1,BRTHDAT,1990-01-01,,\n",
        encoding="utf-8",
    )
    code = main([str(word) for word in COMMANDS[right](store, out, role)])
    told = capsys.readouterr().err
    made = [each for each in out.iterdir() if each.name != "data.csv"]
    wanted = needs(right) | ({"read"} if right in ("report", "export") else set())
    if wanted <= ROLES[role]:
        assert code == 0, told
    else:
        assert code == 1
        assert "does not have the right" in told
        assert made == []


@pytest.mark.parametrize("command", ["report", "export", "import", "backup", "verify", "restore"])
def test_no_command_but_new_takes_a_role(store, tmp_path, capsys, monkeypatch, command):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    assert main([command, str(store), "--user", "monitor", "--role", "pi"]) == 2
    capsys.readouterr()


def test_a_monitor_can_not_take_a_copy_back(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    monkeypatch.setenv("CASEBOOK_TODAY", TODAY)
    assert main(["restore", str(store), str(tmp_path / "back.casebook"), "--user", "monitor"]) == 1
    assert not (tmp_path / "back.casebook").exists()
    assert main(["restore", str(store), str(tmp_path / "back.casebook"), "--user", "admin"]) == 0
    capsys.readouterr()


def test_an_own_passphrase_is_changed_by_everybody(store):
    for role in ROLES:
        book = opened(store, role)
        change_passphrase(book, PHRASE, f"{PHRASE} {role}", CHEAP)
        book.close()
        with pytest.raises(Trouble) as told:
            open_store(store, user=role, passphrase=PHRASE, clock=set_clock(TODAY))
        assert told.value.key == "db.wrong_passphrase"
        again = open_store(store, user=role, passphrase=f"{PHRASE} {role}", clock=set_clock(TODAY))
        assert (again.user, again.role) == (role, role)
        again.close()


ELSEWHERE = {"report", "export", "restore"}
"""Rights walked by the commands above rather than by an act of the casebook."""

NO_ACT_YET = {"judge", "settings", "ranges", "merge"}
"""Rights that definitions grant and nothing in the program asks for yet: no door stands open by them."""

BEHIND = {
    "put": "enter",
    "_act": "answer_query",
    "_look_at": "sheet",
    "_check_new": "import_csv",
    "_check_may_restore": "restore",
    "may": "may",
}
"""Functions that ask for a right on behalf of another, and one that reaches each."""


def guarded() -> set[str]:
    """Names of the functions of the store that ask for a right."""
    found = set()
    for path in (Path(__file__).resolve().parents[2] / "db").rglob("*.py"):
        for made in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(made, ast.FunctionDef) and made.name != "check_right":
                calls = (each.func for each in ast.walk(made) if isinstance(each, ast.Call))
                if any(isinstance(each, ast.Attribute) and each.attr == "check_right" for each in calls):
                    found.add(BEHIND.get(made.name, made.name))
    return found


def test_no_function_that_asks_for_a_right_is_left_out_of_the_walk():
    walked = {name for acts in ACTS.values() for act in acts for name in act.__code__.co_names}
    assert guarded() - walked == {"restore", "may"}  # a copy is taken back at the command line, below


@pytest.mark.parametrize("study", study_ids())
def test_every_right_of_every_definition_is_walked_or_opens_nothing(study):
    granted = {right for role in read_study(study).roles for right in role.rights}
    assert granted - set(ACTS) - ELSEWHERE - NO_ACT_YET == set()
    assert granted >= set(ACTS)


def leaves(parser: ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], ArgumentParser]]:
    """Every command that does something, with the words that call it."""
    groups = [each for each in parser._actions if isinstance(each, _SubParsersAction)]
    if not groups:
        yield words, parser
    for group in groups:
        for word, below in group.choices.items():
            yield from leaves(below, (*words, word))


LEAVES = {" ".join(words): parser for words, parser in leaves(Declaration("en", "").root)}
SIGNED_IN = {
    "import": ({"import", "enter"}, ("{csv}",)),
    "export": ({"read", "export"}, ("--format", "csv", "--out", "{out}/d.csv")),
    "backup": ({"backup"}, ("{out}/copy.casebook",)),
    "redact": ({"redact"}, ()),
    "ctcae change": ({"study", "read"}, ("--to", "5.0", "--reason", "Approved")),
    **{
        f"report {name}": (
            {"read", "report"},
            ("--out", "{out}/r.pdf", *(("--subject", SUBJECT) if about.about == "subject" else ())),
        )
        for name, about in REPORTS.items()
    },
}
"""Commands on a store for a person signed in: what they need, and the words after the person's name."""

APART = {
    "new": "makes a store",
    "window": "asks in the window",
    "verify": "reads only, signs nobody in",
    "restore": "has its test above",
    "study amend": "needs a definition in a folder: tests/commands/test_amending.py",
}
"""Commands that name a store and are not walked here, and why."""


def test_every_command_on_a_store_is_in_the_walk():
    on_a_store = {name for name, parser in LEAVES.items() if any(each.dest == "user" for each in parser._actions)}
    assert on_a_store == set(SIGNED_IN) | set(APART)


@pytest.mark.parametrize("user", [*ROLES, "waiting", "awaited", "expired", "removed"])
def test_every_command_refuses_whoever_may_not_and_writes_nothing(store, tmp_path, monkeypatch, capsys, user):
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    monkeypatch.setenv("CASEBOOK_TODAY", TODAY)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    out = tmp_path / "out"
    out.mkdir()
    book = opened(store, "pi")
    csv, before = some_csv(book), acts_on_data(book)
    book.close()
    for name, (wanted, more) in SIGNED_IN.items():
        if wanted <= ROLES.get(user, frozenset()):
            continue
        rest = [each.format(csv=csv, out=out) for each in more]
        code = main([*name.split(), str(store), "--user", user, *rest])
        told = capsys.readouterr()
        assert code == (3 if user == "removed" else 1), (name, told)
        assert REFUSED.get(user, "does not have the right") in told.err, name
        assert list(out.iterdir()) == [], name
    book = opened(store, "pi")
    assert acts_on_data(book) == before
    book.close()


REFUSED = {
    "waiting": "not taken over yet",
    "awaited": "not taken over yet",
    "expired": "was given until",
    "removed": "The sign-in name or the passphrase is not right",
}


def acts_on_data(book: Casebook) -> list[str]:
    """What the ledger holds beyond sign-ins: people coming, failing and going, and the clock they came with."""
    rows = book.connection.execute("SELECT act FROM entry ORDER BY strand, seq").fetchall()
    return [
        act for (act,) in rows if act not in ("signed_in", "signed_out", "tip_signed", "sign_in_failed", "clock_set")
    ]


def test_ten_wrong_passphrases_lock_the_command_line_out_as_well(store, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CASEBOOK_TODAY", TODAY)
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "a wrong one")
    words = ["export", str(store), "--user", "nurse", "--format", "csv", "--out", str(tmp_path / "d.csv")]
    assert [main(words) for _ in range(10)] == [3] * 10
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", PHRASE)
    assert main(words) == 3
    assert not (tmp_path / "d.csv").exists()
    capsys.readouterr()
    assert main(["backup", str(store), str(tmp_path / "copy.casebook"), "--user", "admin"]) == 0
    capsys.readouterr()
