"""Damage of files, drawn from a seed: pieces of JSON exchanged for what nobody expects there, and bytes for others."""

from __future__ import annotations

import json
import random
from typing import Any

DEEP = "deep"
"""Stands for a list in a list in a list ..., made when it is written."""

ODD = (
    None, True, False, 0, 1, -1, 2**31, 2**32, 2**63, -(2**63), 10**400, 1.5, 1e308, float("nan"), float("inf"), "",
    "0", "x", "ü", "\ud800", "\x00", "\x1b[2J", "a" * 5000, "ff", "f" * 63, "00" * 16, "hpke:", "box:00", "hpke:zz",
    "recovery", "../../x", [], {}, [[]], {"a": 1}, ["x"], [None], {"user": "ann"}, DEEP,
)  # fmt: skip


def placed(told: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every piece of a JSON value."""
    ways = [at]
    pairs = told.items() if isinstance(told, dict) else enumerate(told) if isinstance(told, list) else ()
    for name, each in pairs:
        ways += placed(each, (*at, name))
    return ways


def changed(told: Any, chance: random.Random) -> Any:
    """The same with one piece exchanged, left out, doubled, or named otherwise."""
    told = json.loads(json.dumps(told))
    way = chance.choice(placed(told)[1:] or [()])
    if not way:
        return chance.choice(ODD)
    inside = told
    for name in way[:-1]:
        inside = inside[name]
    last, how = way[-1], chance.randrange(6)
    if how <= 2:
        inside[last] = chance.choice(ODD)
    elif how == 3:
        del inside[last]
    elif isinstance(inside, list):
        inside.insert(last, inside[last])
    elif how == 4:
        inside[f"{last}x"] = inside[last]
    else:
        inside[last] = [inside[last]]
    return told


def written(told: Any, chance: random.Random) -> bytes:
    """As JSON; at times with a name twice, in other letters, or cut."""
    text = json.dumps(told).replace(f'"{DEEP}"', "[" * 20_000 + "]" * 20_000)
    how = chance.randrange(12)
    if how == 0:
        text = text.replace("{", '{"store": 1, "user": "ann", ', 1)
    content = text.encode("utf-16" if how == 1 else "utf-8", "surrogatepass")
    return content[: chance.randrange(len(content) + 1)] if how == 2 else content


def bitten(content: bytes, chance: random.Random, within: int = 0) -> bytes:
    """Bytes turned over, taken out, put in, repeated; ``within``: only in so many at the beginning."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 30))):
        at = chance.randrange(min(within or len(damaged), len(damaged)) or 1)
        how, length = chance.randrange(5), chance.choice((1, 4, 100))
        if how == 0 and at < len(damaged):
            damaged[at] ^= 1 << chance.randrange(8)
        elif how == 1:
            del damaged[at : at + length]
        elif how == 2:
            damaged[at:at] = chance.randbytes(length)
        elif how == 3:
            damaged[at : at + length] = b"\x00" * length
        else:
            damaged[at:at] = damaged[at : at + length]
        if chance.randrange(20) == 0:
            del damaged[at:]
    return bytes(damaged)


PIECES = ("=1+1", '"', '""', ",", ";", "\t", "\n", "\r", "\r\n", "\x00", "\x1b[2J", "\ufeff", "\u202e", "\ud800", "é",
          "9" * 400, "1e999", "-0", "NaN", "2025-02-30", "../../x", "AN-001", "SCR", "LB", "PLT", "ND", "NASK",
          "<img src=x>", "{", "}", "[" * 2000, "null", "true", ":", "\\u0000", "\\ud800", "1.0", "01", " ")  # fmt: skip


def jumbled(text: str, chance: random.Random) -> bytes:
    """A text with pieces put in, taken out and put elsewhere; at times in other letters, or bitten."""
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(text) + 1)
        upto = min(len(text), at + chance.choice((1, 3, 20, 200)))
        how = chance.randrange(3)
        if how == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + text[upto:]
        else:
            text = text[:at] + chance.choice(PIECES) + text[upto:]
    content = text.encode(chance.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-32", "utf-7")), "surrogatepass")
    return bitten(content, chance) if chance.randrange(8) == 0 else content
