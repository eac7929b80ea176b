"""Data and study labels are shown as they stand: what looks like markup in them is text."""

from __future__ import annotations

from html import escape


def menu_words(text: str) -> str:
    """A text as the label of a menu line, a button or a tab, where a single ``&`` would become a shortcut."""
    return text.replace("&", "&&")


def plain_tip(text: str) -> str:
    """The text of a tooltip that Qt draws as it stands: Qt takes whatever looks like markup for it, so it is escaped.

    Tooltips know no "plain text" setting; text that can't be taken for markup stays as it is, for screen readers.
    """
    if not any(sign in text for sign in "<>&"):
        return text
    return f'<span style="white-space: pre-wrap">{escape(text, quote=False)}</span>'
