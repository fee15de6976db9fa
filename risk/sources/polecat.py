"""
POLECAT events in the PLOVER ontology: the yearly files ``ngecEvents.DV.<year>.txt`` and the weekly ones.

Documents: "POLECAT Weekly Data" (Scarborough and others, 2023, Harvard Dataverse, AJGVIT), "POLECAT/PLOVER
documentation" (LMFPIP) and the PLOVER manual (Open Event Data Alliance).

Quirks of the publisher, and what is done:

- Tabs, with header; ``None`` stands for an empty cell. Older files are not UTF-8: pass ``encoding="latin-1"``.
- Countries are ISO 3166-1 alpha-3 codes; a side with several (``USA;GBR``) is refused as ``scope.several``.
- ``Event Type`` (``CONSULT``), ``Event Mode`` (``visit``) and ``Contexts`` (``diplomatic;military``) together say what
  was done: the codebook maps the triple, the first known context deciding. Case is forgiven.
- An event's day may lie after its story (a visit announced): it counts from its own day.
- ``Event Intensity`` (in early files ``Intensity``) is not read: intensities are the codebook's.
- Deduplication is left to the user: see :mod:`risk.sources.told_once`; ``Source`` names the outlet.
"""

from __future__ import annotations

from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from risk.codebook import Codebook, load_codebook
from risk.events import EVENTS
from risk.reading import Options, Reading
from risk.sources.coded_events import Act, Party, agents, days_of, distinct, sides_of
from risk.sources.feed import Feed, Layout, open_feed
from risk.sources.told_once import Publisher, Told, events_told
from risk.states.book import open_book
from risk.states.text import keys_of

__all__ = ["read_polecat"]

LAYOUT = Layout(
    "POLECAT",
    {
        "record": ("Event ID", "#!Event ID"), "day": ("Event Date",), "event": ("Event Type",), "mode": ("Event Mode",),
        "contexts": ("Contexts",), "actor_country": ("Actor Country",), "actor_sector": ("Primary Actor Sector",),
        "recipient_country": ("Recipient Country",), "recipient_sector": ("Primary Recipient Sector",),
        "outlet": ("Source",), "published": ("Publication Date",),
    },
    optional=("outlet", "published"),
)  # fmt: skip


def read_polecat(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    actors: str = "state",
    merge: bool = True,
    confidence: float = 0.75,
    encoding: str = "utf-8",
    codebook: Codebook | None = None,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    POLECAT events between two states as a checked event table.

    Parameters
    ----------
    path : str or path
        Plain, gz or the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do with broken rows; ``scope.*`` and ``duplicate.*`` are counted in ``rejected`` and never raise.
    actors : {"state", "any"}
        Sides whose primary sector acts for the state (GOV, MIL, COP, JUD, LEG, SPY, or none given); or any.
    merge : bool
        Whether reports of the same sides, type and day become one event.
    confidence : float
        In one report. Our choice, not an estimate: that of one source in the ledger.
    encoding, codebook, max_rows, max_bytes
        As in :func:`risk.read_events`.

    Returns
    -------
    Reading
        The event table with ``code`` (event, mode, context as they decided) and ``n_reports`` (outlets) at the end;
        ids are ``polecat:<Event ID>``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> header = ["Event ID", "Event Date", "Event Type", "Event Mode", "Contexts", "Actor Country",
    ...           "Primary Actor Sector", "Recipient Country", "Primary Recipient Sector"]
    >>> row = ["7", "2020-02-03", "CONSULT", "visit", "diplomatic", "RUS", "GOV", "VEN", "GOV"]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "ngecEvents.DV.2020.txt")
    ...     _ = file.write_text("\\t".join(header) + "\\n" + "\\t".join(row) + "\\n")
    ...     read_polecat(file).table[["event_id", "actor", "event_type"]].to_numpy().tolist()
    [['polecat:7', 'RUS', 'diplomacy.minister_visit']]
    """
    if actors not in ("state", "any"):
        raise ValueError(f"actors must be 'state' or 'any', not {actors!r}")
    options = Options(
        errors=errors, encoding=encoding, codebook=codebook, max_rows=max_rows, max_bytes=max_bytes,
        before="predecessor",
    )  # fmt: skip
    feed = open_feed(path, LAYOUT, EVENTS, options)
    feed.policies |= {"actors": actors}
    day = days_of(feed, "day", "%Y-%m-%d", 10)
    known = _published(feed, day)
    kind, kinds = _acts(feed, codebook or load_codebook())
    sides = [
        sides_of(feed, side, [f"{side}_country", f"{side}_sector"], day, partial(_party, actors))
        for side in ("actor", "recipient")
    ]
    told = Told(
        day=day, known=known, actor=sides[0], recipient=sides[1], kind=kind, kinds=kinds, code=_written(feed),
        sources=np.ones(len(feed)), origin=feed.frame["outlet"] if feed.has("outlet") else None,
        record=feed.frame["record"],
    )  # fmt: skip
    return events_told(feed, told, Publisher("polecat", "POLECAT", "POLECAT Weekly Data", confidence, merge))


def _published(feed: Feed, day: np.ndarray) -> np.ndarray:
    """Day of the story where it is given and later than the event."""
    if not feed.has("published"):
        return day
    blank = feed.frame["published"].isin(["", "None"])
    feed.frame = feed.frame.assign(published=feed.frame["published"].mask(blank, feed.frame["day"]))
    return np.fmax(days_of(feed, "published", "%Y-%m-%d", 10), day)


def _said(text: str) -> str:
    return "" if text in ("None", "NULL") else text.strip()


def _acts(feed: Feed, codebook: Codebook) -> tuple[np.ndarray, list[Act]]:
    place, contents = distinct([feed.frame[name] for name in ("event", "mode", "contexts")])
    triples = [
        (_said(event).upper(), _said(mode).lower(), _said(context).lower())
        for event, mode, context in contents
    ]
    events, modes, contexts = (list(part) for part in zip(*triples)) if triples else ([], [], [])
    types, refused = codebook.from_plover(events, modes, contexts)
    columns = ("event", "mode", "context", "refusal")
    why = {tuple(row[:3]): row[3] for row in zip(*[refused[name] for name in columns])}
    known = {(event, mode) for event, mode in zip(codebook.plover["event"], codebook.plover["mode"])}
    acts = []
    for triple, kind in zip(triples, types):
        code = "scope.type" if triple[:2] in known else "scope.unknown_type"
        told = f"{'/'.join(filter(None, triple[:2]))}: {why.get(triple, '')}"
        acts.append(Act(str(kind)) if kind else Act("", False, code, told))
    return place, acts


def _written(feed: Feed) -> pd.Series:
    """Event and mode, as one text."""
    place, contents = distinct([feed.frame["event"], feed.frame["mode"]])
    texts = ["/".join(filter(None, map(_said, content))) for content in contents]
    return pd.Series(np.array(texts, dtype=object)[place], name="event").astype("str")


def _party(actors: str, country: str, sector: str) -> Party:
    country, sector = _said(country), _said(sector)
    if not country:
        return Party("", "scope.no_country", "no country is given")
    if ";" in country:
        return Party("", "scope.several", f"{country} are several states")
    if not any(key in open_book().names for key in keys_of(country)):
        return Party("", "scope.unknown_country", f"{country!r} is no country code we know")
    if actors == "state" and sector and sector.lower() not in agents("polecat"):
        return Party("", "scope.sub_state", f"{country} {sector} does not act for its state")
    return Party(country)
