"""
Joint military exercises from the Multinational Military Exercises data, version 7, in its wide form.

Publisher: Vito D'Orazio and Kevin Galambos, *Multinational Military Exercises, 1980-2010*, Harvard Dataverse.

Quirks of the file:

* ``StartDate`` is ``1/14/80`` or ``1980-01-xx``: the columns ``s.year``, ``s.month``, ``s.day`` are read instead;
  a day ``xx`` is not known and gives month precision (22 % of the starts); six exercises end before they start:
  their last day is left out;
* participants stand in ``StateA`` ... ``StateAM``; ``-9`` is a participant that the publisher does not know,
  ``NATO`` can be one; a participant named twice counts once;
* three ``MMEID`` stand for two exercises each: the second one's id is followed by its line number;
* names are today's: ``Russia`` before 1991-12-26 is the Soviet Union, ``Serbia`` of 2000 is Yugoslavia.

Types: ``drill.staff`` for command-post exercises without forces (CPX alone), ``drill.naval`` for Sea or Amphibious
alone, ``drill.air`` for Air alone, ``drill.joint`` for the rest. An exercise is known from its last day.
"""

from __future__ import annotations

from os import PathLike

import numpy as np
import pandas as pd

from risk.event_rules import check_event_rows
from risk.events import EVENTS
from risk.reading import Column, Draft, Options, Reading
from risk.reading.spread import Columns, distinct_rows, spread
from risk.sources.participants import gathered
from risk.sources.parties import Parties, named
from risk.sources.published import by_distinct, days_as_text, finish, open_published, text_columns

__all__ = ["read_exercises"]

_TOLD = ("MMEID", "Ex_Name", "Location", "s.year", "s.month", "s.day", "e.year", "e.month", "e.day")
_FORCES = ("CPX", "Air", "Land", "Sea", "Amphibious", "Cyber")
_ASIDE = ("Series_Name", "lat", "lon", "StartDate", "EndDate", "Warfighting", "Peacekeeping", "Humanitarian")
_WORDS = ("FocusDescription", "AdditionalParticipantInfo")
_LETTERS = [chr(65 + k) for k in range(26)]
_STATES = [f"State{mark}" for mark in [*_LETTERS, *(f"A{letter}" for letter in _LETTERS)]]


def read_exercises(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    The Multinational Military Exercises (wide form) as events: one ``drill.*`` per exercise of two or more states.

    Parameters
    ----------
    path : str or path
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` rows (fewer than two states known) never do.
    encoding : str
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The event table and, after its columns: ``last_day`` (last day of the exercise, as far as told),
        ``location``, ``n_unknown`` (participants that the publisher does not know or that were no states then).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> header = "MMEID,Ex_Name,Location,s.year,s.month,s.day,e.year,e.month,e.day,CPX,Air,Land,Sea,Amphibious,Cyber,"
    >>> row = "mme1,Unitas,Atlantic,1989,7,xx,1989,8,xx,0,0,0,1,0,0,Venezuela,United States,-9"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "mme.csv")
    ...     _ = file.write_text(header + "StateA,StateB,StateC\\n" + row + "\\n")
    ...     reading = read_exercises(file)
    >>> reading.table[["event_type", "actor", "recipient", "date_precision"]].iloc[0].tolist()
    ['drill.naval', 'USA', 'VEN', 'month']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    columns = text_columns((*_TOLD, *_FORCES, "StateA", "StateB"), optional=(*_ASIDE, *_STATES[2:]))
    columns += tuple(Column(name) for name in _WORDS)
    draft = open_published(path, columns, options, "read_exercises")
    return finish(draft, _events, EVENTS, lambda checked: check_event_rows(checked, None, "flag"))


def _events(draft: Draft) -> pd.DataFrame:
    text = draft.columns
    first, last = _span(draft, "s")
    end = _span(draft, "e")[1]
    early = end < first
    draft.note(
        "end.before_start",
        int(early.sum()),
        "exercises end before they start; their last day is left out",
        "e.day",
    )
    known = np.maximum(end, last)
    names = [name for name in _STATES if draft.has(name)]
    took_part = gathered(draft, names, "", (first, last), _look_up)
    ids, daily, middle = _ids(draft), first == last, first + (last - first) // 2
    exact = daily | (took_part.day != middle)
    return pd.DataFrame({
        "event_id": "mme:" + ids,
        "date": _days_or_months(took_part.day, first, exact),
        "date_precision": np.where(daily, "day", "month"),
        **took_part.columns(),
        "event_type": _types(text),
        "confidence": 0.95,
        "known_on": days_as_text(known),
        "title": _titles(text, took_part.count),
        "publisher": "D'Orazio & Galambos",
        "source": "Multinational Military Exercises, version 7, " + text["MMEID"],
        "url": "",
        "checked": "",
        "note": text["FocusDescription"],
        "last_day": pd.Series(np.where(early, np.datetime64("NaT"), end).astype("M8[s]")),
        "location": text["Location"].where(text["Location"] != "-9", ""),
        "n_unknown": took_part.unknown,
    })  # fmt: skip


def _days_or_months(day: np.ndarray, first: np.ndarray, exact: np.ndarray) -> pd.Series:
    """The day where it is exact, elsewhere the month."""
    rows, place = distinct_rows(day, first, exact)
    months = first[rows].astype("M8[M]").astype(str)
    return spread(np.where(exact[rows], day[rows].astype(str), months).tolist(), place)


def _look_up(cells: pd.Series, first: np.ndarray, last: np.ndarray) -> Parties:
    return named(cells, first, last, "mme")


def _span(draft: Draft, mark: str) -> tuple[np.ndarray, np.ndarray]:
    """First and last day that a start (``s``) or an end (``e``) can mean; malformed ones are refused."""
    names = [f"{mark}.{part}" for part in ("year", "month", "day")]
    rows, place = distinct_rows(*(draft.columns.distinct(name)[1] for name in names))
    year, month, day = (draft.columns[name].iloc[rows] for name in names)
    known = ~day.isin(["xx", "-9", ""]).to_numpy(bool)
    month_known = ~month.isin(["xx", "-9", ""]).to_numpy(bool)
    text = year + "-" + month.where(month_known, "1").str.zfill(2) + "-" + day.where(known, "1").str.zfill(2)
    days = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").to_numpy().astype("M8[D]")
    bad = np.isnat(days)
    draft.refuse(bad[place], f"{mark}.day", "date.invalid", "year, month and day are no day of the calendar")
    first = np.where(bad, np.datetime64("2000-01-01"), days).astype("M8[D]")
    months, years = first.astype("M8[M]") + 1, first.astype("M8[Y]") + 1
    one = np.timedelta64(1, "D")
    last = np.where(month_known, months.astype("M8[D]") - one, years.astype("M8[D]") - one)
    return first[place], np.where(known & month_known, first, last).astype("M8[D]")[place]


def _types(text: Columns) -> np.ndarray:
    cpx, air, land, sea, amphibious, cyber = ((text[name] == "1").to_numpy(bool) for name in _FORCES)
    water = sea | amphibious
    return np.select(
        [cpx & ~(air | land | water), water & ~(air | land | cyber), air & ~(land | water | cyber)],
        ["drill.staff", "drill.naval", "drill.air"], "drill.joint",
    )  # fmt: skip


def _ids(draft: Draft) -> pd.Series:
    """The publisher's ids; the second exercise under one id takes the number of its line."""
    ids = draft.columns["MMEID"]
    again = ids.duplicated().to_numpy(bool)
    text = "exercises have the id of another one; the line number was added"
    draft.note("id.repeated", int(again.sum()), text, "MMEID")
    return ids.where(~again, ids + "-line-" + pd.Series(draft.rows, dtype="int64").astype("str"))


def _titles(text: Columns, count: np.ndarray) -> pd.Series:
    name = text["Ex_Name"].where(~text["Ex_Name"].isin(["-9", ""]), "Joint exercise")
    places, numbers = pd.factorize(count)
    states = spread([f" {number} states" for number in numbers], places)
    return (by_distinct(name, lambda text: " ".join([*text.split(), "of"])) + states).str.slice(0, 120)
