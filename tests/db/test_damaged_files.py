"""Files damaged at random, and by somebody who knows their shape: each is told in words, none ends the program.

Ordinary runs take a sample; behind the slow marker stand some thousands. What is drawn comes from a seed.
"""

import io
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from db.clock import clock_of
from db.copies.restoring import restore
from db.folder import keys, paths, shapes, tries
from db.folder.door import users
from db.folder.tries import Try, add_try, read_tries
from db.incoming.data_file import import_csv
from db.opening.vault import open_store
from db.proof.copying import backup
from db.proof.verify import verify
from forms.errors import Told, Trouble
from tests.builders.damage import bitten, changed, jumbled, placed, written
from tests.db.stores import PASSPHRASE, START, fill_screening, hands, new_store
from ui.commands.grade import run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A store with a subject, closed, and a copy of it."""
    folder = tmp_path_factory.mktemp("made")
    book = new_store(folder)
    fill_screening(book)
    backup(book, folder / "copy.casebook")
    book.close()
    return folder


@pytest.fixture
def store(made, tmp_path):
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "trial.casebook"


def summed(content):
    """A key file whose sum is right, as somebody who knows the format would leave it."""
    if isinstance(content, dict):
        content = {name: each for name, each in content.items() if name != "sum"}
        try:
            return {**content, "sum": keys._sum(content)}
        except ValueError:
            return content
    return content


def tried(work):
    """The key of the words in which something was refused, "" when it went well."""
    told = None
    try:
        work()
    except Told as error:
        told = error
    if told is None:
        return ""
    for language in ("en", "zh"):
        assert "{" not in told.in_language(language)
    return told.key


def opened(store):
    open_store(store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(START))).close()


# --- key file ---------------------------------------------------------------------------------------------------------

KEY_WORDS = {"", "db.keys_damaged", "db.keys_newer", "db.wrong_passphrase", "db.keys_misfit", "db.locked_out"}


def walk_keys(store, seed, times):
    """How often a damaged key file was told to be one."""
    chance, path = random.Random(seed), store / paths.KEYS
    whole = json.loads(path.read_bytes())
    told = []
    for turn in range(times):
        content = changed(whole, chance)
        if turn % 3:
            content = summed(content)
        path.write_bytes(written(content, chance) if turn % 10 else bitten(json.dumps(whole).encode(), chance))
        (store / paths.TRIES).unlink(missing_ok=True)
        told.append(tried(lambda: open_store(store, user="ann", passphrase=PASSPHRASE, read_only=True,
                                             clock=clock_of(hands(START))).close()))  # fmt: skip
        assert told[-1] in KEY_WORDS, (seed, turn)
        assert tried(lambda: users(store)) in {"", "db.keys_damaged", "db.keys_newer"}, (seed, turn)
    return told.count("db.keys_damaged")


def test_a_damaged_key_file_is_told_as_such(store):
    assert walk_keys(store, 1, 40) > 20


@pytest.mark.slow
def test_six_hundred_damaged_key_files_are_told_as_such(store):
    assert walk_keys(store, 2, 600) > 300


def test_every_piece_of_a_key_file_may_be_anything(store):
    path = store / paths.KEYS
    whole = json.loads(path.read_bytes())
    for way in (each for each in placed(whole)[1:] if each != ("sum",)):
        for odd in (None, -1, 10**30, 1.5, True, "", "\ud800", [], {}):
            content = json.loads(json.dumps(whole))
            inside = content
            for name in way[:-1]:
                inside = inside[name]
            inside[way[-1]] = odd
            path.write_text(json.dumps(summed(content)), encoding="utf-8")
            assert tried(lambda: users(store)) == "db.keys_damaged", (way, odd)


@pytest.mark.parametrize(
    "cost",
    [{"memory": 2**40}, {"memory": 2**20 + 1}, {"memory": 7}, {"passes": 0}, {"passes": -1}, {"passes": 2**31},
     {"lanes": 0}, {"lanes": 2**24}, {"memory": 2**20, "passes": 5}, {"lanes": 4, "memory": 31}],
)  # fmt: skip
def test_a_cost_that_would_stop_the_computer_is_a_damaged_key_file(store, monkeypatch, cost):
    monkeypatch.setattr(keys, "_derive", lambda *_: pytest.fail("the cost was taken"))
    path = store / paths.KEYS
    content = json.loads(path.read_bytes())
    for wrap in content["wraps"]:
        wrap["kdf"] |= cost
    path.write_text(json.dumps(summed(content)), encoding="utf-8")
    assert tried(lambda: opened(store)) == "db.keys_damaged"


def test_a_computer_with_too_little_memory_for_a_passphrase_is_told_in_words(store, monkeypatch):
    from argon2.exceptions import HashingError

    def none_left(*_):
        raise HashingError("Memory allocation error")

    monkeypatch.setattr("argon2.low_level.hash_secret_raw", none_left)
    assert tried(lambda: opened(store)) == "db.memory"


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a": ' * 50_000, b" " * (shapes.LARGEST + 1), b"9" * 10_000],
                         ids=["brackets", "braces", "huge", "digits"])  # fmt: skip
def test_a_key_file_without_end_is_a_damaged_one(store, content):
    (store / paths.KEYS).write_bytes(content)
    assert tried(lambda: users(store)) == "db.keys_damaged"


def test_the_words_for_a_damaged_key_file_say_which_and_what_to_do(store):
    (store / paths.KEYS).write_bytes(b"{}")
    with pytest.raises(Trouble) as told:
        opened(store)
    assert str(store / paths.KEYS) in told.value.in_language("en")
    assert "from a backup" in told.value.in_language("en")


def test_a_key_file_in_waiting_that_is_damaged_keeps_nobody_out(store):
    (store / paths.NEXT_KEYS).write_bytes(b"{}")
    opened(store)
    assert not (store / paths.NEXT_KEYS).exists()


def test_a_store_with_many_people_has_a_key_file_that_is_read(tmp_path):
    unwrapped = keys.Unwrapped(b"k" * 32, b"s" * 32)
    known = keys.new_keys(unwrapped.store_key)
    one = keys.wrap(known, "a-1", "赵.lin@site-1", PASSPHRASE, unwrapped, keys.CHEAP)
    for number in range(1000):
        known = known.with_wrap(keys.replace(one, id=f"a-{number}", user=f"赵.lin@site-{number}"))
    paths.write_whole(tmp_path / "keys.json", keys.dump_keys(known))
    assert keys.read_keys(tmp_path / "keys.json") == known


# --- failed sign-ins --------------------------------------------------------------------------------------------------


def walk_tries(store, seed, times):
    """How often a damaged file of failed sign-ins was put on record when somebody signed in."""
    chance, path = random.Random(seed), store / paths.TRIES
    whole = [{"user": "ann", "at": 1_740_000_000_000, "offset": 480, "noted": turn > 1} for turn in range(3)]
    for turn in range(times):
        content = changed(whole, chance)
        path.write_bytes(written(content, chance) if turn % 10 else bitten(json.dumps(whole).encode(), chance))
        assert tried(lambda: opened(store)) in ("", "db.locked_out"), (seed, turn)
        path.unlink(missing_ok=True)
    book = open_store(store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(START)))
    found = [act.value.value for act in book.acts("sign_in_failed")]
    assert verify(book).faults == ()
    book.close()
    return sum(tries.UNREADABLE in each for each in found)


def test_a_damaged_file_of_failed_sign_ins_keeps_nobody_out_and_is_put_on_record(store):
    assert walk_tries(store, 3, 20) > 5


@pytest.mark.slow
def test_four_hundred_damaged_files_of_failed_sign_ins_keep_nobody_out(store):
    assert walk_tries(store, 4, 400) > 100


def test_tries_of_a_damaged_file_are_begun_anew(store):
    (store / paths.TRIES).write_bytes(b"\xff\xfe")
    for _ in range(tries.MOST):
        add_try(store, Try("ann", 1_740_000_000_000, 0))
    assert tries.minutes_locked(store, "ann", 1_740_000_000_000) == 15
    assert read_tries(store)[0].user == tries.UNREADABLE


GUESS = """
import sys
sys.path.insert(0, {root!r})
from db.opening.vault import open_store
from db.clock import clock_of
from forms.errors import Trouble
from tests.db.stores import hands
for _ in range({times}):
    try:
        open_store({store!r}, user="ann", passphrase="a guess that is wrong", clock=clock_of(hands()), read_only=True)
    except Trouble as trouble:
        print(trouble.key)
"""


def test_programs_that_guess_at_once_have_five_tries_together_and_no_more(store):
    script = GUESS.format(root=str(ROOT), store=str(store), times=4)
    guessing = [
        subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env={**os.environ}, cwd=ROOT
        )
        for _ in range(3)
    ]
    said = [word for each in guessing for word in each.communicate()[0].split()]
    assert (said.count("db.wrong_passphrase"), said.count("db.locked_out")) == (5, 7)
    assert [each.user for each in read_tries(store)] == ["ann"] * 5


def test_a_try_waits_for_the_one_before_it_and_says_so_when_that_takes_too_long(store, monkeypatch):
    monkeypatch.setattr(tries, "PATIENCE", 2)
    held = os.fdopen(paths.private(store / paths.TRIES_LOCK), "r+b", buffering=0)
    assert tries.seize(held)
    assert tried(lambda: opened(store)) == "db.busy"
    held.close()
    assert tried(lambda: opened(store)) == ""


# --- database and copies ----------------------------------------------------------------------------------------------


def walk_databases(store, seed, times):
    """How often a damaged database was refused at sign-in."""
    chance, path = random.Random(seed), store / paths.STORE
    whole = path.read_bytes()
    refused = 0
    for turn in range(times):
        damaged = bitten(whole, chance, within=4096 if turn % 2 else 0)
        path.write_bytes(damaged)
        for name in (paths.STORE + "-wal", paths.STORE + "-shm", paths.COUNTER):
            (store / name).unlink(missing_ok=True)
        found = []
        key = tried(lambda: found.append(verify(store, user="ann", passphrase=PASSPHRASE)))  # noqa: B023
        assert key or found[0].faults or damaged == whole, (seed, turn)
        refused += tried(lambda: opened(store)) != ""
    return refused


def test_a_database_with_a_damaged_beginning_is_told_in_words(store):
    assert walk_databases(store, 5, 12) > 6


@pytest.mark.slow
def test_three_hundred_damaged_databases_are_told_in_words(store):
    assert walk_databases(store, 6, 300) > 150


def walk_copies(store, seed, times):
    """How often a damaged copy was refused; whatever came of it, the store it was to replace is whole."""
    chance = random.Random(seed)
    copy, work = store.with_name("copy.casebook"), store.with_name("work.casebook")
    refused = 0
    for _ in range(times):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(copy, work)
        path = work / chance.choice((paths.STORE, paths.KEYS))
        how = chance.randrange(5)
        if how == 0:
            path.unlink()
        elif how == 1:
            path.unlink()
            path.mkdir()
        elif how == 2:
            path.write_bytes((store / chance.choice((paths.STORE, paths.KEYS))).read_bytes())
        else:
            path.write_bytes(bitten(path.read_bytes(), chance))
        again = store.with_name("again.casebook")
        refused += tried(lambda: restore(work, again, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands()))) != ""  # noqa: B023
        assert not list(store.parent.glob("*.part"))
        shutil.rmtree(again, ignore_errors=True)
    opened(store)
    return refused


def test_a_damaged_copy_is_told_in_words_and_leaves_nothing_half(store):
    assert walk_copies(store, 7, 12) > 6


@pytest.mark.slow
def test_two_hundred_damaged_copies_are_told_in_words(store):
    assert walk_copies(store, 8, 200) > 120


# --- data file, measurements ------------------------------------------------------------------------------------------

DATA = """subject,event,event_no,form,form_no,row,item,value,unit,missing
AN-001,SCR,1,LB,1,1,PLT,81,,
AN-001,SCR,1,LB,1,1,HGB,96,g/L,
AN-001,SCR,,DM,,,SEX,F,,
AN-001,LOG,1,AE,1,1,AETERM,"rash, of the face",,
AN-002,SCR,1,VS,1,1,WEIGHT,,,ND
AN-002,SCR,1,DM,1,1,BRTHDAT,1990-05,,
"""


def walk_data(store, seed, times):
    """How many damaged data files had a fault or were refused."""
    chance, path = random.Random(seed), store.with_name("data.csv")
    book = open_store(store, user="ann", passphrase=PASSPHRASE, clock=clock_of(hands(START)))
    before, at_fault = book.position(), 0
    for turn in range(times):
        path.write_bytes(jumbled(DATA, chance))
        found, asked = [], {"dry_run": bool(turn % 4), "accept_unparsed": bool(turn % 2), "reason": "walk"}
        key = tried(lambda: found.append(import_csv(book, path, **asked)))  # noqa: B023
        at_fault += bool(key or found[0].faults)
        for fault in found[0].faults if found else ():
            assert fault.text["en"]
            assert fault.text["zh"]
    assert verify(book).faults == ()
    assert book.position() >= before
    book.close()
    return at_fault


def test_a_damaged_data_file_is_told_in_words(store):
    assert walk_data(store, 9, 40) > 20


@pytest.mark.slow
def test_six_hundred_damaged_data_files_are_told_in_words(store):
    assert walk_data(store, 10, 600) > 300


def walk_lines(folder, seed, times):
    """How many of so many damaged lines of measurements were reported; every other one has its answer."""
    chance = random.Random(seed)
    line = json.dumps({"id": "a", "analyte": "ALT", "value": "100", "unit": "U/L", "lln": 5, "uln": 40.0,
                       "baseline": None, "context": {"symptomatic": True}, "with": {"Body temperature": "38.4"},
                       "sex": "F", "age": 40})  # fmt: skip
    lines = []
    for turn in range(times):
        damaged = written(changed(json.loads(line), chance), chance) if turn % 2 else jumbled(line, chance)
        lines.append(damaged.replace(b"\n", b" ").replace(b"\r", b" ") or b"x")
    (folder / "in.jsonl").write_bytes(b"\n".join(lines))
    said = io.StringIO()
    assert run(str(folder / "in.jsonl"), str(folder / "out.jsonl"), "5.0", "en", said) in (0, 1)
    reported = said.getvalue().count("in.jsonl:")
    answers = (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()
    blank = sum(not each.strip().strip(b"\xef\xbb\xbf") for each in lines)
    assert len(answers) + reported + blank == times
    return reported


def test_a_damaged_line_of_measurements_is_reported_and_the_others_are_graded(tmp_path):
    assert walk_lines(tmp_path, 11, 200) > 60


@pytest.mark.slow
def test_a_thousand_damaged_lines_of_measurements_are_reported(tmp_path):
    assert walk_lines(tmp_path, 12, 1000) > 300
