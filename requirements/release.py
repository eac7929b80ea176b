"""Makes a signed release folder of ``dist/casebook``, to be carried on a stick.

    python requirements/release.py --new-key FILE                 a key pair: FILE (secret) and FILE.pub
    python requirements/release.py OUT [--key FILE] [--dist DIR]  OUT/casebook-VERSION-SYSTEM-MACHINE

Needs the program that ``python3 bootstrap.py build`` made on this system, with ``CASEBOOK_RELEASE_PUBLIC`` naming
``FILE.pub`` (the program then takes releases signed by that key and no others), and the secret key: ``--key`` or
``CASEBOOK_RELEASE_KEY`` names its file. The secret key belongs on a stick in a safe, never in this folder.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402

from db import VERSION  # noqa: E402
from db.ledger.schema import CURRENT  # noqa: E402
from forms.texts import LANGUAGES  # noqa: E402
from ui.release.installing import this_system  # noqa: E402
from ui.release.manifest import MANIFEST, PROGRAM, SIGNATURE, SIGNED, Packed, Release, dump  # noqa: E402
from ui.release.notes import notes_of  # noqa: E402

PROGRAMS = ("casebook", "casebook.exe", "casebook-cli.exe", "install.sh")


def main(arguments: list[str]) -> int:
    """Make a key or a release; returns an exit code: 0 done, 2 wrong usage."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--key", type=Path, default=os.environ.get("CASEBOOK_RELEASE_KEY"))
    parser.add_argument("--dist", type=Path, default=HOUSE / "dist" / "casebook")
    parser.add_argument("--new-key", type=Path)
    told = parser.parse_args(arguments)
    if told.new_key:
        new_key(told.new_key)
        return 0
    if told.out is None or told.key is None:
        parser.error("OUT and a key are needed")
    print(make_release(told.dist, told.out, read_key(Path(told.key))))
    return 0


def new_key(path: Path) -> None:
    """Write a new key pair: the secret key for its owner alone. Raises FileExistsError rather than lose a key."""
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(key.private_bytes_raw().hex() + "\n")
    public = path.with_name(path.name + ".pub")
    public.write_text(key.public_key().public_bytes_raw().hex() + "\n", encoding="ascii")


def read_key(path: Path) -> Ed25519PrivateKey:
    """The secret key of a file that `new_key` wrote."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))


def make_release(dist: Path, out: Path, key: Ed25519PrivateKey, version: str = VERSION, schema: int = CURRENT) -> Path:
    """The folder of a signed release. Links stand in its list only, as sticks know none; raises FileExistsError."""
    system, machine = this_system()
    place = out / f"casebook-{version}-{system}-{machine}"
    program = place / PROGRAM
    program.mkdir(parents=True)
    files, links = {}, {}
    for path in sorted(dist.rglob("*")):
        name = path.relative_to(dist).as_posix()
        if path.is_symlink():
            links[name] = os.readlink(path)
        elif path.is_file():
            (program / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, program / name)
            content = (program / name).read_bytes()
            files[name] = Packed(hashlib.sha256(content).hexdigest(), len(content), name in PROGRAMS)
    notes = {language: notes_of(version, language) for language in LANGUAGES}
    told = dump(Release(version, schema, system, machine, notes, files, links))
    (place / MANIFEST).write_bytes(told)
    (place / SIGNATURE).write_text(key.sign(SIGNED + told).hex() + "\n", encoding="ascii")
    return place


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
