"""The tests themselves: their order never depends on hashing, so that several processes take the same tests."""

import os
import subprocess
import sys

import pytest

from tests.test_house import ROOT


def test_no_test_takes_its_cases_in_the_order_of_a_set(request):
    unordered = [
        item.nodeid
        for item in request.session.items
        for mark in item.iter_markers("parametrize")
        if isinstance(mark.args[1], set | frozenset)
    ]
    assert unordered == []


@pytest.mark.slow
def test_the_order_of_the_tests_does_not_depend_on_hashing(request):
    here = [item.nodeid for item in request.session.items]
    another = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": another},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert told.returncode == 0, told.stdout[-2000:] + told.stderr
    asked = set(here)
    assert [line for line in told.stdout.splitlines() if line in asked] == here
