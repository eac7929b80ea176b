"""How a named function of the expression language is declared: arguments with kinds, units and limits, and its source.

``@formula`` keeps the function in `REGISTRY`. When it is called from an expression every argument is first read as its
kind; one that is unknown, of another kind or outside its limits makes the result unknown, unless the argument says that
unknown is welcome. A function never raises towards an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any, Literal, TypeVar

from forms.values.censored import EXACT, Censored
from forms.values.dates import PartialDate
from forms.values.kinds import as_amount

ArgumentKind = Literal["number", "amount", "date", "yes", "text", "sex", "any"]
"""number: Decimal. amount: Decimal or Censored. yes: true/false or the codes Y/N. sex: the codes F and M."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument. ``low`` and ``high`` are inclusive limits of what the formula was made for, in ``unit``.

    ``optional`` means it may be left out; given but unknown it makes the result unknown like any other.
    """

    name: str
    kind: ArgumentKind = "number"
    unit: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    optional: bool = False
    unknown_welcome: bool = False
    many: bool = False


def take(
    name: str,
    kind: ArgumentKind = "number",
    unit: str = "",
    limits: tuple[str, str] = ("", ""),
    *,
    optional: bool = False,
    unknown_welcome: bool = False,
    many: bool = False,
) -> Argument:
    """An argument; limits as texts, "" = open."""
    low, high = (Decimal(limit) if limit else None for limit in limits)
    return Argument(name, kind, unit, low, high, optional, unknown_welcome, many)


@dataclass(frozen=True, slots=True)
class Function:
    """A function as expressions know it. ``reference`` is its published source or its definition in words."""

    name: str
    call: Callable[..., object | None]
    arguments: tuple[Argument, ...]
    unit: str
    reference: str
    summary: str

    @property
    def fewest(self) -> int:
        """The least number of arguments."""
        return sum(not argument.optional for argument in self.arguments)

    @property
    def most(self) -> int | None:
        """The greatest number of arguments, None when the last may be repeated."""
        return None if self.arguments and self.arguments[-1].many else len(self.arguments)

    @property
    def signature(self) -> str:
        """``name(a, [b], c, ...)``: in brackets what may be left out, dots after what may be repeated."""
        words = []
        for argument in self.arguments:
            word = f"[{argument.name}]" if argument.optional else argument.name
            words.append(f"{word}, ..." if argument.many else word)
        return f"{self.name}({', '.join(words)})"

    def evaluate(self, values: Sequence[object | None]) -> object | None:
        """The result for values as expressions hold them; None when anything needed is unknown or out of limits."""
        taken: list[object | None] = []
        last = len(self.arguments) - 1
        for at, value in enumerate(values):
            argument = self.arguments[min(at, last)]
            read = read_argument(argument, value)
            if read is None and not argument.unknown_welcome:
                return None
            taken.append(read)
        with localcontext(EXACT):
            try:
                result = self.call(*taken)
            except (ArithmeticError, ValueError):
                return None
        number = result.number if isinstance(result, Censored) else result
        return None if isinstance(number, Decimal) and not number.is_finite() else result


def read_argument(argument: Argument, value: object | None) -> object | None:
    """The value as the argument's kind and within its limits, else None."""
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if value is None or argument.kind == "any":
        return value
    read = _AS[argument.kind](value)
    number = read.number if isinstance(read, Censored) else read
    if isinstance(number, Decimal) and (
        (argument.low is not None and number < argument.low) or (argument.high is not None and number > argument.high)
    ):
        return None
    return read


def _as_number(value: object) -> Decimal | None:
    amount = as_amount(value)
    return amount if isinstance(amount, Decimal) else None


def _as_date(value: object) -> PartialDate | None:
    return value if isinstance(value, PartialDate) else None


def _as_yes(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"Y": True, "N": False}.get(value) if isinstance(value, str) else None


def _as_text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _as_sex(value: object) -> str | None:
    return value if isinstance(value, str) and value in ("F", "M") else None


_AS: dict[str, Callable[[Any], object | None]] = {
    "number": _as_number,
    "amount": as_amount,
    "date": _as_date,
    "yes": _as_yes,
    "text": _as_text,
    "sex": _as_sex,
}

REGISTRY: dict[str, Function] = {}
"""Every function by name, in the order they are declared."""


Formula = TypeVar("Formula", bound=Callable[..., object | None])


def formula(*arguments: Argument, reference: str, unit: str = "") -> Callable[[Formula], Formula]:
    """Declare a function for expressions; its name is the function's, its summary the docstring's first line."""

    def declare(call: Formula) -> Formula:
        name = call.__name__.rstrip("_")
        if name in REGISTRY:
            raise ValueError(f"declared twice: {name}")
        summary = (call.__doc__ or "").strip().splitlines()[0]
        REGISTRY[name] = Function(name, call, arguments, unit, reference, summary)
        return call

    return declare
