"""
Orders of major arms from the SIPRI Arms Transfers Database, as its trade register writes them.

Publisher: Stockholm International Peace Research Institute, *Arms Transfers Database*, export "trade register" as
csv (documented at www.sipri.org/databases/armstransfers/sources-and-methods). (c) SIPRI; not for commercial use.
The exports with a row per delivery are read, too (:mod:`risk.sources.arms_deals`); the RTF of the old portal is not.

Quirks of the file:

* lines of explanation stand before the header, in another number in other vintages: they are skipped, not counted;
* three columns have a blank for a name; each marks with ``?`` that the column before it is uncertain;
* the bytes are ISO 8859-1;
* a comment with a line end breaks its row in two, 13 cells and 4: neither half is guessed back into a row, both are
  refused as ``row.ragged``;
* the only date of an order is its year: ``date_precision`` is year, the day is the middle of the year (or the
  nearest day on which both states existed), and the order is taken as known from the year's last day;
* ``*`` marks armed groups, ``**`` organisations; ``unknown supplier(s)``, ``unknown recipient(s)`` are no states;
* names are SIPRI's own: ``Viet Nam`` is the North until 1976, ``Russia`` orders of 1990 are the Soviet Union's.

An order is one event (``arms.contract``, supplier to recipient). Deliveries are no events here, because the
register gives their years but not how many came in which: they stand in columns of their own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import replace
from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from risk.event_rules import check_event_rows
from risk.events import EVENTS
from risk.reading import Column, Draft, Options, Reading, TableError
from risk.reading.delimited import decoded, read_delimited
from risk.reading.files import Payload, open_payload
from risk.reading.spread import spread
from risk.sources.arms_deals import HEADS, gathered_deals
from risk.sources.feed import FeedError
from risk.sources.parties import meeting_day, named
from risk.sources.published import by_place, days_as_text, draft_of, finish, refused_as, text_columns

__all__ = ["read_sipri"]

_HEADER = (
    "Recipient", "Supplier", "Year of order", "Number ordered", "Weapon designation", "Weapon description",
    "Number delivered", "Year(s) of delivery", "status", "Comments", "SIPRI TIV per unit",
    "SIPRI TIV for total order", "SIPRI TIV of delivered weapons",
)  # fmt: skip
_MARKS = ("Year of order uncertain", "Number ordered uncertain", "Number delivered uncertain")
_DEALS = tuple(head.encode() for head in HEADS)
_PREAMBLE = 60
_NUMBERS = {
    "number_ordered": "Number ordered",
    "number_delivered": "Number delivered",
    "tiv_unit": "SIPRI TIV per unit",
    "tiv_order": "SIPRI TIV for total order",
    "tiv_delivered": "SIPRI TIV of delivered weapons",
}
_COLUMNS = tuple(
    Column(name, "number", required=True, low=0, high=1e9) if name in _NUMBERS.values() else column
    for name, column in zip((*_HEADER, *_MARKS), text_columns(_HEADER, optional=_MARKS))
)


def read_sipri(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "latin-1",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    A SIPRI trade register as events: one ``arms.contract`` per order between two states.

    Parameters
    ----------
    path : str or path
        The csv, plain, gz or alone in a zip.
    errors : {"raise", "quarantine"}
        Whether malformed rows raise. ``scope.*`` rows (armed groups, unknown sides, dependent territories) and
        copies are only listed in ``Reading.rejected``.
    encoding : str
        What SIPRI writes; files that were saved again may be ``"utf-8"``.
    max_rows, max_bytes : int
        Caps.

    Returns
    -------
    Reading
        The event table and, after its columns: ``year_uncertain`` (yes, no), ``number_ordered``,
        ``number_ordered_uncertain``, ``designation``, ``description``, ``condition`` (New, Second hand ...),
        ``number_delivered``, ``number_delivered_uncertain``, ``delivery_years`` (``;``-separated),
        ``delivered_first``, ``delivered_last``, ``tiv_unit, tiv_order, tiv_delivered`` (millions of SIPRI's
        trend-indicator value, which is no price: ``value`` stays empty).

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import pathlib, tempfile
    >>> text = ("Data generated: 13 Mar 2025\\n" + ",".join(
    ...     "Recipient Supplier Year_of_order _ Number_ordered _ Weapon_designation Weapon_description "
    ...     "Number_delivered _ Year(s)_of_delivery status Comments SIPRI_TIV_per_unit SIPRI_TIV_for_total_order "
    ...     "SIPRI_TIV_of_delivered_weapons".split()).replace("_", " ")
    ...     + "\\nVenezuela,Russia,2006,,24,,Su-30MK,FGA aircraft,24,,2006; 2007; 2008,New,,50,1200,1200\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "register.csv")
    ...     _ = file.write_text(text, encoding="latin-1")
    ...     reading = read_sipri(file)
    >>> reading.table[["actor", "recipient", "date_precision", "delivery_years"]].iloc[0].tolist()
    ['RUS', 'VEN', 'year', '2006;2007;2008']
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    try:
        payload = open_payload(path, options)
        if payload.content[:3] == b"\xef\xbb\xbf":
            options = replace(options, encoding="utf-8")
        if payload.content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            decoded(payload, replace(options, encoding="utf-8"))
        content, header = _without_preamble(payload)
        mark = ";" if header.count(b";") > header.count(b",") else ","
        grid = read_delimited(
            replace(payload, suffix=".csv", content=content), replace(options, delimiter=mark)
        )
    except TableError as reason:
        raise refused_as(reason) from reason
    deals = header.strip(b'"').startswith(_DEALS)
    further = gathered_deals(grid) if deals else np.zeros(len(grid.rows), dtype=bool)
    draft = draft_of(payload, grid, (*_COLUMNS, *text_columns(["deal"] * deals)), options, "read_sipri")
    mapping = partial(_events, further=further)
    return finish(draft, mapping, EVENTS, lambda checked: check_event_rows(checked, None, "flag"))


def _without_preamble(payload: Payload) -> tuple[bytes, bytes]:
    """Lines before the header emptied, so that lines keep their numbers; its blank columns named; and the header."""
    if payload.content.startswith(b"{\\rtf"):
        raise FeedError(f"{payload.path} is RTF; export the trade register as csv", "file.kind")
    mark = b"\xef\xbb\xbf" if payload.content.startswith(b"\xef\xbb\xbf") else b""
    lines = payload.content.removeprefix(mark).split(b"\n", _PREAMBLE)
    starts = (b"Recipient", *_DEALS)
    at = next((k for k, line in enumerate(lines) if line.strip(b'"').startswith(starts)), None)
    if at is None:
        message = f"{payload.path}: no header that begins with Recipient in the first {_PREAMBLE} lines"
        raise FeedError(
            f"{message}; missing column(s) {', '.join(_HEADER[:3])}", "column.missing", None, "Recipient"
        )
    header = lines[at].strip(b"\r") if lines[at].strip(b'"').startswith(_DEALS) else _named_header(lines[at])
    body = b"\n".join([b"", *lines[at + 1 :]]).replace(
        b"\n" + lines[at], b"\n" + header
    )  # where it is repeated, too
    return mark + b"\n" * at + header + body, header


def _named_header(line: bytes) -> bytes:
    """Blank names are marks of the column before them."""
    names = next(csv.reader([line.decode("latin-1").strip("\r")]))
    for place, name in enumerate(names):
        if not name.strip() and place:
            names[place] = f"{names[place - 1].strip()} uncertain"
    header = io.StringIO()
    csv.writer(header, lineterminator="").writerow(names)
    return header.getvalue().encode("latin-1")


def _events(draft: Draft, further: np.ndarray) -> pd.DataFrame:
    text = draft.columns
    message = "another delivery of a deal that an earlier row stands for; it is counted there"
    draft.refuse(further, "Recipient", "scope.further_row", message)
    years = _years(draft)
    first, last = years.astype("M8[D]"), (years + 1).astype("M8[D]") - np.timedelta64(1, "D")
    supplier = named(text["Supplier"], first, last, "sipri")
    recipient = named(text["Recipient"], first, last, "sipri")
    day = meeting_day(draft, ("Supplier", "Recipient"), (supplier, recipient), (first, last), "Year of order")
    ids = text["deal"] if draft.has("deal") else _ids(draft)
    frame = pd.DataFrame({
        "event_id": "sipri:" + ids,
        "date": days_as_text(day),
        "date_precision": "year",
        "actor": supplier.codes,
        "recipient": recipient.codes,
        "event_type": "arms.contract",
        "confidence": 0.95,
        "known_on": days_as_text(last),
        "title": _titles(draft),
        "publisher": "SIPRI",
        "source": "SIPRI Arms Transfers Database, trade register, record " + ids,
        "url": "https://www.sipri.org/databases/armstransfers",
        "checked": "",
        "note": text["Comments"],
    })  # fmt: skip
    return pd.concat([frame, _goods(draft)], axis=1)


def _years(draft: Draft) -> np.ndarray:
    """Years as datetime64[Y]; rows without a plausible one are refused and stand at 2000."""
    texts, places = draft.columns.distinct("Year of order")
    good = np.array([re.fullmatch(r"(18|19|20)\d\d", text) is not None for text in texts], dtype=bool)
    message = "the year of order is not a year of four digits"
    draft.refuse(~good[places], "Year of order", "date.invalid", message)
    years = [int(text) if sound else 2000 for text, sound in zip(texts, good)]
    return (np.array(years, dtype=np.int64) - 1970).astype("M8[Y]")[places]


def _ids(draft: Draft) -> pd.Series:
    """A name for each row made of its content: the register has none. Equal rows have equal names."""
    mixed = np.zeros(len(draft), dtype=np.uint64)
    for name in draft.schema.names:
        if draft.has(name):
            cells = draft.cells(name)
            mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + _digests([*map(str, cells.values)])[cells.codes]
            mixed ^= mixed >> np.uint64(29)
    digits = mixed.astype(">u8").tobytes().hex()
    return pd.Series([digits[start : start + 16] for start in range(0, len(digits), 16)], dtype="str")


def _digests(texts: list[str]) -> np.ndarray:
    made = [hashlib.blake2b(text.strip().encode(), digest_size=8).digest() for text in texts]
    return np.frombuffer(b"".join(made), ">u8").astype(np.uint64)


def _titles(draft: Draft) -> pd.Series:
    """Who orders how much of what from whom, one space between words."""

    def words(name: str, before: str = " ", after: str = "") -> pd.Series:
        cells = draft.cells(name)
        told = [" ".join(str(cell).split()) for cell in cells.values]
        return spread([before + text + after if text else "" for text in told], cells.codes)

    order = words("Recipient", "", " ") + "orders" + words("Number ordered") + words("Weapon designation")
    return (order + " from" + words("Supplier")).str.slice(0, 120)


def _goods(draft: Draft) -> pd.DataFrame:
    """What was ordered and delivered: amounts in columns of their own, uncertain ones marked."""
    text = draft.columns
    made: dict[str, pd.Series] = {name: text[column] for name, column in _NUMBERS.items()}
    for mark in _MARKS:
        name = "year_uncertain" if mark.startswith("Year") else mark.lower().replace(" ", "_")
        made[name] = by_place(draft, mark, lambda cell: "yes" if cell == "?" else "no")
    years = by_place(draft, "Year(s) of delivery", lambda cell: re.sub(r";\s*", ";", cell))
    places, lists = pd.factorize(years)
    good = np.array([re.fullmatch(r"(\d{4}(;\d{4})*)?", cell) is not None for cell in lists], dtype=bool)
    message = "years of delivery are not years of four digits"
    draft.refuse(~good[places], "Year(s) of delivery", "date.invalid", message)
    made |= {
        "designation": text["Weapon designation"],
        "description": text["Weapon description"],
        "condition": text["status"],
        "delivery_years": years,
    }
    for name, cut in (("first", slice(0, 4)), ("last", slice(-4, None))):
        ends = [float(cell[cut]) if cell and sound else np.nan for cell, sound in zip(lists, good)]
        made[f"delivered_{name}"] = pd.Series(np.array(ends, dtype=float)[places])
    return pd.DataFrame(made)
