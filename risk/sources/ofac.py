"""
The list of Specially Designated Nationals (SDN) of the US Treasury's Office of Foreign Assets Control, and its
changes.

Forms read: the XML (``sdnList``: ``sdnEntry`` records and a ``publshInformation`` with the day of publication and the
record count, so spelt), the csv without header in twelve columns (``-0-`` is an empty cell, several programmes are
joined by ``] [``, the file ends with a control-Z), both as in OFAC's "Data specification" of 2004 (updated 2023); the
same csv with a header; and changes by day with columns ``date_seen, action, ent_num, name, type, program``, where a
change of programme reads ``OLD => NEW``.
"""

from __future__ import annotations

from os import PathLike
from xml.etree.ElementTree import Element

import numpy as np
import pandas as pd

from risk.reading import Options, Reading
from risk.sources.entities import ENTITIES, entity_rule, found_records, layout_of, require_count
from risk.sources.feed import FeedError
from risk.sources.tables import Found, as_text, check_found, find_csv, first_line
from risk.sources.xml_records import is_xml, read_records, texts

__all__ = ["read_ofac"]

_LIST = "OFAC SDN"
_HEADER = (
    "ent_num", "name", "type", "program", "title", "call_sign", "vess_type", "tonnage", "grt", "vess_flag",
    "vess_owner", "remarks",
)  # fmt: skip
_ACTIONS = {"ADD": "added", "REMOVE": "removed", "PROGRAM_CHANGE": "changed", "CHANGE": "changed"}
_LAYOUT = layout_of(
    "OFAC", entity_id=("ent_num",), name=("sdn_name",), kind=("type", "sdn_type"), programmes=("program",),
    date=("date_seen",),
)  # fmt: skip


def read_ofac(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    records: int | None = None,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    The SDN list, or changes of it, as a table of entities.

    Parameters
    ----------
    path : str or path
        XML or csv, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    records : int, optional
        How many entries there must be. The XML's own count is always checked.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        The table is described at :data:`risk.sources.entities.ENTITIES`. Its counts are context
        (:func:`risk.sources.entities.count_entities`), never a state's exposure.

    Raises
    ------
    FeedError
        ``file.count`` where entries are lost; ``xml.*`` and ``file.*`` for the file; codes of cells.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "sdn.csv")
    ...     _ = file.write_text("ent_num,name,type,program\\n36,AEROCARIBBEAN AIRLINES,-0-,CUBA\\n")
    ...     read_ofac(file).table[["entity_id", "kind", "programmes", "action"]].to_numpy().tolist()
    [['36', 'entity', 'CUBA', 'listed']]
    """
    options = Options(
        errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes, dayfirst=False
    )
    found = _of_xml(path, options) if is_xml(path) else _of_csv(path, options)
    found.fill("list", _LIST)
    require_count(found.name, len(found.grid.rows) + len(found.grid.faults), records)
    return check_found(found, _LAYOUT, ENTITIES, options, entity_rule)


def _of_xml(path: str | PathLike[str], options: Options) -> Found:
    takes = {"sdnEntry": _entry, "publshInformation": _publication}
    try:
        file = read_records(path, "sdnList", takes, options)
    except FeedError as reason:
        advice = "; of OFAC's files SDN.XML and SDN.CSV are read, not the advanced and enhanced ones"
        raise FeedError(f"{reason}{advice}", reason.code) if reason.code == "xml.root" else reason from None
    entries = file.of("sdnEntry")
    issued, count = (file.of("publshInformation") or [("", "")])[0]
    if not count.isdigit():
        raise FeedError(f"{file.name} does not say how many entries it has (Record_Count)", "file.count")
    require_count(file.name, len(entries), int(count))
    words = ("entity_id", "name", "kind", "programmes", "countries")
    made = [dict(zip(words, entry), action="listed", date=issued) for entry in entries]
    return found_records(file.name, file.digest, made)


def _publication(record: Element) -> tuple[str, str]:
    return (record.findtext("Publish_Date") or "").strip(), (record.findtext("Record_Count") or "").strip()


def _entry(record: Element) -> tuple[str, ...]:
    last, first = texts(record, "lastName"), texts(record, "firstName")
    countries = [
        *texts(record, "nationalityList/nationality/country"),
        *texts(record, "addressList/address/country"),
    ]
    return (
        (record.findtext("uid") or "").strip(),
        ", ".join([*last, *first]),
        (record.findtext("sdnType") or "").strip(),
        ";".join(texts(record, "programList/program")),
        ";".join(dict.fromkeys(countries)),
    )


def _of_csv(path: str | PathLike[str], options: Options) -> Found:
    found = find_csv(path, options, _with_header)
    frame = found.grid.frame
    if "program" in frame:
        _split_programmes(frame)
    if "action" in frame:
        if "date_seen" not in frame and "date" not in frame:
            told = f"changes of the list need a column date_seen; found {', '.join(map(str, frame.columns))}"
            raise FeedError(told, "column.missing", None, "date_seen")
        frame["action"] = frame["action"].map(lambda cell: _ACTIONS.get(str(cell).strip().upper(), cell))
    else:
        found.fill("action", "listed")
    return found


def _with_header(text: str) -> tuple[str, int]:
    """The published csv has no header and ends with control-Z; a re-export has a header."""
    table = text.removesuffix("\n").removesuffix("\r").removesuffix("\x1a")
    first, _ = first_line(table)
    if {cell.strip().lower() for cell in first} & {*_HEADER[:4], "sdn_name", "action", "entity_id"}:
        return table, 0
    if len(first) != len(_HEADER):
        message = (
            f"the SDN list has a header or {len(_HEADER)} columns; this file has neither, but {len(first)}"
        )
        raise FeedError(message, "file.columns")
    return ",".join(_HEADER) + "\n" + table, -1


def _split_programmes(frame: pd.DataFrame) -> None:
    codes, cells = pd.factorize(as_text(frame["program"]))
    plain = [str(cell).replace("-0-", "").replace("] [", ";").strip() for cell in cells]
    pairs = [cell.rpartition(" => ")[::2] for cell in plain]
    for name, place in (("programmes_before", 0), ("program", 1)):
        frame[name] = np.array([pair[place] for pair in pairs], dtype=object)[codes]
