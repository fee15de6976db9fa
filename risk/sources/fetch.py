"""
Files of publishers, by name: ``fetch_<source>()`` gives the path of a checked copy in the cache.

Only these functions touch the network, and only when called. The copy is counted with its own reader before it replaces
the last good one (:mod:`risk.sources.copies`). Where a publisher has no lasting address, the user gives it.
"""

from __future__ import annotations

import os
from pathlib import Path

from risk.sources.copies import FetchError, cache_folder, fetch_file, place_of

__all__ = [
    "FetchError", "cache_folder", "fetch_eu_list", "fetch_file", "fetch_ofac", "fetch_uk_list", "fetch_un_list",
    "place_of",
]  # fmt: skip

OFAC_URL = "https://www.treasury.gov/ofac/downloads/sdn.xml"
UN_URL = "https://scsanctions.un.org/resources/xml/en/consolidated.xml"
UK_URL = "https://sanctionslist.fcdo.gov.uk/docs/UK-Sanctions-List.xml"


def fetch_ofac(
    url: str = OFAC_URL, *, cache: str | os.PathLike[str] | None = None, refresh: bool = False,
    hosts: tuple[str, ...] = ("sanctionslistservice.ofac.treas.gov",), least: int = 5000, progress: bool = True,
) -> Path:  # fmt: skip
    """
    The SDN list as XML; every entry that it says it has must be there.

    Parameters
    ----------
    url : str
        The Treasury's address.
    cache, refresh, hosts, least, progress
        As in :func:`~risk.sources.copies.fetch_file`.

    Returns
    -------
    pathlib.Path
        For :func:`risk.sources.read_ofac`.
    """
    return fetch_file(
        "ofac-sdn.xml", url, count=_count_ofac, least=least, hosts=hosts, cache=cache, refresh=refresh,
        progress=progress,
    )  # fmt: skip


def fetch_un_list(
    url: str = UN_URL, *, cache: str | os.PathLike[str] | None = None, refresh: bool = False,
    hosts: tuple[str, ...] = (), least: int = 500, progress: bool = True,
) -> Path:  # fmt: skip
    """
    The Security Council's consolidated list as XML, for :func:`risk.sources.read_un_list`; arguments as in
    :func:`fetch_ofac`.
    """
    return fetch_file(
        "un-list.xml",
        url,
        count=_count_un,
        least=least,
        hosts=hosts,
        cache=cache,
        refresh=refresh,
        progress=progress,
    )


def fetch_eu_list(
    url: str, *, cache: str | os.PathLike[str] | None = None, refresh: bool = False,
    hosts: tuple[str, ...] = (), least: int = 1000, progress: bool = True,
) -> Path:  # fmt: skip
    """
    The EU's consolidated list as XML, for :func:`risk.sources.read_eu_list`; arguments as in :func:`fetch_ofac`.

    The Commission gives each user an address with a token of their own; pass it as ``url``.
    """
    return fetch_file(
        "eu-list.xml",
        url,
        count=_count_eu,
        least=least,
        hosts=hosts,
        cache=cache,
        refresh=refresh,
        progress=progress,
    )


def fetch_uk_list(
    url: str = UK_URL, *, cache: str | os.PathLike[str] | None = None, refresh: bool = False,
    hosts: tuple[str, ...] = (), least: int = 1000, progress: bool = True,
) -> Path:  # fmt: skip
    """
    The UK Sanctions List as XML, for :func:`risk.sources.read_uk_list`; arguments as in :func:`fetch_ofac`.

    An ``url`` that ends in ``.csv`` fetches a list in that form.
    """
    return fetch_file(
        "uk-list.csv" if url.lower().endswith(".csv") else "uk-list.xml",
        url,
        count=_count_uk,
        least=least,
        hosts=hosts,
        cache=cache,
        refresh=refresh,
        progress=progress,
    )


def _count_ofac(file: Path) -> int:
    from risk.sources.ofac import read_ofac

    return len(read_ofac(file, errors="quarantine").table)


def _count_un(file: Path) -> int:
    from risk.sources.un_list import read_un_list

    return len(read_un_list(file, errors="quarantine").table)


def _count_eu(file: Path) -> int:
    from risk.sources.eu_list import read_eu_list

    return len(read_eu_list(file, errors="quarantine").table)


def _count_uk(file: Path) -> int:
    from risk.sources.uk_list import read_uk_list

    return len(read_uk_list(file, errors="quarantine").table)
