"""Reads a QR symbol back from its modules (ISO/IEC 18004): an eye of our own, independent of what drew it.

No error correction: what is read was never on paper. Versions 1 to 10, levels L and M.
"""

from __future__ import annotations

from collections.abc import Sequence

Modules = Sequence[Sequence[bool]]

BLOCKS = {
    "L": {1: (19,), 2: (34,), 3: (55,), 4: (80,), 5: (108,), 6: (68,) * 2, 7: (78,) * 2, 8: (97,) * 2, 9: (116,) * 2,
          10: (68, 68, 69, 69)},
    "M": {1: (16,), 2: (28,), 3: (44,), 4: (32,) * 2, 5: (43,) * 2, 6: (27,) * 4, 7: (31,) * 4, 8: (38, 38, 39, 39),
          9: (36, 36, 36, 37, 37), 10: (43, 43, 43, 43, 44)},
}  # fmt: skip
"""Data codewords of each block (table 9)."""

CENTRES = {2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46),
           10: (6, 28, 50)}  # fmt: skip
"""Rows and columns of alignment patterns (annex E)."""

MASKS = (
    lambda r, c: (r + c) % 2, lambda r, c: r % 2, lambda r, c: c % 3, lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2, lambda r, c: r * c % 2 + r * c % 3, lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)  # fmt: skip
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def read_symbol(modules: Modules) -> str:
    """What the symbol says. ``modules`` without a quiet zone, True = dark."""
    side = len(modules)
    version = (side - 17) // 4
    told = [bool(modules[8][at]) for at in (0, 1, 2, 3, 4, 5, 7)]
    level = {0b01: "L", 0b00: "M"}[(told[0] << 1 | told[1]) ^ 0b10]
    mask = MASKS[(told[2] << 2 | told[3] << 1 | told[4]) ^ 0b101]
    stream = [bool(modules[r][c]) ^ (mask(r, c) == 0) for r, c in _walk(side) if not _is_pattern(r, c, version, side)]
    words = [_number(stream[at : at + 8]) for at in range(0, len(stream) - 7, 8)]
    bits = [bool(word >> place & 1) for word in _in_order(words, BLOCKS[level][version]) for place in range(7, -1, -1)]
    return _text(bits, version)


def _walk(side: int):
    upward = True
    for right in (*range(side - 1, 6, -2), 5, 3, 1):
        for row in range(side - 1, -1, -1) if upward else range(side):
            yield row, right
            yield row, right - 1
        upward = not upward


def _is_pattern(row: int, column: int, version: int, side: int) -> bool:
    if row == 6 or column == 6 or (row < 9 and (column < 9 or column >= side - 8)) or (row >= side - 8 and column < 9):
        return True
    if version >= 7 and ((row < 6 and column >= side - 11) or (column < 6 and row >= side - 11)):
        return True
    centres, last = CENTRES.get(version, ()), side - 7
    found = ((r, c) for r in centres for c in centres if (r, c) not in ((6, 6), (6, last), (last, 6)))
    return any(abs(row - r) <= 2 and abs(column - c) <= 2 for r, c in found)


def _in_order(words: list[int], blocks: tuple[int, ...]) -> list[int]:
    """Codewords lie interleaved: the first of each block, then the second, …"""
    parts: list[list[int]] = [[] for _ in blocks]
    source = iter(words)
    for at in range(max(blocks)):
        for part, length in zip(parts, blocks, strict=True):
            if at < length:
                part.append(next(source))
    return [word for part in parts for word in part]


def _text(bits: list[bool], version: int) -> str:
    at, told = 0, ""

    def take(count: int) -> int:
        nonlocal at
        at += count
        return _number(bits[at - count : at])

    while len(bits) - at >= 4:
        mode = take(4)
        if mode == 0b0100:
            length = take(8 if version < 10 else 16)
            told += bytes(take(8) for _ in range(length)).decode()
        elif mode == 0b0010:
            length = take(9 if version < 10 else 11)
            for _ in range(length // 2):
                first, second = divmod(take(11), 45)
                told += LETTERS[first] + LETTERS[second]
            told += LETTERS[take(6)] if length % 2 else ""
        elif mode == 0:
            break
        else:
            raise ValueError(f"mode {mode} is not read here")
    return told


def _number(bits: Sequence[bool]) -> int:
    value = 0
    for bit in bits:
        value = value << 1 | bool(bit)
    return value
