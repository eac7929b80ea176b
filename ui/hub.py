"""The one signal about data: what the store has just written."""

from PySide6.QtCore import QObject, Signal


class Hub(QObject):
    """``changed`` carries the `Changes` that the casebook returned. Who wrote emits it, who shows listens."""

    changed = Signal(object)
