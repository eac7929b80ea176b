"""Commands on whole stores: make one, prove it, keep it safe."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from forms.texts import said
from ui.commands.codes import DONE, FINDINGS
from ui.commands.console import Console
from ui.commands.opening import ask_passphrase, clock, opened
from ui.commands.study import read_definition
from ui.passphrases import LEAST, passphrase_strength


def new(options: Namespace, console: Console) -> int:
    """Create an encrypted store for one study at one site, with its first account."""
    from db.folder.whereabouts import check_folder
    from db.opening.vault import create_store

    study = read_definition(options.study, console)
    passphrase = ask_passphrase(console, options.user, twice=True)
    casebook = create_store(
        options.store,
        study,
        site=options.site,
        user=options.user,
        name=options.user,
        role=options.role or study.roles[0].id,
        passphrase=passphrase,
        clock=clock(),
    )
    console.say("commands.store.made", path=casebook.path, study=study.id, site=options.site, user=options.user)
    console.say("commands.store.recovery", code=casebook.recovery_code)
    console.say("commands.store.fingerprint_new", fingerprint=casebook.fingerprint())
    for warning in check_folder(Path(casebook.path)):
        console.complain(said(warning, console.language))
    if passphrase_strength(passphrase) == 0:
        console.complain(console.words("commands.store.weak", least=LEAST))
    casebook.close()
    return DONE


def verify(options: Namespace, console: Console) -> int:
    """Check the whole store and say what can't be known without an outside anchor.

    It reads only and signs nobody in: a store too damaged to be opened for work is checked all the same.
    """
    from db.proof.verify import verify as verify_store

    told = verify_store(
        options.store,
        options.anchor,
        console.ticker(console.words("commands.verifying")),
        user=options.user,
        passphrase=ask_passphrase(console, options.user),
        clock=clock(),
        root=options.root,
        full=options.full,
    )
    for fault in told.faults:
        console.fault(options.store, 0, "", said(fault, console.language))
    for line in (*told.checked, *told.notes):
        console.show(said(line, console.language))
    if told.root:
        console.say("commands.store.fingerprint", fingerprint=told.root)
    if told.tip:
        console.say("commands.store.next_tip", entries=told.entries, position=told.position, tip=told.tip)
    if not told.faults:
        console.say("commands.store.sound", path=options.store, entries=told.entries)
        return DONE
    console.complain(console.words("commands.store.unsound", path=options.store, count=len(told.faults)))
    console.complain(said(told.advice, console.language))
    return FINDINGS


def backup(options: Namespace, console: Console) -> int:
    """Write a verified copy of a store."""
    from db.folder.whereabouts import check_copies
    from db.proof.copying import backup as back_up

    for warning in check_copies(options.destination):
        console.complain(said(warning, console.language))
    with opened(options, console) as casebook:
        copy = back_up(casebook, options.destination, console.ticker(console.words("commands.copying")))
    console.say("commands.store.backed_up", path=copy.path)
    console.say("commands.store.tip", position=copy.position, tip=copy.tip)
    return DONE


def restore(options: Namespace, console: Console) -> int:
    """Make a store of a verified backup, where none is yet."""
    from db.copies.restoring import restore as restore_store

    passphrase = ask_passphrase(console, options.user)
    source = newest_copy(options.backup)
    tick = console.ticker(console.words("commands.copying"))
    copy = restore_store(source, options.store, user=options.user, passphrase=passphrase, clock=clock(), tick=tick)
    console.say("commands.store.restored", path=copy.path)
    return DONE


def newest_copy(path: Path) -> Path:
    """The backup meant by ``path``: itself, or the newest of one store's copies in a folder that `backup` was given.

    A folder with copies of several stores stays as it is: which of them is wanted, only the person knows.
    """
    from db.folder import paths
    from db.folder.unfinished import read_stamp

    if path.suffix == paths.SUFFIX or (path / paths.KEYS).exists() or not path.is_dir():
        return path
    stamps = {copy: stamp for copy in path.glob(f"*{paths.SUFFIX}") if (stamp := read_stamp(copy))}
    stores = {copy.name.rpartition(f"-{stamp[0]}Z")[0] for copy, stamp in stamps.items()}
    return max(stamps, key=lambda copy: stamps[copy]) if len(stores) == 1 else path
