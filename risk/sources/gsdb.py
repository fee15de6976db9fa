"""
Sanctions cases of the Global Sanctions Data Base.

Publisher: Gabriel Felbermayr, Aleksandra Kirilakha, Constantinos Syropoulos, Erdal Yalcin and Yoto Yotov, *The
Global Sanctions Data Base* (European Economic Review 129, 2020, doi:10.1016/j.euroecorev.2020.103561),
case-specific form.

Quirks of the file: one cell can hold several states, groups and names with a comma of their own (``EU, Macedonia``;
``Korea, North``; ``Congo, Democratic Republic of the``); begin and end are years; a case still open at the
release's last year has that year as its end and ``ongoing`` among its outcomes (of which there is one per
objective): its end is left empty. Groups that we have no members of (``CoCom``, ``ECOWAS``, ``Western
countries``) are named in ``unexpanded``; a case with nothing else on one side is ``scope.organisation``.
"""

from __future__ import annotations

import re
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading
from risk.reading.spread import distinct_rows, spread
from risk.sources.cases import CASES, check_cases
from risk.sources.parties import named
from risk.sources.published import (
    by_place,
    days_as_text,
    finish,
    open_published,
    sets_in_words,
    text_columns,
    years_told,
    yes_or_no,
)

__all__ = ["read_gsdb"]

_FLAGS = {
    "arms": "arms",
    "financial": "finance",
    "military": "aid",
    "trade": "trade",
    "travel": "travel",
}
_TOLD = (
    "case_id",
    "sanctioned_state",
    "sanctioning_state",
    "begin",
    "end",
    *_FLAGS,
    "other",
    "objective",
    "success",
)
_ASIDE = ("descr_trade", "target_mult", "sender_mult")
_TAILS = (
    "North",
    "South",
    "The",
    "Arab Rep.",
    "Democratic Republic of the",
    "Democratic Rep. of",
    "Republic of",
)


def read_gsdb(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    The Global Sanctions Data Base as sanctions cases, one row per case.

    Parameters
    ----------
    path : str or path
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` rows (a side without any state or group of ours) never do.
    encoding : str
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The table of :mod:`risk.sources.cases` (:func:`risk.sources.cases.pairs` makes state pairs of it) and,
        after its columns: ``trade_detail`` (as in ``exp_part;imp_compl``), ``other_means`` (yes, no),
        ``unexpanded``. ``military`` sanctions are cuts of military aid: instrument ``aid``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("case_id,sanctioned_state,sanctioning_state,begin,end,trade,descr_trade,arms,military,financial,travel,"
    ...         'other,target_mult,sender_mult,objective,success\\n'
    ...         '9,"Korea, North","EU, Macedonia",2010,2016,0,,1,0,1,0,'
    ...         "0,0,1,prevent_war,ongoing\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "gsdb.csv")
    ...     _ = file.write_text(text)
    ...     reading = read_gsdb(file)
    >>> reading.table[["senders", "targets", "instruments", "ongoing"]].iloc[0].tolist()
    ['EU;MKD', 'PRK', 'arms;finance', 'yes']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    draft = open_published(path, text_columns(_TOLD, optional=_ASIDE), options, "read_gsdb")
    return finish(draft, _cases, CASES, check_cases)


def _cases(draft: Draft) -> pd.DataFrame:
    text = draft.columns
    begin, end = _years(draft, "begin"), _years(draft, "end")
    senders, rest = _sides(draft, "sanctioning_state", begin)
    targets, more = _sides(draft, "sanctioned_state", begin)
    ongoing = text["success"].str.contains("ongoing").to_numpy(bool)
    flags = {word: (text[name] == "1").to_numpy(bool) for name, word in _FLAGS.items()}
    lists, place = distinct_rows(rest[1], more[1])
    apart = [sorted({*rest[0][one], *more[0][two]}) for one, two in zip(rest[1][lists], more[1][lists])]
    lasting = np.where(ongoing, np.datetime64("NaT"), end)
    return pd.DataFrame({
        "case_id": "gsdb:" + text["case_id"],
        "start": days_as_text(begin),
        "end": days_as_text(lasting),
        "ongoing": yes_or_no(ongoing),
        "senders": senders,
        "targets": targets,
        "spells": "",
        "instruments": sets_in_words(flags),
        "threatened": "no",
        "imposed": "yes",
        "imposed_on": days_as_text(begin),
        "issue": by_place(draft, "objective", _divided),
        "outcome": by_place(draft, "success", _divided),
        "publisher": "Global Sanctions Data Base",
        "source": "Global Sanctions Data Base, case " + text["case_id"],
        "note": "",
        "trade_detail": by_place(draft, "descr_trade", _divided) if draft.has("descr_trade") else "",
        "other_means": yes_or_no(text["other"] == "1"),
        "unexpanded": spread([";".join(names) for names in apart], place),
    })  # fmt: skip


def _years(draft: Draft, column: str) -> np.ndarray:
    years, good = years_told(draft, column)
    draft.refuse(~good, column, "date.invalid", f"{column} is not a year of four digits")
    return years


def _divided(cell: str) -> str:
    return cell.replace(",", ";")


def parts_of(cell: str) -> list[str]:
    """
    The names in a cell; a comma that belongs to a name does not split it.

    Examples
    --------
    >>> parts_of("EU, Korea, North, Congo, Democratic Republic of the")
    ['EU', 'Korea, North', 'Congo, Democratic Republic of the']
    """
    found: list[str] = []
    for part in re.split(r",\s*", cell):
        if part in _TAILS and found:
            found[-1] += f", {part}"
        elif part:
            found.append(part)
    return found


def _sides(
    draft: Draft, column: str, years: np.ndarray
) -> tuple[pd.Series, tuple[list[list[str]], np.ndarray]]:
    """
    Codes of each cell, and the names in it that have none (lists, and each row's place among them).

    Cells without any code are refused. Each distinct cell and year is looked up once.
    """
    rows, place = distinct_rows(draft.columns[column], years)
    times, years = np.bincount(place, minlength=len(rows)), years[rows]
    parts = [parts_of(str(text)) for text in draft.columns[column].iloc[rows]]
    row = np.repeat(np.arange(len(parts)), np.array([len(found) for found in parts], dtype=np.int64))
    names = [name for found in parts for name in found]
    first = years.astype("M8[D]")[row]
    last = (years + 1).astype("M8[D]")[row] - np.timedelta64(1, "D")
    sides = named(names, first, last, "gsdb")
    codes: list[list[str]] = [[] for _ in parts]
    rest: list[list[str]] = [[] for _ in parts]
    reasons = np.full(len(parts), "", dtype=object)
    for at, name, code, reason in zip(row, names, sides.codes, sides.refusals):
        (codes if code else rest)[at].append(code or name)
        reasons[at] = reasons[at] or reason
        if reason == "unmapped":
            draft.unmapped[column, name] = draft.unmapped.get((column, name), 0) + int(times[at])
    empty = np.array([not found for found in codes], dtype=bool)
    for reason in sorted(set(reasons[empty]) - {""}):
        message = "no state of that day and no group that we know the members of"
        draft.refuse((empty & (reasons == reason))[place], column, f"scope.{reason}", message)
    draft.refuse((empty & (reasons == ""))[place], column, "state.missing", "no one is named")
    draft.note(
        "group.unexpanded",
        int(times[[bool(names) for names in rest]].sum() - times[empty].sum()),
        "cells also name groups without known members",
        column,
    )
    return spread([";".join(sorted(set(found))) for found in codes], place), (rest, place)
