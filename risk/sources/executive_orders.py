"""
Executive orders of the United States, as the Federal Register and the White House list them.

Forms read: the Federal Register's csv export (``executive_order_number, signing_date, publication_date, title,
citation, document_number, html_url, disposition_notes``) and its JSON (a list of documents, or the answer of its
API with ``count`` and ``results``); the National Archives' disposition tables (``number, signing_date, notes``);
and a list of presidential actions (``title, date_published, is_eo, url``), which gives no numbers and clock times,
mostly in UTC, which are cut to their day: never earlier than the day in Washington. Days are ISO or month first.
Corrections printed later (document numbers ``C1-...``) and other presidential documents are out of scope.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike

import numpy as np

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.reading.delimited import decoded
from risk.reading.files import digest_of, open_payload
from risk.reading.grid import Grid
from risk.sources.feed import FeedError, Layout
from risk.sources.tables import Found, as_text, check_found, feed_errors, find_table

__all__ = ["ORDERS", "read_executive_orders"]

ORDERS = Schema(
    columns=(
        Column("number", "code", pattern=r"\d{1,5}(-?[A-Z])?"),
        Column("title"),
        Column("signed", "date"),
        Column("published", "date"),
        Column("citation", "code"),
        Column("document_number", "code"),
        Column("notes"),
        Column("url"),
        Column("kind", "code"),
    ),
    key=("order_id",),
    noun="orders",
    reader="read_executive_orders",
)
_LAYOUT = Layout(
    "Federal Register",
    {
        "number": ("executive_order_number", "number"),
        "title": ("title",),
        "signed": ("signing_date",),
        "published": ("publication_date", "date_published"),
        "citation": ("citation",),
        "document_number": ("document_number",),
        "notes": ("disposition_notes", "executive_order_notes", "notes"),
        "url": ("html_url", "url"),
        "kind": ("subtype", "is_eo"),
    },
    optional=(
        "number",
        "title",
        "signed",
        "published",
        "citation",
        "document_number",
        "notes",
        "url",
        "kind",
    ),
)
_IDENTITY = ("executive_order_number", "number", "document_number", "url")


def read_executive_orders(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Executive orders, one row each.

    Parameters
    ----------
    path : str or path
        csv or json, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        ``number`` (text; empty where the list gives none), ``title, signed, published`` (first public day in this
        source), ``citation, document_number, notes`` (amended, revoked by what), ``url, kind`` (as published),
        ``order_id`` (``EO 13692``, or the document number, or the address). Other documents are
        ``scope.not_an_order``, reprints ``scope.correction``.

    Raises
    ------
    FeedError
        ``file.count`` where an API answer on one page holds fewer documents than it says.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = "number,signing_date,notes\\n13692,2015-03-08,\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "orders.csv")
    ...     _ = file.write_text(text)
    ...     read_executive_orders(file).table[["order_id", "signed"]].astype(str).to_numpy().tolist()
    [['EO 13692', '2015-03-08']]
    """
    options = Options(
        errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, dayfirst=False
    )
    with feed_errors():
        payload = open_payload(path, options)
    found = _of_json(path, options) if payload.suffix == ".json" else find_table(path, options)
    _require_identity(found)
    _cut_clocks(found)
    return check_found(found, _LAYOUT, ORDERS, options, _check_orders)


def _require_identity(found: Found) -> None:
    if not set(_IDENTITY) & set(found.header):
        wanted, listed = " or ".join(_IDENTITY), ", ".join(found.header[:60])
        message = f"Federal Register: missing column(s) {wanted}; found {listed}"
        raise FeedError(message, "column.missing", None, _IDENTITY[0])


def _cut_clocks(found: Found) -> None:
    frame = found.grid.frame
    if "date_published" in frame:
        cells = as_text(frame["date_published"])
        stamped = cells.str.match(r"\d{4}-\d\d-\d\d[ T]\d\d:").to_numpy(bool)
        frame["date_published"] = cells.mask(stamped, cells.str[:10]).astype(object)
        found.grid.notes.append(("date.clock_cut", int(stamped.sum()), "clock times were cut to the day"))


def _check_orders(draft: Draft) -> None:
    columns = draft.columns
    if draft.has("kind"):
        kinds = columns["kind"].str.lower()
        other = ~kinds.isin(["executive order", "executive_order", "true", ""]).to_numpy(bool)
        draft.refuse(other, "kind", "scope.not_an_order", "another presidential document")
    reprint = columns["document_number"].str.match(r"C\d+-").to_numpy(bool) & draft.sound()
    draft.refuse(reprint, "document_number", "scope.correction", "a correction of an order printed before")
    named = ("EO " + columns["number"]).where(columns["number"] != "", columns["document_number"])
    columns["order_id"] = named.where(named != "", columns["url"]).astype("str")
    nameless = (columns["order_id"] == "").to_numpy(bool) & draft.sound()
    draft.refuse(nameless, "number", "number.missing", "no number, document number or address given")


class _Strict(json.JSONDecoder):
    """JSON whose keys stand once and whose numbers are numbers."""

    def __init__(self) -> None:
        super().__init__(object_pairs_hook=_once, parse_constant=_no_number)


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise FeedError(f"key {twice!r} stands twice in one object", "json.duplicate_key")
    return made


def _no_number(name: str) -> object:
    raise FeedError(f"{name} is not JSON", "json.nan")


def _of_json(path: str | PathLike[str], options: Options) -> Found:
    with feed_errors():
        payload = open_payload(path, options)
        text, _ = decoded(payload, options)
    try:
        answer = _Strict().decode(text)
    except json.JSONDecodeError as reason:
        where = f"line {reason.lineno}, column {reason.colno}"
        raise FeedError(f"{payload.path} is not JSON: {reason.msg}, {where}", "json.invalid") from None
    except RecursionError:
        raise FeedError(f"{payload.path} is nested too deep", "json.depth") from None
    documents = _documents(payload.name, answer)
    if digest_of(payload.path) != payload.digest:
        raise FeedError(f"{payload.path} was changed while it was read; read it again", "file.changed")
    header = list(dict.fromkeys(key for document in documents for key in document))
    columns = [[_cell(document.get(name)) for document in documents] for name in header]
    grid = Grid.of_columns(header, columns, np.arange(1, len(documents) + 1))
    return Found(grid, payload.name, payload.digest)


def _documents(name: str, answer: object) -> list[dict[str, object]]:
    """The documents of a list, or of an API answer, whose own count is held against them."""
    listed = answer.get("results") if isinstance(answer, dict) else answer
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise FeedError(f"{name} must be a list of documents, or an object with results", "json.shape")
    if not listed:
        raise FeedError(f"{name} holds no documents", "table.empty")
    if isinstance(answer, dict):
        count, pages = answer.get("count"), answer.get("total_pages", 1)
        if pages == 1 and isinstance(count, int) and count != len(listed):
            raise FeedError(
                f"{name} holds {len(listed)} documents and says {count}; fetch it again", "file.count"
            )
    return listed


def _cell(value: object) -> object:
    """Nested parts (agencies, president) are of no use here; whole numbers become text."""
    if isinstance(value, dict | list):
        return ""
    return None if value is None else str(value)
