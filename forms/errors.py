"""The kinds of errors people meet. Everything else is a bug and goes to the crash page.

Each carries the key of a text in `resources/i18n/<language>/` and its arguments, so that the words are chosen where the
person's language is known: ``say(language, error.key, **error.args_)``. Arguments never hold a patient's value.
"""

from __future__ import annotations


class Told(Exception):
    """Base of errors that have words for a person."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def in_language(self, language: str) -> str:
        """The sentence for a person: what happened, where, what to do."""
        from forms.texts import say

        return say(language, self.key, **self.values)

    def __str__(self) -> str:
        """English, for logs and tests."""
        return self.in_language("en")


class Refusal(Told):
    """The person can mend it: shown at the field or the command line (exit code 1)."""


class Misuse(Told):
    """A command was called in a way that can't be meant: told as wrong usage (exit code 2)."""


class NeedsReason(Refusal):
    """A correction that must be explained came without a reason; ask once and call again."""


class Trouble(Told):
    """The world is in the way: wrong key, disk full, locked, damaged, newer store (exit code 3)."""


class Cancelled(Exception):
    """A job was cancelled by the person; nothing is left half done."""
