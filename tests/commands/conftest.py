"""The command line as a person meets it: words in, exit code and text out; one demonstration store for all tests."""

import shutil
from typing import NamedTuple

import pytest

from ui.commands import main
from ui.commands.demo import build_store


class Told(NamedTuple):
    """What a command gave back."""

    code: int
    out: str
    err: str


@pytest.fixture
def say(capsys, monkeypatch, tmp_path):
    """Run a command line in English, with the passphrase of every test store, its own home and a set clock."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("CASEBOOK_PASSPHRASE", "demo")
    monkeypatch.setenv("CASEBOOK_TODAY", "2025-07-25")
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))

    def run(*words):
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        return Told(code, told.out, told.err)

    return run


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The demonstration store; tests read it only."""
    return build_store(tmp_path_factory.mktemp("demonstration"))[0]


@pytest.fixture
def store(demonstration, tmp_path):
    """A copy of it to work in."""
    return shutil.copytree(demonstration, tmp_path / "trial.casebook")
