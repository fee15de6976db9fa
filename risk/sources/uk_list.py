"""
The United Kingdom's consolidated list of financial sanctions targets (Office of Financial Sanctions Implementation).

Published as csv (the ODS saved as csv is the same): a first line ``Last Updated,DD/MM/YYYY``, then the header, then
one row per *name* of a target: rows of one target share a ``Group ID``. Names stand in up to six parts, the family
name in ``Name 6``; days are ``DD/MM/YYYY``. The list states no count of its own; give ``records=`` where you know
it.
"""

from __future__ import annotations

import csv
from os import PathLike

import pandas as pd

from risk.reading import Options, Reading
from risk.sources.entities import ENTITIES, first_row_rule, layout_of, require_count
from risk.sources.tables import Found, as_text, check_found, find_csv

__all__ = ["read_uk_list"]

_LAYOUT = layout_of(
    "OFSI",
    entity_id=("Group ID",),
    kind=("Group Type",),
    programmes=("Regime",),
    listed_on=("Listed On",),
    countries=("Nationality", "Country"),
    reference=("UK Sanctions List Ref",),
)
_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")


def read_uk_list(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    records: int | None = None,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    OFSI's consolidated list as a table of entities.

    Parameters
    ----------
    path : str or path
        csv, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    records : int, optional
        How many targets there must be.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        The table is described at :data:`risk.sources.entities.ENTITIES`: the primary name of each target, or its
        first. Its other names are ``scope.further_row`` in ``rejected``. Counts are context, never a state's
        exposure.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = ("Last Updated,01/05/2024\\nName 6,Name 1,Group Type,Alias Type,Regime,Listed On,Group ID\\n"
    ...         "BANK,Example,Entity,Primary name,Belarus,02/03/2022,14000\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "uk.csv")
    ...     _ = file.write_text(text)
    ...     read_uk_list(file).table[["name", "listed_on"]].astype(str).to_numpy().tolist()
    [['Example BANK', '2022-03-02']]
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, dayfirst=True)
    issued: list[str] = []
    found = find_csv(path, options, lambda text: _from_header(text, issued))
    _join_names(found)
    _primary_first(found)
    found.fill("list", "UK")
    found.fill("action", "listed")
    found.fill("date", issued[0] if issued else "")
    reading = check_found(found, _LAYOUT, ENTITIES, options, first_row_rule)
    require_count(found.name, reading.table["entity_id"].nunique(), records)
    return reading


def _from_header(text: str, issued: list[str]) -> tuple[str, int]:
    """Take off the line that says when the list was last updated."""
    first, _, rest = text.partition("\n")
    cells = next(csv.reader([first.rstrip("\r")]), [])
    if cells and cells[0].strip().lower() == "last updated":
        issued.extend(cell.strip() for cell in cells[1:2])
        return rest, 1
    return text, 0


def _join_names(found: Found) -> None:
    frame = found.grid.frame
    parts = [name for name in _PARTS if name in frame]
    if "Name 6" in parts:
        joined = pd.Series([""] * len(frame), dtype="str")
        for name in parts:
            part = as_text(frame[name]).str.strip()
            joined = joined + (" " + part).where(part != "", "")
        frame["name"] = joined.str.strip().astype(object)


def _primary_first(found: Found) -> None:
    """Rows called the primary name come before a target's other names, whatever the order of the file."""
    grid = found.grid
    if "Alias Type" not in grid.frame or "Group ID" not in grid.frame:
        return
    other = ~as_text(grid.frame["Alias Type"]).str.strip().str.lower().isin(["primary name", ""])
    place = pd.DataFrame({"other": other, "group": pd.factorize(grid.frame["Group ID"])[0]})
    if not (place["other"] & ~place["group"].duplicated()).any():
        return
    order = place.sort_values(["group", "other"], kind="stable").index.to_numpy()
    grid.frame, grid.rows = grid.frame.iloc[order].reset_index(drop=True), grid.rows[order]
