"""A folder that was stolen: without a passphrase it yields no value, no name, no count, wherever one looks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from db.copies.automatic import copy_store, rehearse
from db.folder import paths
from db.folder.keys import CHEAP
from db.people.accounts import add_account
from db.people.identity import Identity, write_identity
from db.people.rekey import rekey
from db.proof.copying import backup
from forms.errors import Told
from tests.db.stores import PASSPHRASE, at, fill_screening, later_reader, with_identify
from ui.messages import places_of, write_log

ROOT = Path(__file__).resolve().parents[2]
WEIGHT = "60.77"
SECRETS = ("AN-731", "1987-04-23", WEIGHT, "Zhao Yunlan", "赵云澜", "H-99421", "Is this the weight",
           "wobbly handwriting", "half typed words", "Quentin Brown", "correct horse battery", "SITE-7731")  # fmt: skip
"""Everything that is typed below: subject, values, names, questions, reasons, drafts, people, passphrases."""


def filled(folder: Path):
    book = with_identify(folder, site="SITE-7731", passphrase="correct horse battery")
    fill_screening(book, "AN-731")
    book.enter(at("AN-731", "SCR", "DM", "BRTHDAT"), "1987-04-23", why="wobbly handwriting")
    book.enter(at("AN-731", "SCR", "VS", "WEIGHT"), WEIGHT, why="wobbly handwriting")
    book.open_query(at("AN-731", "SCR", "VS", "WEIGHT"), "Is this the weight of today?")
    book.draft(at("AN-731", "SCR", "VS", "HEIGHT"), "half typed words")
    write_identity(book, "AN-731", Identity("H-99421", "赵云澜", "Zhao Yunlan"))
    add_account(book, "qb", "Quentin Brown", "nurse", "correct horse battery", kdf=CHEAP, temporary=False)
    return book


def found_in(folder: Path) -> dict[str, list[str]]:
    """Secrets by the file that holds them in any usual encoding."""
    found: dict[str, list[str]] = {}
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        content = path.read_bytes()
        for secret in SECRETS:
            forms = [secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
            if any(form in content for form in forms):
                found.setdefault(path.name, []).append(secret)
    return found


def test_no_file_of_a_working_store_holds_a_word_of_it_nor_its_log_nor_its_temporaries(tmp_path, monkeypatch):
    temporaries = tmp_path / "temporaries"
    temporaries.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporaries))
    monkeypatch.setenv("TMPDIR", str(temporaries))
    book = filled(tmp_path)
    assert (book.path / (paths.STORE + "-wal")).stat().st_size > 0
    assert (book.path / (paths.STORE + "-shm")).exists()
    assert found_in(tmp_path) == {}
    backup(book, tmp_path / "copy.casebook")
    reader = later_reader(tmp_path, "correct horse battery")
    (tmp_path / "stick").mkdir()
    made = copy_store(reader, str(tmp_path / "stick"), tick=lambda *_: None)
    assert rehearse(reader, str(made.path), tick=lambda *_: None).good
    reader.close()
    book = rekey(book, "wobbly handwriting", kdf=CHEAP)
    assert found_in(tmp_path) == {}
    book.close()
    assert found_in(tmp_path) == {}


def test_the_search_would_find_a_word_that_leaked(tmp_path):
    (tmp_path / "leak").write_bytes(b"..." + "赵云澜".encode("gb18030") + b"...")
    assert found_in(tmp_path) == {"leak": ["赵云澜"]}


def test_the_key_file_tells_sign_in_names_and_nothing_else(tmp_path):
    book = filled(tmp_path)
    content = (book.path / paths.KEYS).read_text(encoding="utf-8")
    book.close()
    assert '"qb"' in content
    assert "Quentin" not in content
    assert "SITE-7731" not in content


def test_how_many_subjects_there_are_is_not_told_by_any_file_name(tmp_path):
    book = filled(tmp_path)
    names = {path.name for path in book.path.rglob("*")}
    book.close()
    assert names <= {paths.STORE, paths.STORE + "-wal", paths.STORE + "-shm", paths.KEYS, paths.LOCK, paths.TRIES,
                     paths.TRIES_LOCK, paths.COUNTER}  # fmt: skip


def test_a_crash_report_names_places_of_the_program_and_no_value(tmp_path):
    book = filled(tmp_path)
    try:
        secret = book.sheet(at("AN-731", "SCR", "VS", "WEIGHT").form_key).cell("WEIGHT").value
        raise ValueError(f"cannot work with {secret.value} of AN-731")
    except ValueError as error:
        log = write_log(tmp_path / "log", "2026-11-21", places_of(error))
        assert "AN-731" in traceback.format_exc()
    book.close()
    assert "ValueError" in log.read_text(encoding="utf-8")
    assert found_in(tmp_path) == {}


def test_errors_told_to_people_hold_no_value(tmp_path):
    book = filled(tmp_path)
    with pytest.raises(Told) as refused:
        book.enter(at("AN-731", "SCR", "VS", "NOTHING"), WEIGHT)
    book.close()
    assert WEIGHT not in str(refused.value)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")
def test_a_killed_program_leaves_nothing_readable_behind(tmp_path):
    temporaries = tmp_path / "temporaries"
    temporaries.mkdir()
    script = tmp_path / "killed.py"
    script.write_text(
        f"import os, signal, sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom pathlib import Path\n"
        "from tests.db.test_stolen import filled\nbook = filled(Path(sys.argv[1]))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n",
        encoding="utf-8",
    )
    ended = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "killed")],
        check=False, cwd=ROOT, env={**os.environ, "TMPDIR": str(temporaries), "SQLITE_TMPDIR": str(temporaries)},
    )  # fmt: skip
    assert ended.returncode < 0
    script.unlink()
    shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
    assert (tmp_path / "killed" / "trial.casebook" / (paths.STORE + "-wal")).exists()
    assert found_in(tmp_path) == {}


def test_the_passphrase_of_the_tests_is_not_in_their_stores_either(tmp_path):
    book = with_identify(tmp_path)
    book.close()
    assert PASSPHRASE.encode() not in b"".join(path.read_bytes() for path in book.path.rglob("*") if path.is_file())
