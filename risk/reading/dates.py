"""Dates in cells: ``YYYY-MM-DD`` passes, month and year keep their precision, every guess is refused."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from risk.reading.options import Options
from risk.reading.problems import quoted

__all__ = ["DateCells", "parse_dates", "placed"]

_STAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s?(Z|[+-]\d{2}:?\d{2})?", re.ASCII
)
_SPLIT = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_NUMBER = re.compile(r"-?\d+(\.\d*)?", re.ASCII)
_FORM_OF_DAY = re.compile(r"%-?[djcxDF]")
_FORM_OF_MONTH = re.compile(r"%-?[mbBh]")
_FORM_OF_HOUR = re.compile(r"%-?[HIcXTR]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_CLOCK_WORDS = {"now", "today", "yesterday", "tomorrow"}
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_EXCEL_SERIALS = range(20_000, 80_000)
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}

Verdict = tuple[str, str]
Span = tuple[dt.date, dt.date]


class _Refused(Exception):
    """Carries (code, message) from the rule that refuses a cell."""

    def __init__(self, code: str, message: str):
        super().__init__(code, message)
        self.verdict = (code, message)


@dataclass
class DateCells:
    """
    Distinct cells of a date column as spans of days.

    Attributes
    ----------
    first, last : ndarray of datetime64[D]
        Equal for a day; the first and last day of a month or year; NaT where not given or refused.
    refused : dict
        Place -> (code, message).
    instants : dict
        Place -> UTC instant as text, of clock times with an offset.
    clocks : list of int
        Places of clock times without an offset.
    """

    first: np.ndarray
    last: np.ndarray
    refused: dict[int, Verdict] = field(default_factory=dict)
    instants: dict[int, str] = field(default_factory=dict)
    clocks: list[int] = field(default_factory=list)

    @property
    def precision(self) -> np.ndarray:
        """``day``, ``month``, ``year``, or ``""`` where not given."""
        length = (self.last - self.first).astype(np.int64)
        words = np.select(
            [length == 0, (length > 0) & (length < 31), length > 31], ["day", "month", "year"], ""
        )
        words[np.isnat(self.first)] = ""
        return words


def placed(first: np.ndarray, last: np.ndarray, policy: str) -> np.ndarray:
    """
    The day that stands for a span: its first, its last, or its middle day (the earlier of two).

    Examples
    --------
    >>> span = np.array(["2024-01-01"], "M8[D]"), np.array(["2024-12-31"], "M8[D]")
    >>> placed(*span, "midpoint").astype(str).tolist()
    ['2024-07-01']
    """
    if policy == "start":
        return first
    return last if policy == "end" else first + (last - first) // 2


def parse_dates(values: Sequence[object], options: Options) -> DateCells:
    """
    Distinct cells of a date column as spans of days; blank cells are NaT.

    Parameters
    ----------
    values : sequence
        Distinct cells: text, dates, datetimes, numbers.
    options : Options
        Which forms other than ISO 8601 days, months and years are meant, and the limits.

    Returns
    -------
    DateCells

    Examples
    --------
    >>> cells = parse_dates(["2024-02-29", "2024-03", "2024-02-30"], Options())
    >>> cells.precision.tolist()
    ['day', 'month', '']
    >>> cells.refused
    {2: ('date.invalid', "'2024-02-30' is not a day")}
    """
    low, high = pd.Timestamp(options.first_day).date(), pd.Timestamp(options.last_day).date()
    spans: list[Span | None] = [None] * len(values)
    cells = DateCells(np.empty(0, "M8[D]"), np.empty(0, "M8[D]"))
    for place, value in enumerate(values):
        try:
            spans[place] = span = _plain_day(value) or _span(value, place, cells, options)
            if span and not (low <= span[0] and span[1] <= high):
                spans[place] = None
                raise _Refused(
                    "date.range", f"{quoted(value)} is outside {low} .. {high} (first_day=, last_day=)"
                )
        except _Refused as refusal:
            cells.refused[place] = refusal.verdict
    cells.first = np.array([span and span[0] for span in spans], "M8[D]")
    cells.last = np.array([span and span[1] for span in spans], "M8[D]")
    return cells


def _plain_day(value: object) -> Span | None:
    """The common case, quickly."""
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-" and value.isascii():
        try:
            day = dt.date.fromisoformat(value)
        except ValueError:
            return None
        return day, day
    return None


def _span(value: object, place: int, cells: DateCells, options: Options) -> Span | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
        if value is pd.NaT:
            return None
    if isinstance(value, dt.datetime):
        return _from_datetime(value, value, place, cells, options)
    if isinstance(value, dt.date):
        return value, value
    if isinstance(value, bool | np.bool_) or not isinstance(value, str | int | float | np.number):
        raise _Refused("date.type", f"{quoted(value)} is of type {type(value).__name__}, not a date")
    text = str(value).strip()
    _refuse_signs(text)
    if options.format is not None:
        return _in_format(text, place, cells, options)
    if stamp := _STAMP.fullmatch(text):
        return _from_stamp(text, stamp, place, cells, options)
    if _NUMBER.fullmatch(text):
        return _from_number(value, text, place, cells, options)
    if month := _MONTH.fullmatch(text):
        return _month(text, int(month[1]), int(month[2]))
    if parts := _SPLIT.fullmatch(text):
        return _day(_from_parts(text, parts[1], parts[3], parts[4], parts[2], options))
    raise _Refused("date.invalid", f"{quoted(text)} is not a date; write YYYY-MM-DD")


def _day(day: dt.date) -> Span:
    return day, day


def _refuse_signs(text: str) -> None:
    if text.lower() in _CLOCK_WORDS:
        raise _Refused("date.relative", f"{quoted(text)} depends on the clock; write the day as YYYY-MM-DD")
    ascii_text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    if ascii_text != text:
        raise _Refused("date.digits", f"{quoted(text)} has digits other than 0-9; write {ascii_text!r}")
    dashed = _DASHES.sub("-", text)
    if dashed != text:
        raise _Refused("date.dash", f"{quoted(text)} has a dash for a hyphen; write {dashed!r}")


def _in_format(text: str, place: int, cells: DateCells, options: Options) -> Span:
    """A cell in the user's own form, no more precise than the form is."""
    form = str(options.format)
    digits = text.removesuffix(".0")  # a column of numbers with a gap is read as floats
    try:
        clock = dt.datetime.strptime(digits, form)
    except ValueError:
        raise _Refused("date.format", f"{quoted(text)} is not a date of format {form!r}") from None
    if not _FORM_OF_DAY.search(form):
        month = f"{clock:%m}" if _FORM_OF_MONTH.search(form) else ""
        return _month(text, clock.year, clock.month) if month else _year(clock.year)
    if clock.tzinfo is None and not _FORM_OF_HOUR.search(form):
        return _day(clock.date())
    return _from_datetime(clock, text, place, cells, options)


def _from_stamp(text: str, stamp: re.Match[str], place: int, cells: DateCells, options: Options) -> Span:
    day, hour, minute, second, _, offset = stamp.groups()
    try:
        clock = dt.datetime.fromisoformat(f"{day}T{hour}:{minute}:{second or '00'}")
        if offset:
            clock = dt.datetime.fromisoformat(clock.isoformat() + offset.replace("Z", "+00:00"))
    except ValueError as reason:
        told = "an offset is less than 24 hours" if "offset" in str(reason) else str(reason)
        raise _Refused("date.invalid", f"{quoted(text)} is not a time: {told}") from None
    return _from_datetime(clock, text, place, cells, options)


def _from_datetime(clock: dt.datetime, raw: object, place: int, cells: DateCells, options: Options) -> Span:
    if clock.tzinfo is None and options.timezone and (clock.time() != dt.time() or isinstance(raw, str)):
        clock = _localised(clock, raw, options)
    if clock.tzinfo is not None:
        cells.instants[place] = clock.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    elif clock.time() != dt.time() or isinstance(raw, str):
        cells.clocks.append(place)
    return _day(clock.date())


def _localised(clock: dt.datetime, raw: object, options: Options) -> dt.datetime:
    zone = ZoneInfo(str(options.timezone))
    sides = [clock.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    back = sides[0].astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None)
    if back != clock:
        raise _Refused(
            "date.nonexistent", f"{quoted(raw)} does not exist in {options.timezone}: clocks went forward"
        )
    if sides[0].utcoffset() != sides[1].utcoffset() and options.fold is None:
        reason = f"{quoted(raw)} comes twice in {options.timezone} (clocks went back); pass fold=0 or fold=1"
        raise _Refused("date.fold", reason)
    return sides[options.fold or 0]


def _from_number(value: object, text: str, place: int, cells: DateCells, options: Options) -> Span:
    whole, _, part = text.partition(".")
    number = int(whole)
    if options.excel_dates or options.unit:
        if part.strip("0"):
            cells.clocks.append(place)
        if options.excel_dates:
            return _day(_from_serial(text, number, options.excel_epoch))
        return _day(_from_epoch(text, number, str(options.unit)))
    if number in _EXCEL_SERIALS and len(whole) == 5:
        raise _Refused(
            "date.excel_serial", f"{quoted(value)} looks like an Excel serial; pass excel_dates=True"
        )
    if part.strip("0"):
        raise _Refused("date.invalid", f"{quoted(value)} is not a date; write YYYY-MM-DD")
    if len(whole) == 4 and number > 0:
        return _year(number)
    if len(whole) in (6, 8) and number > 0:
        form = "%Y%m%d" if len(whole) == 8 else "%Y%m"
        raise _Refused(
            "date.compact", f"{quoted(value)} has no hyphens; write YYYY-MM-DD or pass format={form!r}"
        )
    if len(whole) >= 9:
        reason = f"{quoted(value)} looks like a timestamp of unknown unit; pass unit='s', 'ms', 'us' or 'ns'"
        raise _Refused("date.unit", reason)
    raise _Refused("date.invalid", f"{quoted(value)} is not a date; write YYYY-MM-DD")


def _from_serial(text: str, number: int, epoch: int) -> dt.date:
    if epoch == 1904:
        if not 0 <= number <= 2_957_003:
            raise _Refused("date.invalid", f"{text} is not a day in Excel's 1904 system")
        return dt.date(1904, 1, 1) + dt.timedelta(days=number)
    if number < 1 or number == 60 or number > 2_958_465:
        raise _Refused("date.invalid", f"{text} is not a day in Excel's 1900 system")
    return _EXCEL_EPOCH + dt.timedelta(days=number + (number < 60))


def _from_epoch(text: str, number: int, unit: str) -> dt.date:
    try:
        return (dt.datetime(1970, 1, 1) + dt.timedelta(seconds=number // _PER_SECOND[unit])).date()
    except OverflowError:
        raise _Refused("date.unit", f"{text} is no time in {unit}; check unit=") from None


def _year(year: int) -> Span:
    return dt.date(year, 1, 1), dt.date(year, 12, 31)


def _month(text: str, year: int, month: int) -> Span:
    if year == 0 or not 1 <= month <= 12:
        raise _Refused("date.invalid", f"{quoted(text)} is not a month")
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _from_parts(text: str, one: str, two: str, three: str, mark: str, options: Options) -> dt.date:
    if len(one) == 4:
        if mark == "-" and len(two) == len(three) == 2:
            raise _Refused("date.invalid", f"{quoted(text)} is not a day")
        raise _Refused("date.format", f"{quoted(text)} is not of form YYYY-MM-DD")
    if len(three) != 4:
        raise _Refused("date.two_digit_year", f"{quoted(text)} has no four-digit year; write YYYY-MM-DD")
    if options.dayfirst is None:
        if int(one) <= 12 and int(two) <= 12 and one != two:
            reason = (
                f"{quoted(text)} can be read day first or month first; pass dayfirst=True or dayfirst=False"
            )
            raise _Refused("date.ambiguous", reason)
        raise _Refused(
            "date.format", f"{quoted(text)} is not of form YYYY-MM-DD; pass dayfirst= if this form is meant"
        )
    day, month = (int(one), int(two)) if options.dayfirst else (int(two), int(one))
    try:
        return dt.date(int(three), month, day)
    except ValueError:
        order = "day first" if options.dayfirst else "month first"
        raise _Refused("date.invalid", f"{quoted(text)} is not a day, read {order}") from None
