"""
SIPRI's newer exports of arms transfers, a row per delivery: gathered into the columns of its trade register.

Forms: the csv of the portal (``SIPRI AT Database ID, Supplier, Recipient, ..., Local production``, seventeen columns)
and the text that came before it (``Deal ID;Seller;Buyer;...``, with semicolons). A deal has as many rows as years of
delivery; its first row stands for it. The number ordered and comments are in neither form.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.reading.grid import Grid
from risk.sources.tables import as_text

__all__ = ["HEADS", "gathered_deals"]

HEADS = ("SIPRI AT Database ID", "Deal ID")
"""The first column of either form."""

_SPELT = {"Deal ID": HEADS[0], "Seller": "Supplier", "Buyer": "Recipient"}
_DEAL = (HEADS[0], "Supplier", "Recipient", "Designation", "Order date")
_TAKEN = {
    "Recipient": "Recipient",
    "Supplier": "Supplier",
    "Order date": "Year of order",
    "Designation": "Weapon designation",
    "Description": "Weapon description",
    "Status": "status",
    "TIV deal unit": "SIPRI TIV per unit",
}
_MARKS = {
    "Order date is estimate": "Year of order uncertain",
    "Numbers delivered is estimate": "Number delivered uncertain",
}
_SUMS = {
    "Numbers delivered": "Number delivered",
    "TIV delivery values": "SIPRI TIV of delivered weapons",
}
_YEARS = ("Delivery year", "Year(s) of delivery")
_NOT_TOLD = ("Number ordered", "Comments", "SIPRI TIV for total order")


def gathered_deals(grid: Grid) -> np.ndarray:
    """
    Give a grid of deliveries the register's columns, in place, and say which rows are further ones of a deal.

    What is summed or joined over a deal stands in its first row. A cell that is no number is left where it is, for the
    checks to refuse. Columns that are missing stay missing, and the checks name them as the register does.

    Examples
    --------
    >>> header = ["SIPRI AT Database ID", "Supplier", "Recipient", "Designation", "Order date", "Delivery year",
    ...           "Numbers delivered"]
    >>> rows = [["7", "Russia", "Venezuela", "Su-30MK", "2006", year, "8"] for year in ("2006", "2007")]
    >>> grid = Grid.of_columns(header, list(zip(*rows)), np.array([2, 3]))
    >>> gathered_deals(grid).tolist()
    [False, True]
    >>> grid.frame.loc[0, ["Year(s) of delivery", "Number delivered"]].tolist()
    ['2006; 2007', '16']
    """
    frame = grid.frame.rename(columns=_SPELT)
    if frame.columns.has_duplicates:
        return np.zeros(len(frame), dtype=bool)
    text = {str(name): as_text(frame[name]).str.strip() for name in frame.columns}
    told = [name for name in _DEAL if name in text]
    deal = pd.DataFrame({name: text[name] for name in told}).groupby(told, sort=False).ngroup().to_numpy()
    made = {ours: text[name] for name, ours in _TAKEN.items() if name in text}
    made |= {ours: _any_yes(text[name], deal) for name, ours in _MARKS.items() if name in text}
    made |= {ours: _summed(text[name], deal) for name, ours in _SUMS.items() if name in text}
    if _YEARS[0] in text:
        made[_YEARS[1]] = _joined(text[_YEARS[0]], deal)
    if HEADS[0] in text:
        made["deal"] = text[HEADS[0]]
    made |= {name: pd.Series([""] * len(frame)) for name in _NOT_TOLD}
    grid.frame = pd.DataFrame(made).astype(object)
    return pd.Series(deal).duplicated().to_numpy(bool)


def _any_yes(cells: pd.Series, deal: np.ndarray) -> pd.Series:
    yes = cells.str.lower() == "yes"
    return pd.Series(np.where(yes.groupby(deal).transform("any"), "?", ""))


def _summed(cells: pd.Series, deal: np.ndarray) -> pd.Series:
    """The sum over a deal as text; a deal with a cell that is no number keeps its cells."""
    numbers = pd.to_numeric(cells.where(cells != ""), errors="coerce")
    odd = (numbers.isna() & (cells != "")).groupby(deal).transform("any")
    total = numbers.groupby(deal).transform("sum", min_count=1).round(6)
    texts = total.map(lambda number: "" if np.isnan(number) else f"{number:.6f}".rstrip("0").rstrip("."))
    return cells.where(odd, texts)


def _joined(cells: pd.Series, deal: np.ndarray) -> pd.Series:
    """The years of a deal, each once and in order."""
    years = pd.DataFrame({"deal": deal, "year": cells}).drop_duplicates().sort_values(["deal", "year"])
    lists = years.groupby("deal")["year"].agg(lambda found: "; ".join(filter(None, found)))
    return pd.Series(lists.reindex(deal).to_numpy(object))
