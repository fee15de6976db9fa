"""Codes from the numbers of other projects: Correlates of War, Gleditsch and Ward, ISO 3166-1."""

from __future__ import annotations

import re
from typing import Literal

from risk.states.book import open_book
from risk.states.errors import StateError
from risk.states.refusals import not_then
from risk.states.text import checked_text, is_number

__all__ = ["SYSTEMS", "System", "number_code"]

System = Literal["cow", "gw", "iso"]
SYSTEMS = {"cow": "Correlates of War", "gw": "Gleditsch and Ward", "iso": "ISO 3166-1 numeric"}


def number_code(value: object, system: str, day: int | None, accept: bool = False) -> str:
    """
    Code of the state that a number means on a day.

    A spell carries its own numbers: 260 of the Correlates of War is Germany from 1949 to 1990, 255 before and
    after. Without a day, a number that has meant two states is an error; ``accept`` takes one that only ever
    meant a single state on any day.

    Raises
    ------
    StateError

    Examples
    --------
    >>> number_code("345", "cow", None, accept=True)
    Traceback (most recent call last):
    ...
    risk.states.errors.StateError: 345 (Correlates of War) can mean SCG, SRB or YUG. Give the day with on=.
    """
    number = _whole(value, system)
    meant = open_book().numbers[system].get(number, ())
    shown = f"{number} ({SYSTEMS[system]})"
    codes = sorted({code for code, *_ in meant})
    alive = sorted({code for code, start, end in meant if day is not None and start <= day < end})
    if len(alive) == 1:
        return alive[0]
    if len(codes) == 1 and (day is None or accept):
        return codes[0]
    if not codes:
        raise StateError(f"{shown} is the number of no state. Check the system.", "state.unknown")
    if day is not None and not alive:
        raise not_then(shown, [open_book().actors[code] for code in codes], day)
    words = f"{', '.join(codes[:-1])} or {codes[-1]}"
    raise StateError(f"{shown} can mean {words}. Give the day with on=.", "state.ambiguous", codes)


def _whole(value: object, system: str) -> int:
    text = str(value).strip() if is_number(value) or isinstance(value, str) else ""
    if re.fullmatch(r"[0-9]{1,4}(\.0)?", text):
        return int(float(text))
    _refuse_blank(value)
    raise StateError(f"{value!r} is not a number of {SYSTEMS[system]}.", "state.number")


def _refuse_blank(value: object) -> None:
    try:
        checked_text(value)
    except StateError as error:
        if error.code != "state.number":
            raise
