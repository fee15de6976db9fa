"""
Phoenix events: the daily files of the Open Event Data Alliance (2014 on), and the Cline Center's historical ones.

Documents: "Phoenix Event Data Set Documentation" (Schrodt, Open Event Data Alliance) and "Cline Center Historical
Phoenix Event Data" (Althaus, Bajjalieh, Carter, Peyton and Shalmon, University of Illinois).

Quirks of the publisher, and what is done:

- Daily files: tabs, no header, 26 columns. Historical ones: commas, header (``eid``, ``story_date``, ...).
- An actor is one text of three-letter CAMEO codes put together: ``SYRREB`` is Syrian rebels, ``USAGOV`` the US
  government, ``IGOUNO`` the United Nations. The documentation and the files disagree on which of the split columns
  holds the country, so only the full text is read: country first, then the role.
- The day is taken from ``Year``, ``Month`` and ``Day``: the written dates have three forms.
- CAMEO codes are text. Where an export lost the leading zero, the root code tells: ``10`` with root ``01`` is ``010``.
- The Goldstein score of the file is not read: intensities are the codebook's.
"""

from __future__ import annotations

from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.events import EVENTS
from risk.reading import Options, Reading
from risk.sources.coded_events import (
    Act,
    Party,
    acts_of_cameo,
    agents,
    countries,
    days_of,
    distinct,
    sides_of,
)
from risk.sources.feed import Feed, Layout, open_feed
from risk.sources.told_once import Publisher, Told, events_told

__all__ = ["read_phoenix"]

_DAILY = {
    "record": 0, "year": 2, "month": 3, "day_of_month": 4, "actor": 5, "recipient": 9, "code": 13, "root": 14,
    "url": 24, "outlets": 25,
}  # fmt: skip
LAYOUT = Layout(
    "Phoenix",
    {
        "record": ("eid", "EventID"), "year": ("year",), "month": ("month",), "day_of_month": ("day",),
        "actor": ("source", "SourceActorFull"), "recipient": ("target", "TargetActorFull"),
        "code": ("code", "EventCode"), "root": ("root_code", "EventRootCode"), "url": ("URLs",),
        "outlets": ("process", "NewsSources"),
    },
    optional=("url", "outlets"),
    positions={26: _DAILY},
)  # fmt: skip


def read_phoenix(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    actors: str = "state",
    merge: bool = True,
    confidence: float = 0.5,
    encoding: str = "utf-8",
    codebook: Codebook | None = None,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    Phoenix events between two states as a checked event table.

    Parameters
    ----------
    path : str or path
        A daily file (tabs, 26 columns) or a historical one (commas, header); plain, gz or zip.
    errors : {"raise", "quarantine"}
        What to do with broken rows; ``scope.*`` and ``duplicate.*`` are counted in ``rejected`` and never raise.
    actors : {"state", "any"}
        Sides that act for their state (no role, or GOV, MIL, SPY, COP, JUD, LEG); or any with a country.
    merge : bool
        Whether reports of the same sides, type and day become one event.
    confidence : float
        In one report. Our choice, not an estimate: dictionary-coded, unchecked, so half that of a certain event.
    encoding, codebook, max_rows, max_bytes
        As in :func:`risk.read_events`.

    Returns
    -------
    Reading
        The event table with ``code`` (CAMEO) and ``n_reports`` at the end; ids are ``phoenix:<event id>``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "PhoenixNYT.csv")
    ...     _ = file.write_text("eid,year,month,day,source,target,code,root_code\\n"
    ...                         "NYT1,1999,3,24,USAMIL,SRB,195,19\\n")
    ...     read_phoenix(file).table[["event_id", "recipient", "event_type"]].to_numpy().tolist()
    [['phoenix:NYT1', 'YUG', 'force.strike']]
    """
    if actors not in ("state", "any"):
        raise ValueError(f"actors must be 'state' or 'any', not {actors!r}")
    options = Options(
        errors=errors, encoding=encoding, codebook=codebook, max_rows=max_rows, max_bytes=max_bytes,
        before="predecessor",
    )  # fmt: skip
    feed = open_feed(path, LAYOUT, EVENTS, options)
    feed.policies |= {"actors": actors}
    day = _days(feed)
    kind, kinds, code = _acts(feed, codebook or load_codebook())
    sides = [sides_of(feed, side, [side], day, partial(_party, actors)) for side in ("actor", "recipient")]
    told = Told(
        day=day, known=day, actor=sides[0], recipient=sides[1], kind=kind, kinds=kinds, code=code,
        sources=np.ones(len(feed)), origin=feed.frame["outlets"] if feed.has("outlets") else None,
        record=feed.frame["record"], url=_first_address(feed),
    )  # fmt: skip
    return events_told(feed, told, Publisher("phoenix", "Phoenix", "Phoenix Event Data", confidence, merge))


def _days(feed: Feed) -> np.ndarray:
    parts = [feed.frame[name] for name in ("year", "month", "day_of_month")]
    place, contents = distinct(parts)
    texts = ["-".join([year, month.zfill(2), day.zfill(2)]) for year, month, day in contents]
    feed.frame = feed.frame.assign(day=pd.Series(np.array(texts, dtype=object)[place]).astype("str"))
    return days_of(feed, "day", "%Y-%m-%d", 10)


def _first_address(feed: Feed) -> pd.Series | None:
    if not feed.has("url"):
        return None
    place, texts = pd.factorize(feed.frame["url"])
    firsts = [str(text).split(";", 1)[0] for text in texts]
    return pd.Series(np.array(firsts, dtype=object)[place])


def _acts(feed: Feed, codebook: Codebook) -> tuple[np.ndarray, list[Act], pd.Series]:
    place, contents = distinct([feed.frame["code"], feed.frame["root"]])
    codes = [_restored(code, root) for code, root in contents]
    lost = np.array([made != code for made, (code, _) in zip(codes, contents)], dtype=bool)
    feed.note("code.zeros", int(lost[place].sum()), "CAMEO codes had lost a zero; the root code restored it")
    code = pd.Series(np.array(codes, dtype=object)[place], name="code").astype("str")
    return place, acts_of_cameo(codes, codebook), code


def _restored(code: str, root: str) -> str:
    """
    A CAMEO code from what was written and its root.

    Examples
    --------
    >>> _restored("10", "1"), _restored("10", "10"), _restored("040", "04")
    ('010', '10', '040')
    """
    whole = root.zfill(2)
    return f"0{code}" if not code.startswith(whole) and f"0{code}".startswith(whole) else code


def _party(actors: str, text: str) -> Party:
    known, country, roles = countries("cameo"), text[:3], [text[at : at + 3] for at in range(3, len(text), 3)]
    if not text.strip("-"):
        return Party("", "scope.no_actor", "no one is named")
    if country in ("IGO", "IMG", "NGO", "NGM", "MNC", "INT"):
        return Party("", "scope.organisation", f"{text} is no state")
    if country.startswith("---") or country.lower() in agents("cameo"):
        return Party("", "scope.no_country", f"{text} has no country")
    if country not in known:
        return Party("", "scope.unknown_country", f"{country!r} is no CAMEO country code")
    if not known[country]:
        return Party("", "scope.region", f"{country} is a region or city")
    if actors == "state" and roles and roles[0].lower() not in agents("cameo"):
        return Party("", "scope.sub_state", f"{text} does not act for its state")
    return Party(known[country])
