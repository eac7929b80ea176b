"""Texts for people, by language and key.

``resources/i18n/<language>/<room>.json`` holds flat keys; ``say("zh", "ui.sign_in.title")`` looks up
``sign_in.title`` in ``zh/ui.json``. A key that a language lacks
falls back to English; a test demands that none is lacking.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache

from resources import folder

LANGUAGES = ("en", "zh")


@cache
def _room(language: str, room: str) -> Mapping[str, str]:
    path = folder("i18n", language, f"{room}.json")
    if not path.exists():
        return {}
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def say(language: str, key: str, **values: object) -> str:
    """The text of ``key`` in ``language`` with ``{names}`` filled in. An unknown key is returned itself."""
    room, _, rest = key.partition(".")
    words = _room(language, room).get(rest) or _room("en", room).get(rest)
    if words is None:
        return key
    return words.format(**values) if values else words


def both(key: str, **values: object) -> dict[str, str]:
    """The text in every language, as findings carry it. A value that is a text itself is said in each of them."""
    return {
        language: say(
            language, key, **{name: said(each, language) if isinstance(each, Mapping) else each
                              for name, each in values.items()},
        )
        for language in LANGUAGES
    }  # fmt: skip


def said(text: Mapping[str, str], language: str) -> str:
    """A study's own text in a language; English, then any other, when it lacks it."""
    return text.get(language) or text.get("en") or next(iter(text.values()), "")
