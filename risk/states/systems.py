"""Which naming system a column is written in, and whether it is one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import pandas as pd

from risk.states.book import load_states, open_book
from risk.states.errors import StateError
from risk.states.text import is_number, key

__all__ = ["detect_system", "require_one_system"]


def detect_system(values: Iterable[object]) -> pd.DataFrame:
    """
    What each distinct cell of a column looks like.

    Parameters
    ----------
    values : array-like
        Codes, names or numbers.

    Returns
    -------
    pandas.DataFrame
        One row per distinct cell: ``value``; ``n``, how often it occurs; ``first_row``; ``looks_like``, the
        systems in which it means something, ``;``-separated: ``iso2, iso3, own`` (codes of ours that ISO does
        not have), ``organisation, name, cow, gw, iso_numeric``, or ``unknown``.

    Examples
    --------
    >>> detect_system(["US", "USA", "002"])[["value", "looks_like"]].to_numpy().tolist()
    [['US', 'iso2'], ['USA', 'iso3'], ['002', 'cow;gw']]
    """
    codes, distinct = pd.factorize(pd.Series(values, dtype=object), use_na_sentinel=False)
    rows = pd.Series(range(len(codes))).groupby(codes)
    looks = [";".join(_systems(value)) or "unknown" for value in distinct]
    counted = {"n": rows.size().to_numpy(), "first_row": rows.min().to_numpy()}
    return pd.DataFrame({"value": distinct, **counted, "looks_like": looks})


def require_one_system(values: Iterable[object]) -> str:
    """
    The system of a column in which every cell means something.

    Returns
    -------
    systems : str
        ``;``-separated, as in :func:`detect_system`: most numbers mean the same in ``cow`` and ``gw``.

    Raises
    ------
    StateError
        ``state.mixed_systems``, naming which rows look like which system.

    Examples
    --------
    >>> require_one_system(["USA", "CUB"])
    'iso3'
    """
    found = detect_system(values)
    shared = [set(looks.split(";")) for looks in found["looks_like"] if looks != "unknown"]
    common = set.intersection(*shared) if shared else set()
    if common and len(shared) == len(found):
        return ";".join(sorted(common))
    told = "; ".join(f"{looks}: {_places(rows)}" for looks, rows in found.groupby("looks_like", sort=False))
    message = f"the column mixes systems of codes. {told}. Write all in one system."
    raise StateError(message, "state.mixed_systems")


def _places(rows: pd.DataFrame) -> str:
    shown = [f"row {row} ({value})" for row, value in zip(rows["first_row"][:3], rows["value"][:3])]
    return ", ".join(shown) + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")


def _systems(value: object) -> list[str]:
    text = str(value).strip() if isinstance(value, str) or is_number(value) else ""
    digits = text[:-2] if text.endswith(".0") else text
    if digits.isascii() and digits.isdigit():
        return _numeric(digits, is_number(value))
    book, word = open_book(), key(text)
    meant = book.names.get(word, ())
    if any(book.actors[code].status == "organisation" for code in meant):
        return ["organisation"]
    found = [system for system, codes in _letter_codes().items() if word in codes]
    return found or (["name"] if meant else [])


@lru_cache(maxsize=1)
def _letter_codes() -> dict[str, frozenset[str]]:
    table = load_states()
    codes = {column: frozenset(map(key, filter(None, table[column]))) for column in ("iso2", "iso3")}
    return codes | {"own": frozenset(map(key, table.loc[table["iso3"] == "", "code"]))}


def _numeric(digits: str, is_int: bool) -> list[str]:
    numbers = open_book().numbers
    found = [system for system in ("cow", "gw") if int(digits) in numbers[system]]
    if int(digits) in numbers["iso"] and (is_int or len(digits) == 3):
        found.append("iso_numeric")
    return found
