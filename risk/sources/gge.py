"""
Global Geopolitical Events scores: one static and one dynamic score per dyad and year (Fan; Fan, Wo and Xiang).

Columns as in the publisher's codebook: ``dyad, country1_code, country2_code, year, geo_score, number_of_events,
geo_score_dyn, cum_events, weight, geo_score_ma``. Codes are those of today's states back to 1950: a row of 1950
called ``RUS`` is about the Soviet Union and gets its code. The events were compiled with hindsight, so the scores
say nothing of what could be known in their year.
"""

from __future__ import annotations

from os import PathLike

import numpy as np

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.sources.feed import Layout
from risk.sources.tables import check_found, find_table

__all__ = ["GGE", "read_gge"]

GGE = Schema(
    columns=(
        Column("date", "date", required=True, blank=False, policy="end"),
        Column("a", "state", required=True, blank=False, on="date"),
        Column("b", "state", required=True, blank=False, on="date"),
        Column("score", "number", required=True, low=-1, high=1),
        Column("n_events", "number", required=True, blank=False, low=0),
        Column("score_dynamic", "number", required=True, low=-1, high=1),
        Column("cumulative_events", "number", low=0),
        Column("weight", "number", low=0, high=1),
        Column("score_3y", "number", low=-1, high=1),
    ),
    key=("a", "b", "date"),
    noun="dyad-years",
    reader="read_gge",
)
_LAYOUT = Layout(
    "GGE",
    {
        "date": ("year",),
        "a": ("country1_code",),
        "b": ("country2_code",),
        "score": ("geo_score",),
        "n_events": ("number_of_events",),
        "score_dynamic": ("geo_score_dyn",),
        "cumulative_events": ("cum_events",),
        "weight": ("weight",),
        "score_3y": ("geo_score_ma",),
    },
    optional=("cumulative_events", "weight", "score_3y"),
)


def read_gge(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Yearly scores of dyads.

    Parameters
    ----------
    path : str or path
        csv, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        ``date`` (last day of the year), ``a, b`` (a < b), ``score`` (NaN: no event that year), ``n_events``,
        ``score_dynamic``, ``cumulative_events``, ``weight``, ``score_3y``, ``year``. Dyad-years in which one of the
        two did not exist (nor a state that it continues) are ``scope.no_state_then`` in ``rejected``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = ("country1_code,country2_code,year,geo_score,number_of_events,geo_score_dyn\\n"
    ...         "RUS,USA,1962,-0.4,9,-0.3\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "gge.csv")
    ...     _ = file.write_text(text)
    ...     read_gge(file).table[["a", "b", "year", "score"]].to_numpy().tolist()
    [['SUN', 'USA', 1962, -0.4]]
    """
    options = Options(
        errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, before="predecessor"
    )
    outside = {"state.not_a_state_then": "scope.no_state_then"}
    return check_found(find_table(path, options), _LAYOUT, GGE, options, _order, outside)


def _order(draft: Draft) -> None:
    """Sides in the order of the alphabet."""
    one, other = draft.columns["a"], draft.columns["b"]
    itself = ((one == other) & (one != "")).to_numpy(bool)
    draft.refuse(itself, "b", "scope.same_state", "both are the same state then")
    swap = (one > other).to_numpy(bool)
    draft.columns["a"], draft.columns["b"] = one.mask(swap, other), other.mask(swap, one)
    years = draft.columns["date"].dt.year.fillna(0).astype(np.int64)
    draft.columns["year"] = years
