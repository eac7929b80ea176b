"""What a version brings, in the words of those who work with it: one text a version and language."""

from __future__ import annotations

from resources import folder


def notes_of(version: str, language: str) -> str:
    """The notes of a version, in English where the language has none, "" where there are none at all."""
    for each in (language, "en"):
        path = folder("notes", each, f"{version}.md")
        if path.is_file():
            return path.read_text(encoding="utf-8").strip()
    return ""
