"""The locks: each holds everything that what it names needs itself, on every supported Python and system."""

import importlib.metadata
import importlib.util
import json
import re
from collections import deque

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.test_house import ROOT

FOLDER = ROOT / "requirements"
INSTALLED = ("pip", "build", "runtime", "test", "builder")
ASKED = {"test": ("runtime", "test")}


def written_by():
    """The module that writes the locks."""
    spec = importlib.util.spec_from_file_location("lock", FOLDER / "lock.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LOCK = written_by()
NEEDS = {
    package: [Requirement(line) for line in needs]
    for package, needs in json.loads((FOLDER / "closure.json").read_text(encoding="utf-8")).items()
}
ENVIRONMENTS = {f"{python}-{seen['sys_platform']}": seen for python, seen, _ in LOCK.environments()}


def asked_for(lock):
    """What the files ask for from which a lock is made."""
    lines = [
        line.split(" #")[0].strip()
        for name in ASKED.get(lock, (lock,))
        for line in (FOLDER / f"{name}.in").read_text(encoding="utf-8").splitlines()
    ]
    return [Requirement(line) for line in lines if line and not line.startswith(("#", "-r"))]


def holds(requirement, seen, extras=("",)):
    """Whether a requirement holds where a marker sees this, for a package asked for with these extras."""
    return not requirement.marker or any(requirement.marker.evaluate({**seen, "extra": extra}) for extra in extras)


def walk(asked, pinned, seen):
    """What is needed and not locked as it is needed, missing, of another version or without an extra; who is needed."""
    pinned = [pin for pin in pinned if holds(pin, seen)]
    locked = {canonicalize_name(pin.name): pin for pin in pinned}
    found = [f"{name} is locked twice" for name in locked if [pin.name for pin in pinned].count(name) > 1]
    waiting = deque((requirement, "what is asked for") for requirement in asked if holds(requirement, seen))
    walked = set()
    while waiting:
        requirement, by = waiting.popleft()
        pin = locked.get(canonicalize_name(requirement.name))
        if pin is None:
            found.append(f"{requirement} (for {by}) is not locked")
            continue
        version = str(pin.specifier).removeprefix("==")
        if not requirement.specifier.contains(version, prereleases=True):
            found.append(f"{requirement} (for {by}) is locked as {version}")
        found += [f"{requirement} (for {by}) lacks [{extra}]" for extra in sorted(requirement.extras - pin.extras)]
        if (here := (pin.name, frozenset(requirement.extras))) not in walked:
            walked.add(here)
            needs = NEEDS[f"{canonicalize_name(pin.name)}=={version}"]
            extras = ("", *sorted(requirement.extras))
            waiting.extend((need, pin.name) for need in needs if holds(need, seen, extras))
    return found, {name for name, _ in walked}


@pytest.mark.parametrize("lock", LOCK.LOCKS)
def test_every_locked_package_has_a_hash_and_no_lock_names_a_host(lock):
    text = (FOLDER / f"{lock}.txt").read_text(encoding="utf-8")
    assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\S)", text.strip()))
    assert "://" not in text
    assert "index" not in text


@pytest.mark.parametrize("seen", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
@pytest.mark.parametrize("lock", INSTALLED)
def test_a_lock_holds_all_that_its_packages_need(lock, seen):
    assert walk(asked_for(lock), LOCK.pins(lock), seen)[0] == []


@pytest.mark.parametrize(
    ("locked", "instead", "gap"),
    [
        ("colorama", [], "colorama.* \\(for pytest\\) is not locked"),
        ("coverage", [Requirement("coverage==0")], "coverage.* \\(for pytest-cov\\) lacks \\[toml\\]"),
        ("numpy", [Requirement("numpy==0")], "numpy.* \\(for pandas\\) is locked as 0"),
        ("numpy", [Requirement("numpy==0"), Requirement("numpy==1")], "numpy is locked twice"),
    ],
)
def test_a_package_an_extra_or_a_version_that_a_lock_lacks_is_found(monkeypatch, locked, instead, gap):
    for package in ("coverage==0", "numpy==0", "numpy==1"):
        monkeypatch.setitem(NEEDS, package, [])
    pinned = [pin for pin in LOCK.pins("test") if pin.name != locked] + instead
    found, _ = walk(asked_for("test"), pinned, ENVIRONMENTS["3.11-win32"])
    assert [each for each in found if re.match(gap, each)]


@pytest.mark.parametrize("lock", INSTALLED)
def test_nothing_is_locked_that_nothing_needs(lock):
    pinned = LOCK.pins(lock)
    needed = {name for seen in ENVIRONMENTS.values() for name in walk(asked_for(lock), pinned, seen)[1]}
    assert sorted({pin.name for pin in pinned} - needed) == []


def test_what_the_packages_need_is_kept_for_what_is_locked_and_for_nothing_else():
    locked = {f"{canonicalize_name(pin.name)}{pin.specifier}" for lock in INSTALLED for pin in LOCK.pins(lock)}
    kept = json.loads((FOLDER / "closure.json").read_text(encoding="utf-8"))
    assert sorted(kept) == sorted(locked)


def test_what_is_kept_of_the_packages_is_what_those_installed_here_say():
    apart, compared = [], 0
    for each in importlib.metadata.distributions():
        package = f"{canonicalize_name(each.name)}=={each.version}"
        if package in NEEDS:
            compared += 1
            says = {str(Requirement(line)) for line in each.requires or []}
            if says != {str(need) for need in NEEDS[package]}:
                apart.append(package)
    assert apart == []
    assert compared > 50


def test_the_test_set_holds_the_whole_runtime_set_and_the_one_pip():
    def told(lock):
        return {(pin.name, str(pin.specifier), str(pin.marker)) for pin in LOCK.pins(lock)}

    assert told("runtime") <= told("test")
    assert told("pip") <= told("runtime")
