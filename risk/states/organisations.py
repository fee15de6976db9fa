"""Organisations and their dated members."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from risk.datasets import read_text_table
from risk.days import FAR, day_number
from risk.states.book import known_actor, on_day
from risk.states.errors import StateError

__all__ = ["load_organisations", "members", "organisations_of"]


def load_organisations() -> pd.DataFrame:
    """
    Memberships of organisations, one row per member and spell.

    Returns
    -------
    pandas.DataFrame
        All text: ``org, name, member, start, end, start_precision, end_precision, note, source``; spells are
        half-open and an empty ``end`` means still a member. A fresh copy at each call.

    Examples
    --------
    >>> table = load_organisations()
    >>> table.loc[(table["org"] == "EU") & (table["member"] == "GBR"), ["start", "end"]].to_numpy().tolist()
    [['1973-01-01', '2020-02-01']]
    """
    return _memberships().copy()


@lru_cache(maxsize=1)
def _memberships() -> pd.DataFrame:
    table = read_text_table("organisations", "members.csv")
    names = read_text_table("organisations", "organisations.csv").set_index("code")["name"]
    table.insert(1, "name", table["org"].map(names))
    return table


@lru_cache(maxsize=1)
def _spells_by_organisation() -> dict[str, list[tuple[str, int, int]]]:
    table = _memberships()
    spells: dict[str, list[tuple[str, int, int]]] = {org: [] for org in table["org"].unique()}
    for org, member, start, end in table[["org", "member", "start", "end"]].itertuples(index=False):
        spells[org].append((member, day_number(start), day_number(end) if end else FAR))
    return spells


def members(org: str, on: object) -> tuple[str, ...]:
    """
    Codes of the members of an organisation on a day, in order of the alphabet.

    Raises
    ------
    StateError
        If ``org`` is not the code of an organisation.

    Examples
    --------
    >>> members("EAEU", on="2020-01-01")
    ('ARM', 'BLR', 'KAZ', 'KGZ', 'RUS')
    >>> len(members("EU", on="2019-01-01")), len(members("EU", on="2021-01-01"))
    (28, 27)
    """
    day = _required(on)
    if org not in _spells_by_organisation():
        known = ", ".join(sorted(_spells_by_organisation()))
        raise StateError(f"{org!r} is not an organisation of ours ({known}).", "state.unknown")
    return tuple(sorted({code for code, start, end in _spells_by_organisation()[org] if start <= day < end}))


def organisations_of(state: str, on: object) -> tuple[str, ...]:
    """
    Codes of the organisations of which a state was a member on a day.

    Raises
    ------
    StateError
        If ``state`` is not a code of ours.

    Examples
    --------
    >>> organisations_of("VEN", on="2015-01-01")
    ('ALBA', 'MERCOSUR', 'OAS', 'OPEC', 'UN')
    """
    day = _required(on)
    code = known_actor(state).code
    return tuple(
        org
        for org, spells in sorted(_spells_by_organisation().items())
        if any(member == code and start <= day < end for member, start, end in spells)
    )


def _required(on: object) -> int:
    day = on_day(on)
    if day is None:
        raise StateError("on: None is not a day; memberships are dated, write YYYY-MM-DD", "date.invalid")
    return day
