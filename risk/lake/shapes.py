"""The shapes an event lake comes in: GDELT's columns, our event table's, and what both have in common."""

from __future__ import annotations

from collections.abc import Collection

__all__ = ["DAY", "EVENT_COLUMNS", "GDELT_1", "GDELT_2", "REFUSED", "LakeError", "shape_of"]


class LakeError(ValueError):
    """A lake that cannot be reduced as it is: what is wrong, where, and what to do."""


REFUSED = 1e300
"""Weight of a row that cannot be used: finite on every engine, and more than the rows of any lake add up to."""

DAY = (
    "^(?:(?:18|19|20)[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
    "|02(?:0[1-9]|1[0-9]|2[0-8]))|(?:(?:18|19|20)(?:0[48]|[2468][048]|[13579][26])|2000)0229)$"
)
"""A day of 1800 to 2099 as eight digits, leap days told apart: one pattern that every engine reads alike."""

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code",
    "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_PLACE = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")


def _gdelt(place: tuple[str, ...]) -> tuple[str, ...]:
    actors = [f"Actor{side}{name}" for side in (1, 2) for name in _ACTOR]
    places = [f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in place]
    return (
        "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *actors, "IsRootEvent", "EventCode",
        "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources",
        "NumArticles", "AvgTone", *places, "DATEADDED", "SOURCEURL",
    )  # fmt: skip


GDELT_1 = _gdelt(tuple(name for name in _PLACE if name != "ADM2Code"))
"""The 58 columns of a GDELT 1.0 daily event file, in their order; the file has no header."""

GDELT_2 = _gdelt(_PLACE)
"""The 61 columns of a GDELT 2.0 event file, in their order; the file has no header."""

EVENT_COLUMNS = ("date", "actor", "recipient", "event_type")
"""What a lake in the columns of our event table must have."""

_NEEDED = {
    "gdelt": ("SQLDATE", "Actor1CountryCode", "Actor2CountryCode", "EventCode"),
    "events": EVENT_COLUMNS,
}


def shape_of(columns: Collection[str]) -> str:
    """
    Which shape a lake with these columns has: ``"gdelt"`` or ``"events"``.

    Raises
    ------
    LakeError
        If it is neither; names what the nearest shape would need.

    Examples
    --------
    >>> shape_of(GDELT_2), shape_of(["event_type", "actor", "recipient", "date", "title"])
    ('gdelt', 'events')
    """
    missing = {shape: [name for name in needed if name not in columns] for shape, needed in _NEEDED.items()}
    nearest = min(missing, key=lambda shape: len(missing[shape]))
    if missing[nearest]:
        raise LakeError(
            f"columns missing from the lake: {', '.join(missing[nearest])}; it has {', '.join(columns)}. "
            f"A lake has the event table's {', '.join(EVENT_COLUMNS)}, or GDELT's names"
        )
    return nearest
