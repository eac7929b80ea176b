"""Looking at a definition as empty forms."""

from dataclasses import replace

import pytest

from db.opening.vault import open_store
from forms.authoring.load import read_study
from forms.errors import Refusal
from ui.commands import main
from ui.commands.preview import PASSPHRASE, USER, build, widest_role

STUDY = read_study("ankl")


@pytest.fixture
def watched(monkeypatch, tmp_path):
    """A stand-in for the window that looks into the store while it is there."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("CASEBOOK_TODAY", "2025-07-25")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    seen = {}

    def window(store, user, passphrase, language):
        casebook = open_store(store, user=user, passphrase=passphrase)
        try:
            seen.update(
                store=store,
                who=casebook.account.name,
                subjects=[line.id for line in casebook.subjects()],
                study=casebook.study.id,
                may_enter=casebook.may("enter"),
            )
        finally:
            casebook.close()
        return 0

    return window, seen


def test_a_definition_opens_as_an_empty_subject_and_is_gone_afterwards(watched, capsys):
    window, seen = watched
    assert main(["study", "preview", "ankl", "--language", "en"], window) == 0
    assert seen["study"] == "ankl"
    assert len(seen["subjects"]) == 1
    assert seen["may_enter"]
    assert not seen["store"].exists()
    assert not seen["store"].parent.exists()
    assert "nothing is kept" in capsys.readouterr().out


@pytest.mark.parametrize(("language", "words"), [("en", "nothing is kept"), ("zh", "不保存任何内容")])
def test_title_and_name_say_that_nothing_is_kept(watched, language, words):
    window, seen = watched
    main(["study", "preview", "ankl", "--language", language], window)
    assert words in seen["store"].stem
    assert words in seen["who"]


def test_the_store_is_gone_even_when_the_window_breaks(watched, capsys):
    stores = []

    def breaking(store, *_):
        stores.append(store)
        raise OSError(5, "gone")

    assert main(["study", "preview", "ankl"], breaking) != 0
    assert not stores[0].exists()
    capsys.readouterr()


def test_without_a_display_the_preview_is_refused_in_words(capsys):
    assert main(["study", "preview", "ankl"]) == 1
    assert capsys.readouterr().err


def test_the_role_that_may_do_most_looks():
    assert widest_role(STUDY) == "pi"
    with pytest.raises(Refusal):
        widest_role(replace(STUDY, roles=()))


def test_the_throw_away_store_opens_with_the_words_told(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBOOK_TODAY", "2025-07-25")
    casebook = open_store(build(tmp_path, STUDY, "en"), user=USER, passphrase=PASSPHRASE)
    assert (casebook.study.id, casebook.role) == (STUDY.id, widest_role(STUDY))
    (subject,) = casebook.subjects()
    assert casebook.subject(subject.id).keys() == ()
    casebook.close()


@pytest.mark.parametrize(
    ("pattern", "made"),
    [
        ("R[0-9]{4}", "R0001"),
        (r"(GZ|SH)-\d{2}-\d{3}", "GZ-00-001"),
        ("[A-Z]{3}", "AAA"),
        ("PREVIEW-[0-9]{3}", "PREVIEW-001"),
    ],
)
def test_whatever_ids_look_like_the_preview_has_a_subject(tmp_path, monkeypatch, pattern, made):
    monkeypatch.setenv("CASEBOOK_TODAY", "2025-07-25")
    store = build(tmp_path, replace(STUDY, subject_id_pattern=pattern), "en")
    casebook = open_store(store, user=USER, passphrase=PASSPHRASE)
    assert [line.id for line in casebook.subjects()] == [made]
    casebook.close()
