"""
The sanctions lists of the United Kingdom: the UK Sanctions List of the Foreign, Commonwealth & Development Office, and
the consolidated list of the Office of Financial Sanctions Implementation (OFSI), which ended on 2026-01-28.

Forms read:

- the UK Sanctions List as XML (``Designations`` with ``DateGenerated`` and ``Designation`` records);
- the same as csv: a first line ``Report Date: 13-Feb-2026``, then the header (``Unique ID``, ``OFSI Group ID``, ...);
- OFSI's csv (the ODS saved as csv is the same): a first line ``Last Updated,DD/MM/YYYY``, then the header
  (``Group ID``, ...).

A csv has a row per *name* (and address) of a target: rows of one target share its id. Names stand in up to six parts,
the family name in ``Name 6``; days are ``DD/MM/YYYY``. No list states a count of its own; give ``records=`` where
you know it. Each list gives the target's number on the other as ``reference``.
"""

from __future__ import annotations

import re
from os import PathLike
from xml.etree.ElementTree import Element

import pandas as pd

from risk.reading import Options, Reading
from risk.sources.entities import ENTITIES, first_row_rule, found_records, layout_of, require_count
from risk.sources.tables import Found, as_text, check_found, find_csv, first_line
from risk.sources.xml_records import is_xml, read_records, texts

__all__ = ["read_uk_list"]

_LAYOUT = layout_of(
    "UK list",
    entity_id=("Unique ID", "Group ID"),
    kind=("Designation Type", "Group Type"),
    programmes=("Regime Name", "Regime"),
    listed_on=("Date Designated", "Listed On"),
    countries=("Nationality(/ies)", "Nationality", "Address Country", "Country"),
    reference=("OFSI Group ID", "UK Sanctions List Ref"),
)
_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_IDS = ("Unique ID", "Group ID")
_NAME_TYPES = ("Name type", "Alias Type")
_PRIMARY = ("primary name", "")
_REPORT = re.compile(r"report date:\s*(\d{1,2})-([a-z]{3})-(\d{4})", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


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
    A UK list as a table of entities.

    Parameters
    ----------
    path : str or path
        XML or csv, plain, gz or the one file of a zip.
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
        first, and the programmes and countries of all its rows. ``entity_id`` is the ``Unique ID`` (OFSI's list: the
        ``Group ID``). Further csv rows on a target are ``scope.further_row`` in ``rejected``. Counts are context, never
        a state's exposure.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = ("Report Date: 13-Feb-2026\\nUnique ID,Name 6,Name 1,Name type,Regime Name,Designation Type,"
    ...         "Date Designated\\nBEL0001,BANK,Example,Primary Name,Belarus,Entity,02/03/2022\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "uk.csv")
    ...     _ = file.write_text(text)
    ...     read_uk_list(file).table[["name", "listed_on"]].astype(str).to_numpy().tolist()
    [['Example BANK', '2022-03-02']]
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, dayfirst=True)
    found = _of_xml(path, options) if is_xml(path) else _of_csv(path, options)
    found.fill("list", "UK")
    found.fill("action", "listed")
    reading = check_found(found, _LAYOUT, ENTITIES, options, first_row_rule)
    require_count(found.name, reading.table["entity_id"].nunique(), records)
    return reading


def _of_xml(path: str | PathLike[str], options: Options) -> Found:
    takes = {"Designation": _designation, "DateGenerated": lambda record: [(record.text or "").strip()]}
    file = read_records(path, "Designations", takes, options)
    issued = next(iter(file.of("DateGenerated")), [""])[0]
    words = ("entity_id", "name", "kind", "programmes", "listed_on", "reference", "countries")
    made = [dict(zip(words, taken), date=issued) for taken in file.of("Designation")]
    return found_records(file.name, file.digest, made)


def _designation(record: Element) -> tuple[str, ...]:
    countries = [*texts(record, ".//Nationality"), *texts(record, "Addresses/Address/AddressCountry")]
    ids = ("RegimeName", "DateDesignated", "OFSIGroupID")
    programme, listed_on, reference = ((record.findtext(tag) or "").strip() for tag in ids)
    return (
        (record.findtext("UniqueID") or "").strip(),
        _primary_name(record),
        (record.findtext("IndividualEntityShip") or "").strip(),
        programme,
        listed_on,
        reference,
        ";".join(dict.fromkeys(countries)),
    )


def _primary_name(record: Element) -> str:
    """The name called primary, or the first one."""
    names = [
        (
            (name.findtext("NameType") or "").strip().lower() not in _PRIMARY,
            " ".join(text for part in _PARTS for text in texts(name, part.replace(" ", ""))),
        )
        for name in record.iterfind("Names/Name")
    ]
    written = [entry for entry in names if entry[1]]
    return min(written, key=lambda entry: entry[0])[1] if written else ""


def _of_csv(path: str | PathLike[str], options: Options) -> Found:
    issued: list[str] = []
    found = find_csv(path, options, lambda text: _from_header(text, issued))
    _join_names(found)
    _primary_first(found)
    found.fill("date", issued[0] if issued else "")
    return found


def _from_header(text: str, issued: list[str]) -> tuple[str, int]:
    """Take off the line that says when the list was last updated."""
    cells, rest = first_line(text)
    first = cells[0].strip() if cells else ""
    report = _REPORT.fullmatch(first)
    if report and report[2].lower() in _MONTHS:
        issued.append(f"{report[3]}-{_MONTHS.index(report[2].lower()) + 1:02d}-{report[1].zfill(2)}")
    elif first.lower() == "last updated" and not any(cells[2:]):
        issued.extend(cell.strip() for cell in cells[1:2])
    else:
        return text, 0
    return rest, 1


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
    kind, key = (next((name for name in names if name in grid.frame), "") for names in (_NAME_TYPES, _IDS))
    if not kind or not key:
        return
    other = ~as_text(grid.frame[kind]).str.strip().str.lower().isin(_PRIMARY)
    place = pd.DataFrame({"other": other, "group": pd.factorize(grid.frame[key])[0]})
    if not (place["other"] & ~place["group"].duplicated()).any():
        return
    order = place.sort_values(["group", "other"], kind="stable").index.to_numpy()
    grid.frame, grid.rows = grid.frame.iloc[order].reset_index(drop=True), grid.rows[order]
