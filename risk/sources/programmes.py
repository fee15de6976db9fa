"""
OpenSanctions' table of sanctions programmes: who issues which programme against whom, with which kinds of measures.

Columns ``key, title, issuer, status, target_territories, measures, aliases, url``. Territories are lower-case ISO
3166-1 alpha-2 codes and some of OpenSanctions' own: ``ua-cri``, ``ua-dpr``, ``ua-lpr`` (occupied parts of Ukraine),
``md-pmr`` (Transnistria), ``csxx`` (Serbia and Montenegro), ``yucs`` (Yugoslavia), ``zz`` (the whole world: a
programme on a theme), ``ip`` (international). A programme is no measure: it has no days, so it is context and a
check, not exposure.
"""

from __future__ import annotations

from os import PathLike

import numpy as np
import pandas as pd

from risk.reading import Column, Draft, Options, Reading, Schema
from risk.sources.feed import Layout
from risk.sources.tables import check_found, find_table
from risk.states import StateError, resolve_state

__all__ = ["PROGRAMMES", "read_programmes"]

PROGRAMMES = Schema(
    columns=(
        Column("programme", "code", required=True, blank=False),
        Column("title", required=True, blank=False),
        Column("issuer", "code", required=True, blank=False),
        Column("status", "code"),
        Column("territories", "code", required=True),
        Column("measures"),
        Column("aliases"),
        Column("url"),
    ),
    key=("programme",),
    noun="programmes",
    reader="read_programmes",
)
_LAYOUT = Layout(
    "OpenSanctions",
    {
        "programme": ("key",),
        "title": ("title",),
        "issuer": ("issuer",),
        "status": ("status",),
        "territories": ("target_territories",),
        "measures": ("measures",),
        "aliases": ("aliases",),
        "url": ("url",),
    },
    optional=("status", "measures", "aliases", "url"),
)
_OWN = {"ua-cri": "UA-43", "ua-dpr": "UA-14", "ua-lpr": "UA-09", "csxx": "SCG", "yucs": "YUG"}
_EVERYWHERE = {"zz", "ip"}
_SENDERS = {"us": "USA", "eu": "EU", "gb": "GBR", "un": "UN"}


def read_programmes(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    encoding: str = "utf-8",
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Sanctions programmes with their targets as our codes.

    Parameters
    ----------
    path : str or path
        csv, plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do about broken rows.
    encoding : str
        Of a text file.
    max_rows, max_bytes : int
        Caps on rows, and on the file packed and unpacked.

    Returns
    -------
    Reading
        ``programme, title, issuer, status, territories`` (as published), ``measures, aliases, url, sender`` (our
        code of the issuer's state or organisation, empty where we have none), ``targets`` (our codes, ``;`` between
        them; empty for a programme on a theme). Territories that we have no code for are in ``report.unmapped``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> text = "key,title,issuer,target_territories\\nEU-BLR,Belarus,eu_council,by\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "programmes.csv")
    ...     _ = file.write_text(text)
    ...     read_programmes(file).table[["programme", "sender", "targets"]].to_numpy().tolist()
    [['EU-BLR', 'EU', 'BLR']]
    """
    options = Options(errors=errors, encoding=encoding, max_rows=max_rows, max_bytes=max_bytes)
    return check_found(find_table(path, options), _LAYOUT, PROGRAMMES, options, _targets)


def _targets(draft: Draft) -> None:
    codes, lists = pd.factorize(draft.columns["territories"])
    counts = np.bincount(codes, minlength=len(lists))
    found = []
    for territories, count in zip(lists, counts):
        targets = [_target(draft, code, int(count)) for code in str(territories).split(";") if code]
        found.append(";".join(sorted(set(filter(None, targets)))))
    issuers = draft.columns["issuer"].str.replace("_.*", "", regex=True)
    draft.columns["sender"] = issuers.map({code: _sender(code) for code in issuers.unique()}).astype("str")
    draft.columns["targets"] = pd.Series(pd.Series(found, dtype="str").array.take(codes))


def _target(draft: Draft, code: str, count: int) -> str:
    if code in _EVERYWHERE:
        return ""
    try:
        return _OWN[code] if code in _OWN else resolve_state(code.upper())
    except StateError:
        draft.unmapped["territories", code] = draft.unmapped.get(("territories", code), 0) + count
        return ""


def _sender(issuer: str) -> str:
    try:
        return _SENDERS[issuer] if issuer in _SENDERS else resolve_state(issuer.upper())
    except StateError:
        return ""
