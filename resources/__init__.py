"""Everything that is data and not code: studies, CTCAE tables, units, texts, fonts, icons.

Nothing here computes. `folder` says where the files lie, from a checkout or from a frozen program alike.
"""

import sys
from pathlib import Path


def folder(*parts: str) -> Path:
    """Path of a shipped resource, e.g. ``folder("studies", "ankl")``."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) / "resources" if frozen else Path(__file__).resolve().parent
    return root.joinpath(*parts)
