"""How long work says how far it is, and hears that it should stop."""

from __future__ import annotations

from collections.abc import Callable

Tick = Callable[[int, int, str], None]
"""Called now and then with (at, of, text): steps done, steps in all, and what is being done in words or "".

Raises `forms.errors.Cancelled` when the person gave the work up; whoever is called with one leaves nothing half done.
"""
