"""How strong a passphrase is, for the window and the command line alike."""

from __future__ import annotations

import re

from db.folder.keys import SHORTEST_PASSPHRASE

LEAST = SHORTEST_PASSPHRASE
"""Characters below which a passphrase is weak whatever it is made of."""

STRENGTHS = ("weak", "fair", "good", "strong")


def passphrase_strength(passphrase: str) -> int:
    """0 weak to 3 strong: a rough measure by length and by kinds of characters; length counts most.

    NIST SP 800-63B section 5.1.1.2 asks for length, not for composition: four words beat one with signs.
    """
    if len(passphrase.strip()) < LEAST or len(set(passphrase)) < LEAST // 2:
        return 0
    kinds = sum(bool(re.search(kind, passphrase)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^A-Za-z0-9]"))
    return min(3, 1 + (len(passphrase) >= LEAST + 4) + (len(passphrase) >= LEAST + 10 or kinds >= 3))
