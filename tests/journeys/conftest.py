"""Each test of this room runs beside the window (`aside`); ``desk`` gives it stores and windows."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.journeys.aside import Aside
from tests.journeys.desk import Desk


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Walk a journey beside the window of its desk."""
    desk = pyfuncitem.funcargs.get("desk")
    if not isinstance(desk, Desk):
        return None
    given = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    desk.aside.walk(lambda: pyfuncitem.obj(**given))
    return True


@pytest.fixture
def desk(tmp_path, qapp):
    """A desk with a folder of its own; whatever stands on it is put away afterwards."""
    made = Desk(tmp_path, Aside())
    yield made
    made.clear()
    QApplication.processEvents()
