"""
Bilateral civilian nuclear cooperation agreements.

Publisher: Matthew Fuhrmann, *Nuclear Cooperation Agreements*, the data of "Taking a Walk on the Supply Side: The
Determinants of Civilian Nuclear Cooperation".

Quirks of the file: numbers of the Correlates of War and years are written ``2.0`` and ``1955.0``; a pair that
concluded two agreements of one kind in a year has two equal rows, so that a row's id is its content and a count;
an agreement under which each side supplies the other stands twice, once in each direction: it is read once
(``both_ways``), the second row being ``duplicate.mirror``. The only date is the year: precision year, known from
its last day.

An agreement is an event ``energy.nuclear`` from side 1, the supplier, to side 2; ``military assistance`` is
``defence.agreement``.
"""

from __future__ import annotations

import re
from os import PathLike

import numpy as np
import pandas as pd

from risk.event_rules import check_event_rows
from risk.events import EVENTS
from risk.reading import Column, Draft, Options, Reading, Schema
from risk.sources.feed import FeedError
from risk.sources.parties import meeting_day, numbered
from risk.sources.published import by_distinct, days_as_text, finish, open_published, yes_or_no
from risk.sources.tables import refuse_fractions

__all__ = ["read_nuclear_agreements"]

_COLUMNS = (
    Column("ccode1", "number", required=True, blank=False, low=1, high=9999),
    Column("ccode2", "number", required=True, blank=False, low=1, high=9999),
    Column("country1"),
    Column("country2"),
    Column("year", "number", required=True, blank=False, low=1940, high=2100),
    Column("nca", "number", required=True, low=0, high=1),
    Column("nca_type", required=True, blank=False),
)
_SIDES = ("ccode1", "ccode2")
_MILITARY = "military assistance"


def read_nuclear_agreements(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Nuclear cooperation agreements as events: one ``energy.nuclear`` per agreement, supplier to recipient.

    Parameters
    ----------
    path : str or path
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` and ``duplicate.*`` rows never do.
    encoding : str
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The event table and, after its columns: ``agreement`` (the publisher's kind) and ``both_ways`` (yes where
        each side supplies the other; sides then stand as in the first of the two rows).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "ccode1,ccode2,country1,country2,year,nca,nca_type\\n2.0,20.0,USA,Canada,1955.0,1.0,research\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "nca.csv")
    ...     _ = file.write_text(text)
    ...     reading = read_nuclear_agreements(file)
    >>> reading.table[["event_type", "actor", "recipient", "both_ways"]].iloc[0].tolist()
    ['energy.nuclear', 'USA', 'CAN', 'no']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    draft = open_published(path, _COLUMNS, options, "read_nuclear_agreements")
    draft.schema = Schema(_COLUMNS, noun="rows", reader="read_nuclear_agreements", error=FeedError)
    return finish(draft, _events, EVENTS, lambda checked: check_event_rows(checked, None, "flag"))


def _events(draft: Draft) -> pd.DataFrame:
    text = draft.columns
    refuse_fractions(draft, *_SIDES, "year")
    message = "the row says that there was no agreement"
    draft.refuse((text["nca"] == 0).to_numpy(bool), "nca", "scope.none", message)
    years = (text["year"].fillna(2000).to_numpy().astype(np.int64) - 1970).astype("M8[Y]")
    first, last = years.astype("M8[D]"), (years + 1).astype("M8[D]") - np.timedelta64(1, "D")
    numbers = [text[name].fillna(0).astype("int64") for name in _SIDES]
    sides = [numbered(cells, first, last, "cow") for cells in numbers]
    day = meeting_day(draft, _SIDES, sides, (first, last), "year")
    kind = text["nca_type"]
    table = pd.DataFrame(
        {"one": sides[0].codes, "two": sides[1].codes, "year": days_as_text(years), "kind": kind}, dtype="str"
    )
    both, ids = _mirrored(draft, table), _ids(table)
    return pd.DataFrame({
        "event_id": "nca:" + ids,
        "date": days_as_text(day),
        "date_precision": "year",
        "actor": table["one"],
        "recipient": table["two"],
        "event_type": np.where(kind == _MILITARY, "defence.agreement", "energy.nuclear"),
        "confidence": 0.95,
        "known_on": days_as_text(last),
        "title": ("Nuclear cooperation agreement: " + kind).str.slice(0, 120),
        "publisher": "Fuhrmann",
        "source": "Nuclear Cooperation Agreements, " + ids,
        "url": "",
        "checked": "",
        "note": "",
        "agreement": kind,
        "both_ways": yes_or_no(both),
    })  # fmt: skip


def _ids(table: pd.DataFrame) -> pd.Series:
    """A row's content, and a count where agreements have the same."""
    nth = table.groupby(list(table.columns), sort=False).cumcount() + 1
    words = table.assign(
        kind=by_distinct(table["kind"], lambda text: re.sub(r"\W+", "-", text).lower()), nth=nth.astype("str")
    )
    sides = words["one"].str.lower() + "-" + words["two"].str.lower()
    return sides + "-" + words["year"] + "-" + words["kind"] + "-" + words["nth"]


def _mirrored(draft: Draft, table: pd.DataFrame) -> np.ndarray:
    """Rows whose agreement is also told from the other side; the n-th of one goes with the n-th of the other."""
    nth = table.groupby(list(table.columns), sort=False).cumcount()
    swap = (table["one"] > table["two"]).to_numpy(bool)
    pair = table.assign(
        one=table["one"].where(~swap, table["two"]), two=table["two"].where(~swap, table["one"]), nth=nth
    )
    again = pair.duplicated().to_numpy() & draft.sound()
    both = pair.duplicated(keep=False).to_numpy()
    draft.refuse(
        again, "ccode1", "duplicate.mirror", "the agreement of another row, told from the other side"
    )
    return both
