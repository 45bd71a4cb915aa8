"""Numbers as a reader wants them: three significant digits, a unit, and a frequency before a loss.

Frequencies ("91 in 100") are understood where probabilities and losses are not (Gigerenzer and Hoffrage, Psychological
Review 102, 1995), so pages say them first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mtl_core.language import _

__all__ = ["capital", "drop", "gap", "nats", "number", "plus_minus", "setting", "share"]

_DUST = 5e-7  # what is smaller is the rounding of float32, but it is not an exact zero and must not look like one

_LARGE = 1e6  # from here on, zeros are counted better than read
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float) -> str:
    """A measured number with three significant digits and a true minus sign; "0" is an exact zero.

    Trailing zeros are kept, because they were measured: 0.810 beside 0.752.

    Examples
    --------
    >>> number(0.20634), number(0.81), number(-1.5), number(12345), number(0.0), number(1e-9)
    ('0.206', '0.810', '−1.50', '12300', '0', '≈ 0')
    """
    if not math.isfinite(x):
        return _("not a number") if math.isnan(x) else ("−∞" if x < 0 else "∞")
    if x == 0:
        return "0"
    if abs(x) < _DUST:
        return "≈ 0"
    if abs(x) >= _LARGE:
        mantissa, exponent = f"{x:.2e}".split("e")
        return f"{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}".replace("-", "−")
    rounded = float(f"{x:.3g}")
    decimals = max(0, 2 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:.{decimals}f}".replace("-", "−")


def setting(x: float) -> str:
    """A number that somebody chose: all its digits and no more, with a true minus sign.

    Examples
    --------
    >>> setting(45.0), setting(0.05), setting(-1.2)
    ('45', '0.05', '−1.2')
    """
    return f"{float(x):.10g}".replace("-", "−")


def plus_minus(mean: float, half: float) -> str:
    """A mean and half of its interval: the half with two significant digits, the mean with as many decimals.

    Examples
    --------
    >>> plus_minus(0.3123, 0.0214), plus_minus(-0.00113, 0.0042), plus_minus(12.34, 3.0), plus_minus(0.25, 0.0)
    ('0.312 ± 0.021', '−0.0011 ± 0.0042', '12.3 ± 3.0', '0.250')
    """
    if half == 0 or not (math.isfinite(mean) and math.isfinite(half)):
        return number(mean)
    width = float(f"{half:.2g}")
    decimals = max(0, 1 - math.floor(math.log10(width)))
    return f"{mean + 0.0:.{decimals}f} ± {width:.{decimals}f}".replace("-", "−")


def nats(x: float) -> str:
    """A loss with its unit: "0.206 nats"."""
    return _("{number} nats").format(number=number(x))


def share(accuracy: float) -> str:
    """A share of 0..1 as a frequency: "91 in 100". All and none are said only where they are exact.

    Examples
    --------
    >>> share(0.914), share(0.9996), share(1.0)
    ('91 in 100', 'more than 99 in 100', '100 in 100')
    """
    if not math.isfinite(accuracy):
        return _("an unknown share")
    hundredths = round(100 * accuracy)
    if hundredths == 100 and accuracy < 1:
        return _("more than {n} in 100").format(n=99)
    if hundredths == 0 and accuracy > 0:
        return _("fewer than {n} in 100").format(n=1)
    return _("{n} in 100").format(n=hundredths)


def capital(text: str) -> str:
    """With a capital letter first and the rest as it is, as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def gap(above: float, below: float) -> float:
    """How far one number lies above another, as the difference of the two as `number` says them.

    Examples
    --------
    >>> gap(0.5284, 0.1908), 0.5284 - 0.1908 < 0.3377
    (0.337, True)
    """
    high, low = (float(f"{x:.3g}") for x in (above, below))
    return float(f"{high - low:.3g}")


def drop(accuracy: Sequence[float]) -> float:
    """How much an accuracy falls from first to last, as the difference of the two numbers that are said of them.

    Examples
    --------
    >>> drop([0.886, 0.654])
    0.24
    """
    return (round(100 * float(accuracy[0])) - round(100 * float(accuracy[-1]))) / 100
