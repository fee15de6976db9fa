"""
Alliances by dyad and year: ATOP 5 and the Correlates of War alliances 4.1.

Publishers: Brett Ashley Leeds et al., *Alliance Treaty Obligations and Provisions* (ATOP), version 5.0; Douglas
Gibler, *Correlates of War Formal Alliances*, version 4.1.

Forms read: the dyad-year tables as published (ATOP: ``mem1, mem2, year, defense, ...``, and directed
``stateA, stateB, year, defense, ...``; Correlates of War: ``ccode1, ccode2, year, defense, neutrality, nonaggression,
entente``) and the same with prefixed names (``atop_defense``, ``cow_nonagg``), where each dyad stands twice, once
from each side.

Quirks: a dyad with several alliances in a year has a row for each in the Correlates of War: they are read as one.
ATOP codes what *each* side owes, so the two rows of a dyad can differ (a guarantee binds one side): ``kinds`` is what
binds either side, the same in both rows, ``own_kinds`` what the row's own side owes. Numbers are those of the
Correlates of War; a year counts as 1816 before the state system's record begins. Nothing here is dated to the day, and
the tables are compiled with hindsight: no ledger events are made of them.
"""

from __future__ import annotations

from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.sources.feed import FeedError
from risk.sources.parties import numbered, refuse_unknown
from risk.sources.published import finish, open_published
from risk.sources.tables import refuse_fractions

__all__ = ["ALLIANCES", "read_alliances"]

ALLIANCES = Schema(
    columns=(
        Column("a", "code", required=True, blank=False),
        Column("b", "code", required=True, blank=False),
        Column("year", "number", required=True, blank=False, low=1800, high=2100),
        Column("kinds", "code"),
        Column("own_kinds", "code"),
        Column("publisher"),
    ),
    key=("a", "b", "year"),
    noun="alliance years",
    reader="read_alliances",
    error=FeedError,
)
_KINDS = {
    "ATOP 5": {
        "defense": ("atop_defense", "defense"),
        "offense": ("atop_offense", "offense"),
        "neutrality": ("atop_neutral", "neutral"),
        "nonaggression": ("atop_nonagg", "nonagg"),
        "consultation": ("atop_consul", "consul"),
    },
    "COW alliances 4.1": {
        "defense": ("cow_defense", "defense"),
        "neutrality": ("cow_neutral", "neutrality"),
        "nonaggression": ("cow_nonagg", "nonaggression"),
        "entente": ("cow_entente", "entente"),
    },
}
_SIDES = {
    "ATOP 5": (("mem1", "mem2"), ("stateA", "stateB"), ("ccode1", "ccode2")),
    "COW alliances 4.1": (("ccode1", "ccode2"),),
}
_TELLS = {"atop_consul", "consul", "atop_offense", "offense"}
_FIRST = 1816


def read_alliances(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    ATOP or Correlates of War alliance dyad-years as a table of their own, a row per row of the file.

    Parameters
    ----------
    path : str or path
        Parquet (extra ``lake``) or csv; which of the two data sets is told by its columns.
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` rows never do.
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        ``a, b`` (codes in that year), ``year``, ``kinds`` (``;``-separated in the order of the alphabet:
        consultation, defense, entente, neutrality, nonaggression, offense; empty where none of them was
        promised), ``own_kinds`` (what ``a`` owes), ``publisher``. Where the file tells both sides of a dyad the
        table is symmetric: a, b and b, a have the same ``kinds``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = "mem1,mem2,year,defense,offense,neutral,nonagg,consul\\n2,20,1950,1,0,0,1,1\\n20,2,1950,0,0,0,1,1\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "atop.csv")
    ...     _ = file.write_text(text)
    ...     reading = read_alliances(file)
    >>> reading.table.loc[1, ["a", "b", "kinds", "own_kinds"]].tolist()
    ['CAN', 'USA', 'consultation;defense;nonaggression', 'consultation;nonaggression']
    """
    options = Options(errors=errors, max_rows=max_rows, max_bytes=max_bytes)
    draft = open_published(path, (), options, "read_alliances")
    publisher = "ATOP 5" if _TELLS & set(draft.frame.columns) else "COW alliances 4.1"
    names = {
        kind: next((n for n in spelt if draft.has(n)), spelt[0]) for kind, spelt in _KINDS[publisher].items()
    }
    sides = next((pair for pair in _SIDES[publisher] if draft.has(pair[0])), _SIDES[publisher][0])
    numbers = [Column(name, "number", required=True, blank=False, low=1, high=9999) for name in sides]
    year = Column("year", "number", required=True, blank=False, low=1800, high=2100)
    marks = [Column(name, "number", required=True, low=0, high=1) for name in names.values()]
    draft.schema = Schema((*numbers, year, *marks), noun="rows", reader="read_alliances", error=FeedError)
    draft.frame = draft.frame[[name for name in draft.schema.names if draft.has(name)]]
    return finish(draft, lambda checked: _rows(checked, sides, names, publisher), ALLIANCES, _whole_years)


def _whole_years(draft: Draft) -> None:
    draft.columns["year"] = draft.columns["year"].astype("int64")


def _rows(draft: Draft, sides: tuple[str, str], names: dict[str, str], publisher: str) -> pd.DataFrame:
    refuse_fractions(draft, *sides, "year")
    year = draft.columns["year"].fillna(_FIRST).to_numpy().astype(np.int64)
    first = (np.maximum(year, _FIRST) - 1970).astype("M8[Y]")
    span = first.astype("M8[D]"), (first + 1).astype("M8[D]") - np.timedelta64(1, "D")
    codes = []
    for name in sides:
        numbers = draft.columns[name].fillna(0).astype("int64")
        found = numbered(numbers, *span, "cow", outside="accept")
        refuse_unknown(draft, name, found)
        codes.append(found.codes)
    a, b = codes
    draft.refuse(
        draft.sound() & (a == b), sides[1], "scope.domestic", "both numbers mean one state that year"
    )
    kinds = sorted(names)
    bits = [
        (draft.columns[names[kind]] == 1).to_numpy().astype(np.int64) << place
        for place, kind in enumerate(kinds)
    ]
    own = _united(draft, a, b, year, np.bitwise_or.reduce(bits))
    both = own | _mirrored(draft, a, b, year, own)
    words = np.array([";".join(k for p, k in enumerate(kinds) if n >> p & 1) for n in range(2 ** len(kinds))])
    return pd.DataFrame(
        {"a": a, "b": b, "year": year, "kinds": words[both], "own_kinds": words[own], "publisher": publisher}
    )


def _united(draft: Draft, a: np.ndarray, b: np.ndarray, year: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What all rows of one dyad and year say together: a state can stand under two numbers (255 and 260 in 1990)."""
    group = (
        pd.DataFrame({"a": a, "b": b, "year": year})
        .groupby(["a", "b", "year"], sort=False)
        .ngroup()
        .to_numpy()
    )
    again = pd.Series(group).duplicated().to_numpy() & (a != "") & (b != "")
    if not again.any():
        return own
    told = np.zeros(len(own), dtype=np.int64)
    np.bitwise_or.at(told, group, own)
    message = "the same states and year as another row (a second alliance or number); both are read as one"
    draft.refuse(again, "year", "duplicate.number", message)
    return told[group]


def _mirrored(draft: Draft, a: np.ndarray, b: np.ndarray, year: np.ndarray, own: np.ndarray) -> np.ndarray:
    """What the other side of each row owes (0 where the file does not tell it); one-sided promises are noted."""
    names, places = np.unique(np.concatenate([a, b]).astype(str), return_inverse=True)
    one, other = places[: len(a)], places[len(a) :]
    size = np.int64(len(names))
    key = (year * size + one) * size + other
    swapped = (year * size + other) * size + one
    order = np.argsort(key, kind="stable")
    at = np.minimum(np.searchsorted(key[order], swapped), max(len(key) - 1, 0))
    told = key[order][at] == swapped if len(key) else np.zeros(0, bool)
    mirror = np.where(told, own[order][at] if len(key) else own, 0)
    draft.note("dyad.once", int((~told).sum()), "rows are told from one side only")
    draft.note(
        "alliance.one_sided",
        int((told & (mirror != own)).sum()),
        "rows bind the two sides to different things",
    )
    return mirror
