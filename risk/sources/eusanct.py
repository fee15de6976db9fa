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

from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Draft, Options, Reading
from risk.sources.cases import CASES, check_cases
from risk.sources.parties import numbered
from risk.sources.published import finish, text_columns
from risk.sources.sheet import open_sheet

__all__ = ["read_eusanct"]

_THREE = {"EU": "EU", "UN": "UN", "US": "USA"}
_EACH = (
    "{}",
    "startdate{}",
    "enddate{}",
    "threat{}",
    "imposition{}",
    "imposition{}_start",
    "imposition{}_type",
)
_TOLD = ("caseid", "targetstate", *(form.format(who) for who in _THREE for form in _EACH))
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
    text = {name: cells.where(cells != ".", "") for name, cells in draft.columns.items()}
    took = {who: (text[who] == "1").to_numpy(bool) for who in _THREE}
    starts = {who: _days(draft, text[f"startdate{who}"], f"startdate{who}") for who in _THREE}
    ends = {who: _days(draft, text[f"enddate{who}"], f"enddate{who}") for who in _THREE}
    start = (
        pd.DataFrame({who: starts[who].where(took[who], "9") for who in _THREE}).replace("", "9").min(axis=1)
    )
    draft.refuse((start == "9").to_numpy(bool), "caseid", "date.missing", "no sender has a start")
    open_ = np.array([(took[who] & (ends[who] == "").to_numpy(bool)) for who in _THREE]).any(axis=0)
    end = pd.DataFrame({who: ends[who].where(took[who], "") for who in _THREE}).max(axis=1).where(~open_, "")
    years = (
        start.str.slice(0, 4).where(start != "9", "2000").to_numpy(dtype=object).astype(str).astype("M8[Y]")
    )
    targets = _codes(draft, text["targetstate"], "targetstate", years)
    draft.refuse(targets == "", "targetstate", "scope.unmapped", "the target has no code of ours")
    imposed = {who: (text[f"imposition{who}"] == "1").to_numpy(bool) for who in _THREE}
    days = {who: _days(draft, text[f"imposition{who}_start"], f"imposition{who}_start") for who in _THREE}
    means = _joined([text[f"imposition{who}_type"] for who in _THREE])
    return pd.DataFrame({
        "case_id": "eusanct:" + text["caseid"],
        "start": start,
        "end": end,
        "ongoing": np.where(open_, "yes", "no"),
        "senders": _senders(draft, text, took, years),
        "targets": targets,
        "spells": _spells(took, starts, ends),
        "instruments": [";".join(sorted({_MEANS[w] for w in cell.split(";") if w in _MEANS})) for cell in means],
        "threatened": np.where(_any([(text[f"threat{who}"] == "1").to_numpy(bool) for who in _THREE]), "yes", "no"),
        "imposed": np.where(_any(list(imposed.values())), "yes", "no"),
        "imposed_on": pd.DataFrame(days).replace("", "9").min(axis=1).replace("9", ""),
        "issue": text["issue1"],
        "outcome": text["finaloutcome"],
        "publisher": "EUSANCT",
        "source": "EUSANCT Dataset, case level, case " + text["caseid"],
        "note": text["link"],
        "means": means,
    })  # fmt: skip


def _any(masks: list[np.ndarray]) -> np.ndarray:
    return np.logical_or.reduce(masks)


def _days(draft: Draft, cells: pd.Series, column: str) -> pd.Series:
    """``10sep1985`` as ``1985-09-10``; empty for an empty cell and for ``ongoing``."""
    parts = cells.str.lower().str.extract(r"^(\d{1,2})([a-z]{3})(\d{4})$").fillna("")
    month = parts[1].map({name: f"{place:02d}" for place, name in enumerate(_MONTHS, start=1)}).fillna("")
    text = parts[2] + "-" + month + "-" + parts[0].str.zfill(2)
    good = (month != "").to_numpy(bool)
    told = (cells != "").to_numpy(bool) & (cells.str.lower() != "ongoing").to_numpy(bool)
    draft.refuse(told & ~good, column, "date.invalid", "not a day written as 10sep1985")
    return text.where(good, "")


def _codes(draft: Draft, cells: pd.Series, column: str, years: np.ndarray) -> np.ndarray:
    rows = np.flatnonzero((cells != "").to_numpy(bool))
    codes = np.full(len(cells), "", dtype=object)
    asked = cells.to_numpy(dtype=object)[rows]
    first = years.astype("M8[D]")[rows]
    last = (years + 1).astype("M8[D]")[rows] - np.timedelta64(1, "D")
    codes[rows] = numbered(list(asked), first, last, "cow", outside="accept").codes
    for cell in asked[codes[rows] == ""]:
        draft.unmapped[column, str(cell)] = draft.unmapped.get((column, str(cell)), 0) + 1
    return codes


def _senders(
    draft: Draft, text: dict[str, pd.Series], took: dict[str, np.ndarray], years: np.ndarray
) -> list[str]:
    """The three senders that took part and the others by number, sorted."""
    more = [_codes(draft, text[name], name, years) for name in _MORE]
    three = [{code for who, code in _THREE.items() if took[who][row]} for row in range(len(draft))]
    return [";".join(sorted({*own, *filter(None, rest)})) for own, rest in zip(three, zip(*more))]


def _spells(
    took: dict[str, np.ndarray], starts: dict[str, pd.Series], ends: dict[str, pd.Series]
) -> list[str]:
    """Start and end of each of the three: ``EU 1985-09-10 1992-04-07;USA 1963-08-02`` (no end: still going on)."""
    told = {
        who: (_THREE[who] + " " + starts[who] + " " + ends[who]).str.strip().where(took[who], "")
        for who in _THREE
    }
    return [";".join(filter(None, cells)) for cells in zip(*(told[who] for who in _THREE))]


def _joined(columns: list[pd.Series]) -> list[str]:
    """The types of all three senders, each once."""
    rows = zip(*columns)
    return [
        ";".join(sorted({w.strip() for cell in cells for w in cell.split(";") if w.strip()}))
        for cells in rows
    ]
