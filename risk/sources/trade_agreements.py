"""
Preferential trade agreements from the Design of Trade Agreements database, list of treaties.

Publisher: Andreas Duer, Leonardo Baccini and Manfred Elsig, *The Design of International Trade Agreements:
Introducing a New Dataset* (Review of International Organizations 9, 2014, doi:10.1007/s11558-013-9179-8), DESTA,
list of treaties. CC BY 4.0.

Forms read: wide (a row per treaty) and dyads (``country1, country2, iso1, iso2, number, ...``: a row per treaty and
pair of parties; they are gathered, the first row standing for the treaty, the others being ``scope.further_row``).

Quirks of the file: ``;`` separates (in some releases ``,``), ``NA`` is an empty cell; members stand in ``c1`` ...
``c91`` by ISO 3166-1 number, 900 being Kosovo, former states by their old numbers; organisations are spelt out as
their members. Dates are years: ``year`` of signature, ``entryforceyear`` (often ``NA``). A row's ``entry_type``
decides what becomes of it:

``base_treaty``, ``protocol or amendment``, ``accession``: an event ``economy.trade`` among the parties listed (of
    an accession no column tells newcomers from members);
``negotiation``: nothing was concluded, ``scope.not_concluded``;
``withdrawal``: no column says who withdrew, ``scope.withdrawal``;
``consolidated``: the text of a treaty that has its own row, told again, ``duplicate.consolidated``.
"""

from __future__ import annotations

from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from risk.event_rules import check_event_rows
from risk.events import EVENTS
from risk.reading import Draft, Options, Reading
from risk.sources.participants import gathered
from risk.sources.parties import Parties, named, numbered
from risk.sources.published import days_as_text, finish, open_published, text_columns, years_told
from risk.sources.tables import as_text

__all__ = ["read_trade_agreements"]

_TOLD = ("number", "base_treaty", "name", "entry_type", "year", "entryforceyear", "c1", "c2")
_PARTIES = tuple(f"c{place}" for place in range(1, 121))
_ASIDE = ("consolidated", "language", "typememb", "regioncon", "wto_listed", "wto_name")
_CONCLUDED = ("base_treaty", "protocol or amendment", "accession")
_LEFT_OUT = {
    "negotiation": ("scope.not_concluded", "a negotiation without an agreement"),
    "withdrawal": ("scope.withdrawal", "no column says which party withdrew"),
    "consolidated": ("duplicate.consolidated", "the consolidated text of a treaty that has a row of its own"),
}
_KOSOVO = "900"


def read_trade_agreements(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    delimiter: str = ";",
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    DESTA's list of trade agreements as events: one ``economy.trade`` per agreement concluded.

    Parameters
    ----------
    path : str or path
    errors : {"raise", "quarantine"}
        Whether malformed rows raise; ``scope.*`` and ``duplicate.*`` rows never do.
    delimiter, encoding : str
        Dyads and other releases may need ``delimiter=","``.
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The event table (year precision, known from the year's last day) and, after its columns: ``base_treaty``,
        ``entry_type``, ``in_force_year`` (NaN where not given), ``n_unknown`` (parties that were no states of
        that year).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("number;base_treaty;name;entry_type;year;entryforceyear;c1;c2;c3\\n"
    ...         "1;1;Afghanistan India;base_treaty;2003;2003;4;356;NA\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "desta.csv")
    ...     _ = file.write_text(text)
    ...     reading = read_trade_agreements(file)
    >>> reading.table[["event_id", "actor", "recipient", "entry_type"]].iloc[0].tolist()
    ['desta:1', 'AFG', 'IND', 'base_treaty']
    """
    options = Options(
        errors=errors, delimiter=delimiter, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes
    )
    columns = text_columns(_TOLD, optional=(*_ASIDE, *_PARTIES[2:]))
    draft = open_published(path, columns, options, "read_trade_agreements")
    further = _gather_dyads(draft) if draft.has("iso1") and not draft.has("c1") else None
    unread = [name for name in draft.frame.columns if isinstance(name, str) and name.startswith("mc")]
    draft.frame = draft.frame.drop(columns=unread)
    mapping = partial(_events, further=further)
    return finish(draft, mapping, EVENTS, lambda checked: check_event_rows(checked, None, "flag"))


def _gather_dyads(draft: Draft) -> np.ndarray:
    """Give the draft of a file of dyads the wide form's columns, and say which rows are further ones of a treaty."""
    frame = draft.frame
    if frame.columns.has_duplicates or not {"iso2", "number"} <= set(frame.columns):
        return np.zeros(len(frame), dtype=bool)
    treaty, numbers = pd.factorize(as_text(frame["number"]).str.strip())
    sides = [pd.DataFrame({"treaty": treaty, "code": as_text(frame[name])}) for name in ("iso1", "iso2")]
    parties = pd.concat(sides).drop_duplicates()
    place = parties.groupby("treaty").cumcount()
    wide = np.full((len(numbers), max(2, int(place.max()) + 1 if len(place) else 0)), "", dtype=object)
    wide[parties["treaty"], place] = parties["code"]
    names = [f"c{place}" for place in range(1, wide.shape[1] + 1)]
    listed = pd.DataFrame(wide[treaty], columns=names, dtype=object)
    draft.frame = pd.concat([frame.drop(columns=["iso1", "iso2"]), listed], axis=1)
    return pd.Series(treaty).duplicated().to_numpy(bool)


def _events(draft: Draft, further: np.ndarray | None) -> pd.DataFrame:
    text = draft.columns
    if further is not None:
        draft.refuse(further, "number", "scope.further_row", "another pair of a treaty that has its row")
    kind = text["entry_type"]
    for word, (code, message) in _LEFT_OUT.items():
        draft.refuse((kind == word).to_numpy(bool), "entry_type", code, message)
    known = kind.isin([*_CONCLUDED, *_LEFT_OUT]).to_numpy(bool)
    draft.refuse(~known, "entry_type", "entry_type.unknown", "not one of DESTA's types of entry")
    years = _years(draft)
    first, last = years.astype("M8[D]"), (years + 1).astype("M8[D]") - np.timedelta64(1, "D")
    names = [name for name in _PARTIES if draft.has(name)]
    took_part = gathered(draft, names, "NA", (first, last), _look_up)
    return pd.DataFrame({
        "event_id": "desta:" + text["number"],
        "date": days_as_text(took_part.day),
        "date_precision": "year",
        **took_part.columns(),
        "event_type": "economy.trade",
        "confidence": 0.95,
        "known_on": days_as_text(last),
        "title": text["name"].str.slice(0, 120),
        "publisher": "DESTA",
        "source": "Design of Trade Agreements database, list of treaties, " + text["number"],
        "url": "https://www.designoftradeagreements.org",
        "checked": "",
        "note": "",
        "base_treaty": text["base_treaty"],
        "entry_type": kind,
        "in_force_year": pd.to_numeric(text["entryforceyear"], errors="coerce").astype("float64"),
        "n_unknown": took_part.unknown,
    })  # fmt: skip


def _years(draft: Draft) -> np.ndarray:
    """Years of signature as datetime64[Y]; rows without one stand at 2000 and are refused."""
    years, good = years_told(draft, "year")
    concluded = draft.columns["entry_type"].isin(_CONCLUDED).to_numpy(bool)
    draft.refuse(
        ~good & concluded, "year", "date.invalid", "the year of signature is not a year of four digits"
    )
    return years


def _look_up(cells: pd.Series, first: np.ndarray, last: np.ndarray) -> Parties:
    sides = numbered(cells, first, last, "iso")
    own = (cells == _KOSOVO).to_numpy(bool)
    if own.any():
        kosovo = named(["XKX"] * int(own.sum()), first[own], last[own], "desta")
        for name in ("codes", "first", "last", "refusals", "messages"):
            getattr(sides, name)[own] = getattr(kosovo, name)
    return sides
