"""The scorer: names and dates in, results out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from risk import panel as panels
from risk.alignment import Alignment, align
from risk.change import Change, change_between
from risk.codebook import Codebook
from risk.days import day_number, day_stamp
from risk.exposure import SENDERS, Exposure, expose
from risk.ledger import Ledger, open_ledger
from risk.portfolio import portfolio
from risk.recipe import Recipe
from risk.standing import standing_of_dyad, standing_of_state
from risk.states import resolve_state
from risk.what_if import Needed, WhatIf, needed_for, what_if

__all__ = ["Scorer"]

Day = object


class Scorer:
    """
    Scores states from dated, cited events.

    Parameters
    ----------
    events, sanctions : pandas.DataFrame, optional
        Tables in the documented form; checked, never changed. None: the embedded record.
    recipe : Recipe, optional
        None: the default recipe.
    coverage, ties, positions : pandas.DataFrame, optional
        Declared coverage, tie shares and UN ideal points. None: the embedded ones (no coverage with events of
        one's own: the embedded record's claims do not carry over).
    codebook : Codebook, optional
    data_through : day, optional
        Until which day the events run; without it, the latest day known by the as-of date.

    Examples
    --------
    >>> events = pd.DataFrame({"event_id": ["e1"], "date": ["2025-05-07"], "actor": ["RUS"], "recipient": ["VEN"],
    ...                        "event_type": ["treaty.memorandum"]})
    >>> Scorer(events).alignment("Venezuela", "Russia", as_of="2025-10-15").cooperation > 0
    True
    """

    def __init__(
        self,
        events: pd.DataFrame | None = None,
        sanctions: pd.DataFrame | None = None,
        recipe: Recipe | None = None,
        *,
        coverage: pd.DataFrame | None = None,
        ties: pd.DataFrame | None = None,
        positions: pd.DataFrame | None = None,
        codebook: Codebook | None = None,
        data_through: Day = None,
    ):
        self._ledger = open_ledger(
            events,
            sanctions,
            recipe,
            coverage=coverage,
            ties=ties,
            positions=positions,
            codebook=codebook,
            data_through=data_through,
        )
        self._rankings: dict[int, np.ndarray] = {}

    @property
    def recipe(self) -> Recipe:
        """The recipe in use."""
        return self._ledger.recipe

    @property
    def events(self) -> pd.DataFrame:
        """A copy of the checked events."""
        return self._ledger.events.copy()

    @property
    def sanctions(self) -> pd.DataFrame:
        """A copy of the checked sanctions measures."""
        return self._ledger.sanctions.copy()

    @property
    def positions(self) -> pd.DataFrame:
        """A copy of the UN ideal points in use."""
        return self._ledger.positions.copy()

    @property
    def data_version(self) -> str:
        """Which data this is, for citing."""
        return self._ledger.version

    def under(self, recipe: Recipe) -> Scorer:
        """A scorer of the same tables under another recipe."""
        other = object.__new__(Scorer)
        other._ledger, other._rankings = self._ledger.changed(recipe=recipe), {}
        return other

    def alignment(self, a: str, b: str, *, as_of: Day, known_on: Day = None) -> Alignment:
        """
        How closely two states are aligned as of a day.

        Parameters
        ----------
        a, b : str
            Names or codes; see :func:`risk.resolve_state`.
        as_of : day
            ``YYYY-MM-DD``, a date or a timestamp; the end of that day is the present. There is no default.
        known_on : day, optional
            Count only what was public by this day; by default the as-of date.

        Returns
        -------
        Alignment

        Raises
        ------
        StateError, ValueError
            For a name that is no state then, two names of one state, or a day that is none.
        """
        day, known = _days(as_of, known_on)
        a, b = self._dyad(a, b, day)
        return align(self._ledger, a, b, day, known, partial(self._standing_of_dyad, a, b, day))

    def exposure(
        self, state: str, *, as_of: Day, senders: Sequence[str] = SENDERS, known_on: Day = None
    ) -> Exposure:
        """
        How exposed a state is to sanctions as of a day: in force, through partners, and onset where fitted.

        Parameters
        ----------
        state : str
        as_of : day
        senders : sequence of str
            Names or codes of states and organisations.
        known_on : day, optional

        Returns
        -------
        Exposure
        """
        day, known = _days(as_of, known_on)
        code = resolve_state(state, on=day_stamp(day))
        asked = tuple(dict.fromkeys(resolve_state(sender, on=day_stamp(day)) for sender in senders))
        return expose(
            self._ledger,
            code,
            day,
            known,
            asked,
            forecast=partial(_forecast, self._ledger, code, day, known, asked),
            standing=partial(standing_of_state, self._ledger, code, day, asked),
        )

    def change(self, a: str, b: str, *, start: Day, end: Day) -> Change:
        """What moved the alignment of two states between two days, each end as known on its own day."""
        first, last = day_number(start, "start"), day_number(end, "end")
        return change_between(self._ledger, *self._dyad(a, b, last), first, last)

    def what_if(
        self,
        a: str,
        b: str,
        *,
        as_of: Day,
        known_on: Day = None,
        add: pd.DataFrame | Iterable[Mapping[str, object]] = (),
        drop: str | Iterable[str] = (),
        redate: Mapping[str, Day] | None = None,
        rescale: Mapping[str, float] | None = None,
        end: Mapping[str, Day] | None = None,
        recipe: Recipe | None = None,
    ) -> WhatIf:
        """What single changes would do; see :func:`risk.what_if.what_if` for the steps."""
        day, known = _days(as_of, known_on)
        return what_if(
            self._ledger,
            *self._dyad(a, b, day),
            day,
            known,
            add=add,
            drop=drop,
            redate=redate,
            rescale=rescale,
            end=end,
            recipe=recipe,
        )

    def needed(self, a: str, b: str, *, as_of: Day, delta: float, known_on: Day = None) -> Needed:
        """The weight of one more act that would move the alignment by ``delta``, and what acts that is."""
        day, known = _days(as_of, known_on)
        return needed_for(self._ledger, *self._dyad(a, b, day), day, known, delta)

    def history(self, a: str, b: str, *, start: Day, end: Day, freq: str = "MS") -> pd.DataFrame:
        """One dyad over time with its interval, each row as known on its own date; see :mod:`risk.panel`."""
        first, last = day_number(start, "start"), day_number(end, "end")
        if last < first:
            raise ValueError(f"end {end} comes before start {start}")
        return panels.history(self._ledger, *self._dyad(a, b, last), first, last, freq)

    def plot_history(self, a: str, b: str, *, start: Day, end: Day, freq: str = "MS", ax=None):
        """The history with its interval band and marks at the heaviest events; returns the axes."""
        from risk.plots import plot_history

        table = self.history(a, b, start=start, end=end, freq=freq)
        marks = self.alignment(a, b, as_of=end).contributions
        return plot_history(table, marks, ax=ax, title=f"Alignment {a}-{b}")

    def panel(self, dates: Iterable[Day], dyads: Sequence[tuple[str, str]] | None = None) -> pd.DataFrame:
        """
        Many dyads at many dates, each row as known on its own date.

        Parameters
        ----------
        dates : iterable of day
        dyads : sequence of (str, str), optional
            Pairs of names or codes; None: all on record.

        Returns
        -------
        pandas.DataFrame
            Index ``(as_of, a, b)``; columns ``value, cooperation, conflict, volume, prior``. A dyad without a
            record by the date is NaN outside declared coverage.
        """
        return panels.panel(self._ledger, dates, self._dyads(dyads))

    def ranking(self, *, as_of: Day, partner: str | None = None) -> pd.DataFrame:
        """All dyads on record (or those of a partner) by alignment on a day, highest first."""
        day = day_number(as_of)
        code = None if partner is None else resolve_state(partner, on=day_stamp(day))
        return panels.ranking(self._ledger, day, code)

    def features(self, dates: Iterable[Day], dyads: Sequence[tuple[str, str]] | None = None) -> pd.DataFrame:
        """Decayed stocks by family, sign and clock: what estimators eat."""
        return panels.features(self._ledger, dates, self._dyads(dyads))

    def portfolio(self, states: Iterable[str], *, as_of: Day, since: Day = None) -> pd.DataFrame:
        """
        Exposure of many states, and what changed since a day.

        Returns
        -------
        pandas.DataFrame
            One row per state: ``state, F, E, E_upper, tie_coverage, n_measures``; with ``since`` also ``F_since,
            F_change, E_change, begun, ended`` (measures against the state, by id and spell) and ``changed``: whether
            a measure began or ended, or what arrives through partners moved.
        """
        day = day_number(as_of)
        codes = list(dict.fromkeys(resolve_state(state, on=day_stamp(day)) for state in states))
        past = None if since is None else day_number(since, "since")
        if past is not None and past > day:
            raise ValueError(f"since {since} comes after as_of {as_of}")
        return portfolio(self._ledger, codes, day, past)

    def _dyad(self, a: str, b: str, day: int) -> tuple[str, str]:
        codes = resolve_state(a, on=day_stamp(day)), resolve_state(b, on=day_stamp(day))
        if codes[0] == codes[1]:
            raise ValueError(f"{a!r} and {b!r} are both {codes[0]}; alignment takes two states")
        return codes

    def _dyads(self, dyads: Sequence[tuple[str, str]] | None) -> list[tuple[str, str]] | None:
        if dyads is None:
            return None
        if any(isinstance(pair, str) or len(pair) != 2 for pair in dyads):
            raise ValueError('dyads: give a list of pairs, as in [("VEN", "RUS")]')
        pairs = [(resolve_state(a), resolve_state(b)) for a, b in dyads]
        itself = next((pair for pair, codes in zip(dyads, pairs, strict=True) if codes[0] == codes[1]), None)
        if itself is not None:
            raise ValueError(f"dyads: {itself[0]!r} and {itself[1]!r} are one state; alignment takes two")
        return pairs

    def _standing_of_dyad(self, a: str, b: str, day: int) -> str:
        if day not in self._rankings:
            self._rankings[day] = panels.ranking(self._ledger, day)["value"].to_numpy()
        return standing_of_dyad(self._ledger, a, b, day, self._rankings[day])

    def __repr__(self) -> str:
        return f"<Scorer: {self._ledger.contents()}>"


def _days(as_of: Day, known_on: Day) -> tuple[int, int]:
    day = day_number(as_of)
    return day, day if known_on is None else day_number(known_on, "known_on")


def _forecast(ledger: Ledger, state: str, day: int, known: int, senders: tuple[str, ...]):
    """The onset frame of an exposure; the models are loaded on first use."""
    from risk.onset import forecast

    return forecast(ledger, state, day, known, senders)
