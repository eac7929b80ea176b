"""Which language the command line speaks, and the argument parser's own phrases in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence

from forms.texts import LANGUAGES, say

CHINESE = 4
"""Primary language id of Chinese in a Windows LANGID."""

PHRASES = {
    "usage: ": "usage",
    "positional arguments": "positional",
    "options": "options",
    "show this help message and exit": "help",
    "%(prog)s: error: %(message)s\n": "error",
    "the following arguments are required: %s": "required",
    "unrecognized arguments: %s": "unrecognized",
    "invalid choice: %(value)r (choose from %(choices)s)": "choice",
    "argument %(argument_name)s: %(message)s": "argument",
    "expected one argument": "one_argument",
    "invalid %(type)s value: %(value)r": "invalid",
}
"""Phrases of `argparse` by the last word of their key; one that is not here stays English."""


def spoken_language(argv: Sequence[str], environment: Mapping[str, str]) -> str:
    """``--language`` if given, else the system's: Chinese when it says so, otherwise English."""
    asked = asked_language(argv)
    if asked:
        return asked
    spoken = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return known(spoken) if spoken else system_language()


def asked_language(argv: Sequence[str]) -> str:
    """The language of ``--language``, "" without it: the window then keeps the one chosen in it."""
    for at, word in enumerate(argv):
        if word == "--language" and at + 1 < len(argv):
            return known(argv[at + 1])
        if word.startswith("--language="):
            return known(word.partition("=")[2])
    return ""


def system_language() -> str:
    """The language of the user's Windows; English elsewhere, where the environment would have said."""
    if sys.platform == "win32":
        import ctypes

        return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == CHINESE else "en"
    return "en"


def known(name: str) -> str:
    """The first two letters if that is a language we speak, else English."""
    short = name[:2].lower()
    return short if short in LANGUAGES else "en"


def translate_parser(language: str) -> None:
    """Let `argparse` speak the language. It looks its phrases up by the name ``_`` whenever it needs one."""

    def phrase(english: str) -> str:
        key = PHRASES.get(english)
        return say(language, f"commands.argparse.{key}") if key and language != "en" else english

    vars(argparse)["_"] = phrase
