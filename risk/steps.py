"""Steps that make one ledger from another: single acts added, dropped, moved, rescaled or ended."""

from __future__ import annotations

import difflib
from collections.abc import Callable

import numpy as np
import pandas as pd

from risk.codebook import Codebook
from risk.days import day_number, day_stamp
from risk.events import check_events
from risk.ledger import Ledger
from risk.sanctions import spell_ids

__all__ = ["Step", "adding", "dropping", "ending", "redating", "rescaling"]

Step = Callable[[Ledger], Ledger]
"""Takes a ledger and gives another; the one it takes is not changed."""


def adding(rows: pd.DataFrame, codebook: Codebook) -> Step:
    """Rows of the event table put in; checked here, refused by a ledger that holds one of their ids."""
    checked = check_events(rows, codebook=codebook)

    def step(ledger: Ledger) -> Ledger:
        if ledger.events["event_id"].isin(checked["event_id"]).any():
            raise ValueError(f"add: the ledger already holds {checked['event_id'].iloc[0]!r}")
        return ledger.changed(
            events=pd.concat([ledger.events, checked], ignore_index=True)[list(ledger.events)]
        )

    return step


def dropping(key: str) -> Step:
    """An event, an act, a measure or one spell taken out."""

    def step(ledger: Ledger) -> Ledger:
        mine, theirs = _find(ledger, key)
        return ledger.changed(
            events=ledger.events[~mine].reset_index(drop=True),
            sanctions=ledger.sanctions[~theirs].reset_index(drop=True),
        )

    return step


def redating(key: str, day: object) -> Step:
    """A first day moved; the stages of an act and the days of knowledge move along, an end stays."""
    new = day_stamp(day_number(day, f"redate {key}"))

    def step(ledger: Ledger) -> Ledger:
        mine, theirs = _find(ledger, key)
        first = theirs & ~ledger.sanctions[theirs].duplicated("measure_id").reindex(
            ledger.sanctions.index, fill_value=True
        )
        return ledger.changed(
            events=_moved(ledger.events, mine, "date", key, new),
            sanctions=_moved(ledger.sanctions, first.to_numpy(), "start", key, new),
        )

    return step


def _moved(table: pd.DataFrame, rows: np.ndarray, begin: str, key: str, new: pd.Timestamp) -> pd.DataFrame:
    """The rows begun so much earlier or later that the first of them falls on the day."""
    if not rows.any():
        return table
    shift = new - table.loc[rows, begin].min()
    moved = {name: table[name].mask(rows, table[name] + shift) for name in (begin, "known_on")}
    if (table["end"] < moved[begin]).any():
        raise ValueError(f"redate {key} to {new:%Y-%m-%d}: it would begin after its end; move that with end=")
    return table.assign(**moved)


def rescaling(key: str, magnitude: float) -> Step:
    """An event's or an act's magnitude replaced."""
    if not 0 <= magnitude <= 1e6:
        raise ValueError(f"rescale {key}: {magnitude!r} is not a magnitude in [0, 1e6]")

    def step(ledger: Ledger) -> Ledger:
        mine, theirs = _find(ledger, key)
        if theirs.any():
            raise ValueError(
                f"rescale {key}: a measure's weight comes from its scope; change recipe.severity"
            )
        events = ledger.events.copy()
        events.loc[mine, "magnitude"] = float(magnitude)
        return ledger.changed(events=events)

    return step


def ending(key: str, day: object) -> Step:
    """A state of affairs or a measure ended on a day, sooner or later than on record."""
    new = day_stamp(day_number(day, f"end {key}"))

    def step(ledger: Ledger) -> Ledger:
        mine, theirs = _find(ledger, key)
        acts = mine & ~ledger.codebook.is_state(ledger.events["event_type"])
        if acts.any():
            raise ValueError(
                f"end {key}: an act has no end; only states of affairs and measures stand until ended"
            )
        events, sanctions = ledger.events, ledger.sanctions
        stood, stands = mine & (events["date"] <= new), theirs & (sanctions["start"] < new)
        if not stood.any() and not stands.any():
            raise ValueError(f"end {key}: it has not begun by {new:%Y-%m-%d}")
        return ledger.changed(
            events=_ended(events, mine, stood, "event_id", new),
            sanctions=_ended(sanctions, theirs, stands, "measure_id", new),
        )

    return step


def _ended(
    table: pd.DataFrame, rows: np.ndarray, begun: pd.Series, key: str, new: pd.Timestamp
) -> pd.DataFrame:
    """The last begun spell of each thing ended on a day, and what would have begun later left out."""
    last = begun & ~table[begun].duplicated(key, keep="last").reindex(table.index, fill_value=True)
    ended = table.assign(**{name: table[name].mask(last, new) for name in ("end", "end_known_on")})
    return ended[~rows | begun].reset_index(drop=True)


def _find(ledger: Ledger, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Which events and which measure spells an id names: an event, an act, a measure, or one spell of it."""
    events, measures = ledger.events, ledger.sanctions
    mine = ((events["event_id"] == key) | (events["act_id"] == key)).to_numpy()
    theirs = ((measures["measure_id"] == key) | (spell_ids(measures) == key)).to_numpy()
    if not mine.any() and not theirs.any():
        known = [*events["event_id"], *events["act_id"], *measures["measure_id"]]
        near = difflib.get_close_matches(key, sorted(set(known)), n=3)
        raise KeyError(
            f"no event, act or measure {key!r}" + (f"; nearest: {', '.join(near)}" if near else "")
        )
    return mine, theirs
