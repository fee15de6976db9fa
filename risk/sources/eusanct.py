"""
Sanctions of the European Union, the United States and the United Nations, from the EUSANCT data, case level.

Publisher: Patrick Weber and Gerald Schneider, *EUSANCT Dataset* ("Post-Cold War sanctioning by the EU, the UN,
and the US: Introducing the EUSANCT Dataset", Conflict Management and Peace Science 39(1), 2022,
doi:10.1177/0738894220948729).

Quirks of the file: an old Excel workbook; ``.`` is an empty cell; days are written ``10sep1985``; each of the
three senders has its own start and end, ``ongoing`` for an end not come by the end of the data; up to four more
senders and two more institutions by Correlates of War number, which have no days of their own. Types are numbers
(and ``7b``) divided by ``;``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading
from risk.reading.spread import distinct_rows, spread
from risk.sources.cases import CASES, check_cases
from risk.sources.parties import numbered
from risk.sources.published import by_distinct, by_place, finish, text_columns, yes_or_no
from risk.sources.sheet import open_sheet

__all__ = ["PER_SENDER", "read_eusanct"]

_THREE = {"EU": "EU", "UN": "UN", "US": "USA"}
PER_SENDER = (
    "{}",
    "startdate{}",
    "enddate{}",
    "threat{}",
    "imposition{}",
    "imposition{}_start",
    "imposition{}_type",
)
_TOLD = ("caseid", "targetstate", *(form.format(who) for who in _THREE for form in PER_SENDER))
_MORE = ("sender2", "sender3", "sender4", "sender5")
_ASIDE = (*_MORE, "issue1", "finaloutcome", "link", "targetstate_name")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MEANS = {
    "2": "trade", "3": "trade", "4": "trade", "5": "trade", "6": "shipping", "7": "assets", "8": "aid", "9": "travel",
    "12": "arms",
}  # fmt: skip


def read_eusanct(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    EUSANCT as sanctions cases, one row per case; the days of each sender stand in ``spells``.

    Parameters
    ----------
    path : str or path
        The xls (needs ``xlrd``), or a csv with its columns.
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` rows never do.
    encoding : str
        Of a csv.
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The table of :mod:`risk.sources.cases`: ``start`` is the earliest start of a sender, ``end`` the latest
        end (empty while one sender goes on). After its columns: ``means`` (the publisher's types of what was
        imposed).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> cells = dict.fromkeys(_TOLD, ".") | {"caseid": "1", "targetstate": "155", "EU": "0", "UN": "0", "US": "1",
    ...     "startdateUS": "17dec1973", "enddateUS": "ongoing", "impositionUS": "1", "impositionUS_type": "8;12"}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "eusanct.csv")
    ...     _ = file.write_text(",".join(cells) + "\\n" + ",".join(cells.values()) + "\\n")
    ...     reading = read_eusanct(file)
    >>> reading.table[["senders", "targets", "spells", "ongoing", "instruments"]].iloc[0].tolist()
    ['USA', 'CHL', 'USA 1973-12-17', 'yes', 'aid;arms']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    draft = open_sheet(path, text_columns(_TOLD, optional=_ASIDE), options, "read_eusanct")
    return finish(draft, _cases, CASES, check_cases)


def _cases(draft: Draft) -> pd.DataFrame:
    text = {name: by_place(draft, name, lambda cell: "" if cell == "." else cell) for name in draft.columns}
    took = {who: (text[who] == "1").to_numpy(bool) for who in _THREE}
    starts = {who: _days(draft, text[f"startdate{who}"], f"startdate{who}") for who in _THREE}
    ends = {who: _days(draft, text[f"enddate{who}"], f"enddate{who}") for who in _THREE}
    start = _by_rows([starts[who].where(took[who], "") for who in _THREE], _earliest)
    draft.refuse((start == "").to_numpy(bool), "caseid", "date.missing", "no sender has a start")
    open_ = _any([took[who] & (ends[who] == "").to_numpy(bool) for who in _THREE])
    end = _by_rows([ends[who].where(took[who], "") for who in _THREE], max).where(~open_, "")
    places, written = pd.factorize(start)
    years = np.array([day[:4] or "2000" for day in written], dtype="M8[Y]")[places]
    targets = _codes(draft, text["targetstate"], "targetstate", years)
    draft.refuse(targets == "", "targetstate", "scope.unmapped", "the target has no code of ours")
    imposed = {who: (text[f"imposition{who}"] == "1").to_numpy(bool) for who in _THREE}
    days = {who: _days(draft, text[f"imposition{who}_start"], f"imposition{who}_start") for who in _THREE}
    means = _by_rows([text[f"imposition{who}_type"] for who in _THREE], _joined)
    return pd.DataFrame({
        "case_id": "eusanct:" + text["caseid"],
        "start": start,
        "end": end,
        "ongoing": yes_or_no(open_),
        "senders": _senders(draft, text, took, years),
        "targets": targets,
        "spells": _spells(took, starts, ends),
        "instruments": by_distinct(means, _instruments),
        "threatened": yes_or_no(_any([(text[f"threat{who}"] == "1").to_numpy(bool) for who in _THREE])),
        "imposed": yes_or_no(_any(list(imposed.values()))),
        "imposed_on": _by_rows(list(days.values()), _earliest),
        "issue": text["issue1"],
        "outcome": text["finaloutcome"],
        "publisher": "EUSANCT",
        "source": "EUSANCT Dataset, case level, case " + text["caseid"],
        "note": text["link"],
        "means": means,
    })  # fmt: skip


def _by_rows(columns: Sequence[pd.Series], change: Callable[[tuple[str, ...]], str]) -> pd.Series:
    """A text made of the cells of each row; rows with the same cells are made once."""
    rows, place = distinct_rows(*columns)
    return spread([change(cells) for cells in zip(*(column.iloc[rows] for column in columns))], place)


def _earliest(days: tuple[str, ...]) -> str:
    return min(filter(None, days), default="")


def _joined(cells: tuple[str, ...]) -> str:
    """The types of all three senders, each once."""
    return ";".join(sorted({word.strip() for cell in cells for word in cell.split(";") if word.strip()}))


def _instruments(means: str) -> str:
    return ";".join(sorted({_MEANS[word] for word in means.split(";") if word in _MEANS}))


def _any(masks: list[np.ndarray]) -> np.ndarray:
    return np.asarray(np.logical_or.reduce(masks), dtype=bool)


def _days(draft: Draft, cells: pd.Series, column: str) -> pd.Series:
    """``10sep1985`` as ``1985-09-10``; empty for an empty cell and for ``ongoing``."""
    text = by_distinct(cells, _day)
    told = (by_distinct(cells, lambda cell: "" if cell.lower() == "ongoing" else cell) != "").to_numpy(bool)
    draft.refuse(told & (text == "").to_numpy(bool), column, "date.invalid", "not a day written as 10sep1985")
    return text


def _day(cell: str) -> str:
    parts = re.fullmatch(r"(\d{1,2})([a-z]{3})(\d{4})", cell.lower(), re.ASCII)
    if not parts or parts[2] not in _MONTHS:
        return ""
    return f"{parts[3]}-{_MONTHS.index(parts[2]) + 1:02d}-{parts[1]:0>2}"


def _codes(draft: Draft, cells: pd.Series, column: str, years: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero((cells != "").to_numpy(bool))
    codes = np.full(len(cells), "", dtype=object)
    asked = cells.iloc[rows]
    first = years.astype("M8[D]")[rows]
    last = (years + 1).astype("M8[D]")[rows] - np.timedelta64(1, "D")
    codes[rows] = numbered(asked, first, last, "cow", outside="accept").codes
    for cell in asked[codes[rows] == ""]:
        draft.unmapped[column, str(cell)] = draft.unmapped.get((column, str(cell)), 0) + 1
    return codes


def _senders(
    draft: Draft, text: dict[str, pd.Series], took: dict[str, np.ndarray], years: np.ndarray
) -> pd.Series:
    """The three senders that took part and the others by number, sorted."""
    more = [pd.Series(_codes(draft, text[name], name, years), dtype="str") for name in _MORE]
    three = [spread(["", code], took[who].astype(np.int64)) for who, code in _THREE.items()]
    return _by_rows([*three, *more], lambda codes: ";".join(sorted({*filter(None, codes)})))


def _spells(
    took: dict[str, np.ndarray], starts: dict[str, pd.Series], ends: dict[str, pd.Series]
) -> pd.Series:
    """Start and end of each of the three: ``EU 1985-09-10 1992-04-07;USA 1963-08-02`` (no end: still going on)."""
    told = {
        who: (_THREE[who] + " " + starts[who] + " " + ends[who]).str.strip().where(took[who], "")
        for who in _THREE
    }
    return _by_rows(list(told.values()), lambda cells: ";".join(filter(None, cells)))
