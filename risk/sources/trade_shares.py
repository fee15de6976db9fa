"""
Trade shares of main partners, as in the World Factbook: exports and imports apart, in percent, each with its year.

Columns ``iso3, partner_iso3, flow`` (``export``, ``import``), ``share_pct, year``. A tie's share is the mean of the
partner's share in exports and in imports of that year; a partner listed in one of the two flows only counts as 0 in
the other, a state with one flow in that year is read from it alone. Shares keep their year: a score as of a day
before ``known_on`` uses none of them, and nothing carries a later year back.
"""

from __future__ import annotations

from dataclasses import replace
from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.reading.report import Note
from risk.sources.feed import Layout
from risk.sources.tables import check_found, find_table
from risk.ties import check_ties

__all__ = ["SHARES", "read_trade_shares"]

SHARES = Schema(
    columns=(
        Column("date", "date", required=True, blank=False, policy="end"),
        Column("state", "state", required=True, on="date"),
        Column("partner", "state", required=True, on="date"),
        Column("flow", "code", required=True, blank=False, choices=("export", "import")),
        Column("share", "number", required=True, blank=False, low=0, high=100),
        Column("known_on", "date"),
    ),
    noun="shares",
    reader="read_trade_shares",
)
_LAYOUT = Layout(
    "World Factbook",
    {
        "date": ("year",),
        "state": ("iso3", "state"),
        "partner": ("partner_iso3",),
        "flow": ("flow",),
        "share": ("share_pct", "share"),
        "known_on": ("known_on",),
    },
    optional=("known_on",),
)
_ASSUMED = (
    "ties have no day of publication; they are taken as known from the last day of the year after their own"
)


def read_trade_shares(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    known_on: str | None = None,
    publisher: str = "Central Intelligence Agency",
    source: str = "The World Factbook, main export and import partners",
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Ties by trade, as :func:`risk.ties.check_ties` gives them.

    Parameters
    ----------
    path : str or path
        csv, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    known_on : str, optional
        Day on which the file was published. Without it, and without such a column, the shares of a year count as
        known from the last day of the next year: late rather than early, so that no score looks ahead.
    publisher, source : str
        Written into every row.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        ``state, partner, share`` in [0, 1], ``year, known_on, publisher, source, url, note``. Rows without a code
        on one side are ``scope.no_state``; the second flow of a tie is ``scope.merged`` (it is in the share); equal
        rows on two parts of one state are ``duplicate.share``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = "iso3,partner_iso3,flow,share_pct,year\\nVEN,CHN,export,10,2023\\nVEN,CHN,import,35,2023\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "shares.csv")
    ...     _ = file.write_text(text)
    ...     ties = read_trade_shares(file, known_on="2024-06-01").table
    >>> ties[["state", "partner", "share", "year"]].to_numpy().tolist()
    [['VEN', 'CHN', 0.225, 2023]]
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    found = find_table(path, options)
    if known_on is not None:
        found.fill("known_on", known_on)
    reading = check_found(found, _LAYOUT, SHARES, options, _merge)
    rows = reading.table
    assumed = rows["known_on"].isna()
    next_year = pd.to_datetime((rows["year"] + 1).astype(str) + "-12-31").astype("datetime64[s]")
    ties = rows.assign(
        known_on=rows["known_on"].fillna(next_year),
        publisher=publisher,
        source=source + ", " + rows["year"].astype(str),
        note=np.where(assumed, "day of publication not given; set late", ""),
    )
    note = Note("known_on.assumed", int(assumed.sum()), f"{int(assumed.sum())} {_ASSUMED}")
    notes = (*reading.report.notes, note) if assumed.any() else reading.report.notes
    return replace(reading, table=check_ties(ties), report=replace(reading.report, notes=notes))


def _merge(draft: Draft) -> None:
    columns = draft.columns
    for side in ("state", "partner"):
        blank = (columns[side] == "").to_numpy(bool) & draft.sound()
        draft.refuse(blank, side, "scope.no_state", f"the {side} has no code")
    itself = (columns["state"] == columns["partner"]).to_numpy(bool) & draft.sound()
    draft.refuse(itself, "partner", "dyad.self", "a state has no tie to itself")
    columns["year"] = columns["date"].dt.year.fillna(0).astype("int64")
    _refuse_repeats(draft)
    rows = np.flatnonzero(draft.sound())
    table = pd.DataFrame(
        {name: columns[name].iloc[rows] for name in ("state", "partner", "year", "flow", "share")}
    )
    flows = table.groupby(["state", "year"])["flow"].transform("nunique")
    percent = table["share"].groupby([table[name] for name in ("state", "partner", "year")]).transform("sum")
    again = np.zeros(len(draft), dtype=bool)
    again[rows] = table.duplicated(["state", "partner", "year"]).to_numpy()
    draft.refuse(again, "flow", "scope.merged", "the other flow of a tie; it is in the tie's share")
    whole = np.full(len(draft), np.nan)
    whole[rows] = (percent / (100 * flows)).to_numpy()
    columns["share"] = pd.Series(whole)


def _refuse_repeats(draft: Draft) -> None:
    """The same flow between the same two told twice: equal shares are kept once, others clash."""
    rows = np.flatnonzero(draft.sound())
    table = pd.DataFrame(
        {name: draft.columns[name].iloc[rows] for name in ("state", "partner", "year", "flow")}
    )
    share = draft.columns["share"].iloc[rows]
    repeated = table.duplicated(keep=False)
    same = table.assign(share=share).duplicated()
    several = share.groupby([table[name] for name in table.columns]).transform("nunique") > 1
    for found, code, message in (
        (repeated & several, "share.conflict", "this flow stands twice with different shares"),
        (same & ~several, "duplicate.share", "this flow stands in the table already, with the same share"),
    ):
        mask = np.zeros(len(draft), dtype=bool)
        mask[rows] = found.to_numpy()
        draft.refuse(mask, "share", code, message)
