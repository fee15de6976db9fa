"""
The European Union's consolidated list of persons, groups and entities subject to financial sanctions.

Published by the European Commission, in its form 1.1, as XML (``export`` with ``sanctionEntity`` records) and as
csv with semicolons, in which an entity fills as many rows as it has names, addresses and acts (``Entity_LogicalId``
repeats). The list states no count of its own; give ``records=`` where you know it.
"""

from __future__ import annotations

from os import PathLike
from xml.etree.ElementTree import Element

from risk.reading import Options, Reading
from risk.sources.entities import ENTITIES, first_row_rule, found_records, layout_of, require_count
from risk.sources.tables import Found, check_found, find_table
from risk.sources.xml_records import is_xml, read_records

__all__ = ["read_eu_list"]

_LAYOUT = layout_of(
    "European Commission",
    entity_id=("Entity_LogicalId",),
    name=("NameAlias_WholeName",),
    kind=("Entity_SubjectType", "Entity_SubjectType_ClassificationCode"),
    programmes=("Entity_Regulation_Programme",),
    date=("fileGenerationDate",),
    listed_on=("Entity_Regulation_EntryIntoForceDate",),
    reference=("Entity_Regulation_NumberTitle",),
    countries=("Citizenship_CountryIso2Code",),
)


def read_eu_list(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    records: int | None = None,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    The EU's consolidated list as a table of entities.

    Parameters
    ----------
    path : str or path
        XML, or csv with semicolons; plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    records : int, optional
        How many entities there must be.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        The table is described at :data:`risk.sources.entities.ENTITIES`: an entity's first row or first name, and the
        programmes and countries of all its rows. Further csv rows on an entity are ``scope.further_row`` in
        ``rejected``. ``listed_on`` is the day its (first) regulation entered into force. Counts are context, never a
        state's exposure.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = ("Entity_LogicalId;NameAlias_WholeName;Entity_SubjectType;Entity_Regulation_Programme\\n"
    ...         "13;Example Bank;enterprise;SYR\\n13;Bank of Example;enterprise;SYR\\n")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "eu.csv")
    ...     _ = file.write_text(text)
    ...     read_eu_list(file)
    Reading(2 rows of eu.csv read: 1 accepted, 1 rejected)
    """
    options = Options(
        errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, dayfirst=True, delimiter=";"
    )
    found = _of_xml(path, options) if is_xml(path) else _of_csv(path, options)
    found.fill("list", "EU")
    found.fill("action", "listed")
    reading = check_found(found, _LAYOUT, ENTITIES, options, first_row_rule)
    require_count(found.name, reading.table["entity_id"].nunique(), records)
    return reading


def _of_csv(path: str | PathLike[str], options: Options) -> Found:
    """A row on an entity that has no name of its own (an address, a birth date) is given none."""
    found = find_table(path, options)
    frame = found.grid.frame
    if {"Entity_LogicalId", "NameAlias_WholeName"} <= set(frame.columns):
        told = frame["NameAlias_WholeName"].where(frame["NameAlias_WholeName"] != "")
        first = told.groupby(frame["Entity_LogicalId"]).transform("first")
        frame["NameAlias_WholeName"] = told.fillna(first).fillna("").astype(object)
    return found


def _of_xml(path: str | PathLike[str], options: Options) -> Found:
    file = read_records(path, "export", {"sanctionEntity": _entity}, options)
    issued = file.attributes.get("generationDate", "")[:10]
    words = ("entity_id", "name", "kind", "programmes", "listed_on", "reference", "countries")
    made = [dict(zip(words, entity), date=issued) for entity in file.of("sanctionEntity")]
    return found_records(file.name, file.digest, made)


def _entity(record: Element) -> tuple[str, ...]:
    names = [alias.get("wholeName", "").strip() for alias in record.iterfind("nameAlias")]
    acts = list(record.iterfind("regulation"))
    kind = record.find("subjectType")
    citizen = [entry.get("countryIso2Code", "") for entry in record.iterfind("citizenship")]
    return (
        record.get("logicalId", ""),
        next(filter(None, names), ""),
        "" if kind is None else kind.get("code") or kind.get("classificationCode") or "",
        ";".join(dict.fromkeys(filter(None, (act.get("programme", "") for act in acts)))),
        acts[0].get("entryIntoForceDate", "")[:10] if acts else "",
        acts[0].get("numberTitle", "") if acts else "",
        ";".join(dict.fromkeys(filter(None, citizen))),
    )
