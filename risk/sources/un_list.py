"""
The United Nations Security Council's consolidated list.

Published as XML: ``CONSOLIDATED_LIST`` (its ``dateGenerated`` is the day of issue) with ``INDIVIDUAL`` and ``ENTITY``
records; names stand in up to four parts. The list states no count of its own; give ``records=`` where you know it.
"""

from __future__ import annotations

from os import PathLike
from xml.etree.ElementTree import Element

from risk.reading import Options, Reading
from risk.sources.entities import ENTITIES, entity_rule, found_records, layout_of, require_count
from risk.sources.tables import check_found
from risk.sources.xml_records import read_records, texts

__all__ = ["read_un_list"]

_LAYOUT = layout_of("United Nations")
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")


def read_un_list(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    records: int | None = None,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    The Security Council's consolidated list as a table of entities.

    Parameters
    ----------
    path : str or path
        XML, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken records.
    records : int, optional
        How many there must be.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        The table is described at :data:`risk.sources.entities.ENTITIES`; ``programmes`` is the committee's list
        (``UN_LIST_TYPE``), ``reference`` the permanent reference number. Counts are context, never a state's
        exposure.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = ("<CONSOLIDATED_LIST dateGenerated='2024-05-01'><ENTITIES><ENTITY><DATAID>7</DATAID>"
    ...         "<FIRST_NAME>Example Bank</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE></ENTITY></ENTITIES>"
    ...         "</CONSOLIDATED_LIST>")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "un.xml")
    ...     _ = file.write_text(text)
    ...     read_un_list(file).table[["entity_id", "name", "kind", "programmes"]].to_numpy().tolist()
    [['7', 'Example Bank', 'entity', 'DPRK']]
    """
    options = Options(errors=errors, max_rows=max_rows, max_bytes=max_bytes)
    takes = {"INDIVIDUAL": _entry, "ENTITY": _entry}
    file = read_records(path, "CONSOLIDATED_LIST", takes, options)
    require_count(file.name, len(file.records), records)
    fixed = {"list": "UN", "action": "listed", "date": file.attributes.get("dateGenerated", "")[:10]}
    words = ("entity_id", "name", "programmes", "listed_on", "reference", "countries")
    made = [dict(zip(words, taken), kind=tag.lower(), **fixed) for tag, taken in file.records]
    found = found_records(file.name, file.digest, made)
    return check_found(found, _LAYOUT, ENTITIES, options, entity_rule)


def _entry(record: Element) -> tuple[str, ...]:
    countries = [*texts(record, "NATIONALITY/VALUE"), *texts(record, "ENTITY_ADDRESS/COUNTRY")]
    return (
        (record.findtext("DATAID") or "").strip(),
        " ".join(text for name in _NAMES for text in texts(record, name)),
        ";".join(texts(record, "UN_LIST_TYPE")),
        (record.findtext("LISTED_ON") or "").strip()[:10],
        (record.findtext("REFERENCE_NUMBER") or "").strip(),
        ";".join(dict.fromkeys(countries)),
    )
