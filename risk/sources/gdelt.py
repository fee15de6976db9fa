"""
GDELT event files, 1.0 (58 columns) and 2.0 (61 columns).

Documents: "GDELT Data Format Codebook V 2.0" (GDELT Project, 2015) and "GDELT Data Format Codebook V 1.03" (2013).

Quirks of the publisher, and what is done:

- No header; tabs; the file ``....export.CSV`` is not comma-separated. A header (as BigQuery exports have) is read too.
- Version 2.0 adds ``Actor1Geo_ADM2Code``, ``Actor2Geo_ADM2Code`` and ``ActionGeo_ADM2Code``; ``DATEADDED`` is a day in
  1.0 and a time (UTC) in 2.0. It is the day an event became known. Files of before April 2013 have 57 columns, without
  ``SOURCEURL``.
- Countries of actors are CAMEO codes (``ROM``, ``TMP``, ``MTN``), countries of places FIPS 10-4 codes: ``CH`` is China,
  ``AU`` Austria. ``EUR`` and the like are regions. Neither is ISO.
- CAMEO codes of acts are text: ``010`` is not ``10``.
- One event has one row per 15 minutes in which it was met anew, so the same act returns under new ids (see
  :mod:`risk.sources.told_once`). ``NumSources`` counts sources; copies of a wire are more articles, not more sources.
- ``GoldsteinScale`` (GDELT's own table) is not read: intensities are the codebook's, whose scale ``goldstein`` is
  that same table, and the other published table differs on 016, 022, 164 and 165.
- Rows added a year late about "a year ago" carry the older ``SQLDATE``: the day of knowledge stays the late one.
"""

from __future__ import annotations

from functools import partial
from os import PathLike

import numpy as np
import pandas as pd

from risk.codebook import Codebook
from risk.events import EVENTS
from risk.reading import Options, Reading
from risk.sources.coded_events import Party, agents, cameo_acts, countries, days_of, sides_of
from risk.sources.feed import Feed, Layout, open_feed
from risk.sources.told_once import Publisher, Told, events_told

__all__ = ["read_gdelt"]

_FIRST = {
    "record": 0, "day": 1, "actor": 5, "actor_country": 7, "actor_group": 8, "actor_role": 12, "recipient": 15,
    "recipient_country": 17, "recipient_group": 18, "recipient_role": 22, "code": 26, "sources": 32,
}  # fmt: skip
_PLACES = {
    57: {"actor_place": 37, "recipient_place": 44, "added": 56},
    58: {"actor_place": 37, "recipient_place": 44, "added": 56, "url": 57},
    61: {"actor_place": 37, "recipient_place": 45, "added": 59, "url": 60},
}
_SPELLINGS = {
    "record": ("GLOBALEVENTID",), "day": ("SQLDATE", "Day"), "actor": ("Actor1Code",),
    "actor_country": ("Actor1CountryCode",), "actor_group": ("Actor1KnownGroupCode",),
    "actor_role": ("Actor1Type1Code",), "recipient": ("Actor2Code",), "recipient_country": ("Actor2CountryCode",),
    "recipient_group": ("Actor2KnownGroupCode",), "recipient_role": ("Actor2Type1Code",), "code": ("EventCode",),
    "sources": ("NumSources",), "actor_place": ("Actor1Geo_CountryCode",),
    "recipient_place": ("Actor2Geo_CountryCode",), "added": ("DATEADDED",), "url": ("SOURCEURL",),
}  # fmt: skip
LAYOUT = Layout(
    "GDELT",
    _SPELLINGS,
    optional=("url",),
    positions={width: _FIRST | more for width, more in _PLACES.items()},
)


def read_gdelt(
    path: str | PathLike[str],
    errors: str = "raise",
    *,
    actors: str = "state",
    fill_country: bool = False,
    merge: bool = True,
    confidence: float = 0.5,
    encoding: str = "utf-8",
    codebook: Codebook | None = None,
    max_rows: int = 20_000_000,
    max_bytes: int = 2**31,
) -> Reading:
    """
    GDELT events between two states as a checked event table.

    Parameters
    ----------
    path : str or path
        ``....export.CSV``, plain, gz or as the one file of a zip.
    errors : {"raise", "quarantine"}
        What to do with broken rows. Rows outside our scope (``scope.*``) and reports told before (``duplicate.*``)
        are counted in ``rejected`` and never raise: :mod:`risk.sources.coded_events` lists the codes.
    actors : {"state", "any"}
        Sides that act for their state (no role, or GOV, MIL, SPY, COP, JUD, LEG); or any with a country.
    fill_country : bool
        Whether a side that acts for a state GDELT does not name (``GOV``) takes the country of its own place (FIPS).
    merge : bool
        Whether reports of the same sides, type and day become one event.
    confidence : float
        In one report. Our choice, not an estimate: dictionary-coded, unchecked, so half that of a certain event.
    encoding, codebook, max_rows, max_bytes
        As in :func:`risk.read_events`.

    Returns
    -------
    Reading
        The event table with ``code`` (CAMEO) and ``n_reports`` (independent sources by the first day) at the end;
        ids are ``gdelt:<GLOBALEVENTID>``.

    Raises
    ------
    FeedError

    Examples
    --------
    >>> import tempfile, pathlib
    >>> cells = [""] * 58
    >>> for place, text in {0: "1", 1: "20140301", 5: "RUS", 7: "RUS", 15: "UKRGOV", 17: "UKR", 22: "GOV", 26: "130",
    ...                     32: "1", 56: "20140302"}.items():
    ...     cells[place] = text
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "20140302.export.CSV")
    ...     _ = file.write_text("\\t".join(cells) + "\\n")
    ...     read_gdelt(file).table[["event_id", "actor", "recipient", "event_type"]].to_numpy().tolist()
    [['gdelt:1', 'RUS', 'UKR', 'pressure.threat']]
    """
    if actors not in ("state", "any"):
        raise ValueError(f"actors must be 'state' or 'any', not {actors!r}")
    options = Options(
        errors=errors, encoding=encoding, codebook=codebook, max_rows=max_rows, max_bytes=max_bytes,
        before="predecessor",
    )  # fmt: skip
    feed = open_feed(path, LAYOUT, EVENTS, options)
    feed.policies |= {"actors": actors, "fill_country": str(fill_country)}
    day = days_of(feed, "day", "%Y%m%d", 8)
    known = days_of(feed, "added", "%Y%m%d", 8)
    kind, kinds = cameo_acts(feed, "code", codebook)
    told = Told(
        day=day,
        known=np.maximum(known, day),
        actor=_side(feed, "actor", day, actors, fill_country),
        recipient=_side(feed, "recipient", day, actors, fill_country),
        kind=kind,
        kinds=kinds,
        code=feed.frame["code"],
        sources=_sources(feed),
        record=feed.frame["record"],
        url=feed.frame["url"] if feed.has("url") else None,
    )
    return events_told(
        feed, told, Publisher("gdelt", "GDELT Project", "GDELT Event Database", confidence, merge)
    )


def _side(feed: Feed, side: str, day: np.ndarray, actors: str, fill: bool) -> np.ndarray:
    columns = [f"{side}_country", f"{side}_group", f"{side}_role"]
    frame = feed.frame
    if fill:
        states = countries("fips")
        blank = frame[columns[0]] == ""
        place = frame[f"{side}_place"].map(states).fillna("")
        acts = (frame[columns[1]] == "") & frame[columns[2]].str.lower().isin(agents("cameo"))
        takes = blank & (place != "") & acts
        feed.frame = frame.assign(**{columns[0]: frame[columns[0]].mask(takes, place)})
        feed.note("actor.place", int(takes.sum()), "sides took the country of their place", side)
    return sides_of(feed, side, columns, day, partial(_party, actors))


def _party(actors: str, country: str, group: str, role: str) -> Party:
    known = countries("cameo")
    if not country:
        if group:
            return Party("", "scope.organisation", f"{group} is a group, not a state")
        return Party("", "scope.no_country" if role else "scope.no_actor", "no country is given")
    if country not in known:
        return Party("", "scope.unknown_country", f"{country!r} is no CAMEO country code")
    if not known[country]:
        return Party("", "scope.region", f"{country} is a region or city")
    if actors == "state" and (group or (role and role.lower() not in agents("cameo"))):
        return Party("", "scope.sub_state", f"{country} {group or role} does not act for its state")
    return Party(known[country])


def _sources(feed: Feed) -> np.ndarray:
    place, texts = pd.factorize(feed.frame["sources"])
    numbers = pd.to_numeric(pd.Series(texts), errors="coerce").to_numpy(float)[place]
    feed.reject(~(numbers >= 0), "sources", "number.invalid", "the number of sources is not a number")
    return np.nan_to_num(np.maximum(numbers, 1), nan=1.0)
