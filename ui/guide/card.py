"""The quick card made from the table of shortcuts."""

from __future__ import annotations

import re

from forms.texts import say
from ui.actions import TABLE, WHERE, ActionLine

NAMED = ("Return", "Up", "Down", "Left", "Right", "Space", "Del")
"""Keys that are called otherwise on the card than in the table: text ``guide.key.<name>``."""


def card(language: str) -> bytes:
    """The card as PDF, one page A4."""
    from db import VERSION
    from reports.pdf.quick_card import render

    keys = [
        (
            say(language, f"ui.where.{where}"),
            [
                (keys_words(line, language), say(language, f"ui.action.{line.id}"))
                for line in TABLE
                if line.where == where
            ],
        )
        for where in WHERE
    ]
    return render(keys, language, VERSION)


def keys_words(line: ActionLine, language: str) -> str:
    """The keys of an action as they are printed."""
    return re.sub(
        rf"\b({'|'.join(NAMED)})\b", lambda met: say(language, f"guide.key.{met.group()}"), ", ".join(line.keys)
    )
