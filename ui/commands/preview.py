"""A definition looked at as empty forms: a throw-away store with one subject, deleted when the window closes."""

from __future__ import annotations

import tempfile
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from forms.errors import Refusal
from forms.texts import say
from ui.commands.codes import DONE
from ui.commands.console import Console
from ui.commands.opening import clock
from ui.commands.study import read_definition
from ui.commands.window import has_display, show

if TYPE_CHECKING:
    from forms.study.definition import Study

USER = "preview"
PASSPHRASE = "preview only"
"""Told to whoever looks; it guards nothing."""
SITE = "PREVIEW"


def open_preview(options: Namespace, console: Console) -> int:
    """Open the forms of a definition in the window. The title and the name at the top say that nothing is kept."""
    study = read_definition(options.source, console)
    if options.window is None or not has_display():
        raise Refusal("commands.no_display")
    with tempfile.TemporaryDirectory(prefix="casebook-preview-") as place:
        store = build(Path(place), study, options.language)
        console.say("commands.preview.open", study=study.id, version=study.version, passphrase=PASSPHRASE)
        show(options, store, USER, PASSPHRASE)
    console.say("commands.preview.gone")
    return DONE


def build(place: Path, study: Study, language: str) -> Path:
    """The throw-away store with one empty subject; its folder. Raises Refusal when no role may enter data."""
    from db.folder.keys import CHEAP
    from db.opening.vault import create_store

    title = say(language, "commands.preview.title", study=study.id)
    casebook = create_store(
        place / f"{title}.casebook", study, site=SITE, user=USER, name=say(language, "commands.preview.name"),
        role=widest_role(study), passphrase=PASSPHRASE, clock=clock(), kdf=CHEAP,
    )  # fmt: skip
    try:
        casebook.add_subject()
    finally:
        casebook.close()
    return casebook.path


def widest_role(study: Study) -> str:
    """The role that may do most of those that may add subjects and enter data."""
    roles = [role for role in study.roles if {"subject.add", "enter"} <= set(role.rights)]
    if not roles:
        raise Refusal("commands.preview.no_role", study=study.id)
    return max(roles, key=lambda role: len(role.rights)).id
