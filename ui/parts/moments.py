"""Instants as this computer's clock shows them: the one time zone of the window."""

from __future__ import annotations

from datetime import datetime, timedelta


def local_time(instant: str, *, seconds: bool = False) -> str:
    """``2026-11-21 11:08 UTC+8`` on this computer's clock of an ISO UTC instant; "" of ""."""
    if not instant:
        return ""
    moment = datetime.fromisoformat(instant).astimezone()
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    zone = f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
    clock = f"{moment:%Y-%m-%d %H:%M:%S}" if seconds else f"{moment:%Y-%m-%d %H:%M}"
    return f"{clock} UTC{zone if minutes else ''}"
