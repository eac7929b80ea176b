"""Ticks: round numbers that cover a stretch."""

from __future__ import annotations

import math


def ticks(highest: float, most: int = 8) -> list[float]:
    """Round steps from 0 to at least ``highest``, at most ``most`` steps; those of months come out whole."""
    if highest <= 0:
        return [0.0, 1.0]
    for step in (0.5, 1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 600, 1200):
        if math.ceil(highest / step - 1e-9) <= most:
            break
    count = max(1, math.ceil(highest / step - 1e-9))
    return [step * at for at in range(count + 1)]


def even_ticks(lowest: float, highest: float, most: int = 5) -> list[float]:
    """Round numbers around a stretch that need not begin at 0, steps of 1, 2 or 5 times a power of ten."""
    if highest <= lowest:
        highest = lowest + (abs(lowest) or 1.0)
    raw = (highest - lowest) / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= raw * (1 - 1e-9))
    first = math.floor(lowest / step + 1e-9)
    last = math.ceil(highest / step - 1e-9)
    return [round(step * at, 10) for at in range(first, last + 1)]


def decade_ticks(lowest: float, highest: float) -> list[float]:
    """Powers of ten around a stretch of positive numbers, fewer when there are many; 1, 2, 5 when there are few."""
    if highest < lowest * 40:
        fine = [times * 10.0**power for power in range(-9, 13) for times in (1, 2, 5)]
        below = max(at for at, mark in enumerate(fine) if mark <= lowest * (1 + 1e-9) or not at)
        above = min(at for at, mark in enumerate(fine) if mark >= highest * (1 - 1e-9) or at == len(fine) - 1)
        return [float(f"{mark:.6g}") for mark in fine[below : max(above, below + 1) + 1]]
    first = math.floor(math.log10(lowest) + 1e-9)
    last = max(first + 1, math.ceil(math.log10(highest) - 1e-9))
    step = max(1, math.ceil((last - first) / 6))
    return [10.0**power for power in range(first, last + step, step)]


def tick_text(value: float) -> str:
    """A tick as written: no trailing zeros, thousands and powers of ten plain up to a million, then 1e7."""
    if value and (abs(value) >= 1e6 or abs(value) < 1e-3):
        return f"1e{round(math.log10(abs(value)))}" if value > 0 else f"{value:g}"
    return f"{value:.10g}"
