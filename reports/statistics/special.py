"""Distribution functions in double precision.

Reference: Press et al., Numerical Recipes, 3rd ed., sections 6.2 and 6.4 (continued fractions after Lentz); checked in
the tests against scipy to ten digits.
"""

from __future__ import annotations

import math

_TINY = 1e-300
_NEAR = 1e-16
_STEPS = 5000

Z_95 = 1.959963984540054
"""Upper 2.5 % point of the normal distribution."""


def normal_tail(z: float) -> float:
    """P(Z > z) for a standard normal Z."""
    return 0.5 * math.erfc(z / math.sqrt(2.0))


def chi_square_tail(x: float, freedom: int) -> float:
    """P(X > x) for chi-square with ``freedom`` degrees of freedom."""
    if x <= 0:
        return 1.0
    return _upper_gamma(freedom / 2.0, x / 2.0)


def _upper_gamma(a: float, x: float) -> float:
    """Regularised upper incomplete gamma function Q(a, x)."""
    front = math.exp(-x + a * math.log(x) - math.lgamma(a))
    if x < a + 1.0:
        term = total = 1.0 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if abs(term) < abs(total) * _NEAR:
                break
        return max(0.0, 1.0 - front * total)
    b = x + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / b
    h = d
    for step in range(1, _STEPS):
        an = -step * (step - a)
        b += 2.0
        d = an * d + b
        d = 1.0 / (d if abs(d) > _TINY else _TINY)
        c = b + an / c
        c = c if abs(c) > _TINY else _TINY
        change = c * d
        h *= change
        if abs(change - 1.0) < _NEAR:
            break
    return front * h


def beta_share(x: float, a: float, b: float) -> float:
    """Regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(x, a, b) / a
    return 1.0 - front * _beta_fraction(1.0 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    h = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        for part in (even, odd):
            d = 1.0 + part * d
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = 1.0 + part / c
            c = c if abs(c) > _TINY else _TINY
            h *= d * c
        if abs(d * c - 1.0) < _NEAR:
            break
    return h


def beta_point(share: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = share, by bisection to the last bit."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if beta_share(middle, a, b) < share:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
