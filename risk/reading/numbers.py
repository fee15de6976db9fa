"""Numbers in cells: plain decimal numbers pass, what a human or a spreadsheet may have meant is refused."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from risk.reading.options import Options
from risk.reading.problems import quoted
from risk.reading.schema import Column

__all__ = ["parse_numbers"]

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}([,. ']\d{3})+([.,]\d+)?|[+-]?\d+,\d+", re.ASCII)
_WORDS = {"nan", "na", "n/a", "null", "none", "-", "unknown"}
_INFINITE = {"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"}

Verdict = tuple[str, str]


def parse_numbers(
    values: Sequence[object], column: Column, options: Options
) -> tuple[np.ndarray, dict[int, Verdict]]:
    """
    Distinct cells as floats, NaN where not given.

    Parameters
    ----------
    values : sequence
        Distinct cells; None or blank text is a missing one.
    column : Column
        Its ``blank``, ``above``, ``low`` and ``high`` are applied.
    options : Options
        ``decimal``, ``thousands`` and ``limit``.

    Returns
    -------
    numbers : ndarray of float64
        NaN where refused, too: what comes after counts on finite numbers.
    refused : dict
        Place -> (code, message).

    Examples
    --------
    >>> numbers, refused = parse_numbers(["1.5", "1,000"], Column("value", "number"), Options())
    >>> numbers.tolist(), refused[1][1]
    ([1.5, nan], "'1,000' is not a plain number; write 1000 or pass thousands=','")
    """
    numbers = _all_plain(values, options)
    refused: dict[int, Verdict] = {}
    if numbers is None:
        numbers = np.full(len(values), np.nan)
        for place, value in enumerate(values):
            verdict = _refusal(value, column, options)
            if verdict:
                refused[place] = verdict
            elif not _is_blank(value):
                numbers[place] = _number(value, options)
    for place in np.flatnonzero(_outside(numbers, column, options)).tolist():
        refused.setdefault(place, _out_of_bounds(values[place], float(numbers[place]), column, options))
    numbers[list(refused)] = np.nan
    return numbers, refused


def _all_plain(values: Sequence[object], options: Options) -> np.ndarray | None:
    """The numbers, if every cell is one in the plainest form; else None."""
    if all(type(value) is float or type(value) is int for value in values):
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            return None
    if options.decimal != "." or options.thousands or not all(type(value) is str for value in values):
        return None
    joined = "\n".join(map(str, values))
    if not joined.isascii() or joined.encode().translate(None, b"0123456789.eE+-\n"):
        return None
    try:
        return np.array([float(str(value)) for value in values])
    except ValueError:
        return None


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _number(value: object, options: Options) -> float:
    if not isinstance(value, str):
        return float(str(value))
    text = value.strip()
    if options.thousands:
        text = text.replace(options.thousands, "")
    return float(text.replace(options.decimal, "."))


def _refusal(value: object, column: Column, options: Options) -> Verdict | None:
    if _is_blank(value):
        return None if column.blank else ("number.missing", f"no {column.name} given")
    if isinstance(value, bool | np.bool_):
        return "number.boolean", f"{value} is a truth value, not a number"
    if isinstance(value, str):
        return _refused_text(value.strip(), options)
    if isinstance(value, int | float | np.number | Decimal):
        return None
    return "number.type", f"{quoted(value)} is of type {type(value).__name__}, not a number"


def _refused_text(text: str, options: Options) -> Verdict | None:
    if text.lower() in _INFINITE:
        return "number.infinite", f"{quoted(text)} is not finite"
    if text.lower() in _WORDS:
        return "number.invalid", f"{quoted(text)} is not a number; leave the cell empty where none is given"
    if text.lower() in ("true", "false"):
        return "number.boolean", f"{text} is a truth value, not a number"
    if _is_written_with(text, options):
        return None
    if _GROUPED.fullmatch(text):
        return "number.format", f"{quoted(text)} is not a plain number; {_advice(text)}"
    return "number.invalid", f"{quoted(text)} is not a number"


def _is_written_with(text: str, options: Options) -> bool:
    if options.thousands and options.thousands in text:
        whole = re.escape(options.thousands)
        if not re.fullmatch(
            rf"[+-]?\d{{1,3}}({whole}\d{{3}})+({re.escape(options.decimal)}\d+)?", text, re.ASCII
        ):
            return False
        text = text.replace(options.thousands, "")
    if options.decimal != ".":
        if "." in text:
            return False
        text = text.replace(options.decimal, ".")
    return _PLAIN.fullmatch(text) is not None


def _advice(text: str) -> str:
    marks = [mark for mark in text if mark in ",. '"]
    if set(marks) == {","} and re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+", text):
        return f"write {text.replace(',', '')} or pass thousands=','"
    if marks == [","]:
        return "write a point, or pass decimal=','"
    last = marks[-1]
    first = f"thousands={marks[0]!r}"
    return f"pass decimal={last!r}, {first}" if last in ",." and last != marks[0] else f"pass {first}"


def _outside(numbers: np.ndarray, column: Column, options: Options) -> np.ndarray:
    top = options.limit if column.high is None else column.high
    bad = np.isinf(numbers) | (numbers > top)
    if column.above is not None:
        bad |= numbers <= column.above
    if column.low is not None:
        bad |= numbers < column.low
    return bad


def _out_of_bounds(value: object, number: float, column: Column, options: Options) -> Verdict:
    raw = quoted(value)
    if math.isinf(number):
        return "number.infinite", f"{raw} is not finite"
    if number < 0 and (column.low == 0 or column.above == 0):
        return "number.negative", f"{raw} is negative; whether an act is hostile is said by its type"
    if column.high is None and number > options.limit:
        return (
            "number.too_large",
            f"{raw} is above the limit {options.limit:g}; check the unit, or pass limit=",
        )
    low = "" if column.above is None and column.low is None else f"{_bound(column)}, "
    return "number.range", f"{raw} is outside {low}{column.high or options.limit:g}]"


def _bound(column: Column) -> str:
    return f"({column.above:g}" if column.above is not None else f"[{column.low:g}"
