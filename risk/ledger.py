"""The ledger: events, measures, ties, positions and coverage under one recipe, ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from risk import __version__
from risk.codebook import Codebook, load_codebook
from risk.coverage import Coverage, check_coverage, load_coverage, no_coverage
from risk.datasets import describe
from risk.days import as_days, day_number
from risk.entries import MEASURE_TYPE, open_books
from risk.events import check_events, load_events
from risk.recipe import DEFAULT_RECIPE, Recipe
from risk.sanctions import COLUMNS as SANCTIONS_COLUMNS
from risk.sanctions import Measures, check_sanctions, load_sanctions, spell_ids
from risk.stocks import Index
from risk.ties import COLUMNS as TIES_COLUMNS
from risk.ties import Ties, check_ties, load_ties
from risk.votes import load_positions

__all__ = ["RECORD_COLUMNS", "Ledger", "open_ledger"]

RECORD_COLUMNS = [
    "event_id", "date", "event_type", "actor", "recipient", "act_id", "stage", "known_on", "confidence",
    "title", "publisher", "source", "url",
]  # fmt: skip
POSITION_COLUMNS = ["state", "session", "position", "se", "n_votes", "vintage", "known_on"]


@dataclass(frozen=True, eq=False, repr=False)
class Ledger:
    """
    Checked tables and the recipe they are read under.

    ``declared_through`` is the day the data claims to run through; None where the user's table says nothing, then
    the latest day known by the as-of date stands for it.
    """

    events: pd.DataFrame
    sanctions: pd.DataFrame
    recipe: Recipe
    codebook: Codebook
    coverage_table: pd.DataFrame
    ties_table: pd.DataFrame
    positions: pd.DataFrame
    declared_through: int | None
    version: str

    @cached_property
    def measures(self) -> Measures:
        """The sanctions measures as arrays, sub-territory ones left out."""
        return Measures.of(self.sanctions, self.recipe)

    @cached_property
    def index(self) -> Index:
        """All entries, sorted by dyad and day."""
        return Index(open_books(self.events, self.measures, self.codebook, self.recipe), self.recipe)

    @cached_property
    def coverage(self) -> Coverage:
        """Declared coverage by dyad and family; a window without an end lasts as long as the record is said to run."""
        return Coverage(self.coverage_table, self.declared_through)

    @cached_property
    def ties(self) -> Ties:
        """Tie shares by the day they were published."""
        return Ties(self.ties_table)

    @cached_property
    def _known(self) -> np.ndarray:
        return np.sort(as_days(self.events["known_on"]))

    def data_through(self, as_of: int) -> int:
        """The day until which the record runs, as far as one could tell on the as-of date."""
        if self.declared_through is not None:
            return self.declared_through
        # a wider number would have the whole array converted at every query
        at = int(np.searchsorted(self._known, self._known.dtype.type(as_of), side="right"))
        return int(self._known[at - 1]) if at else as_of

    @cached_property
    def _record_arrays(self) -> dict:
        return {name: self.events[name].array for name in RECORD_COLUMNS}

    @cached_property
    def type_facts(self) -> dict[str, tuple[str, float]]:
        """Family and intensity of every event type under the recipe's scale."""
        types = self.codebook.types.index.to_numpy()
        intensity = self.codebook.intensity(types, scale=self.recipe.scale)
        return dict(zip(types, zip(self.codebook.family(types), intensity, strict=True), strict=True))

    def records(self, rows: np.ndarray) -> dict:
        """
        The cited records behind entries, as columns: events as they stand, measures as events of their sender.

        Columns are taken one by one from plain arrays, because a frame would cost more than the whole score.
        """
        n = len(self.events)
        events = {name: array.take(rows[rows < n]) for name, array in self._record_arrays.items()}
        if (rows < n).all():
            return events
        measures = measure_records(self.measures.frame.iloc[rows[rows >= n] - n])
        order = np.argsort(np.argsort(rows >= n, kind="stable"), kind="stable")
        joined = pd.concat([pd.DataFrame(events), measures], ignore_index=True).iloc[order]
        return {name: joined[name].array for name in RECORD_COLUMNS}

    def changed(self, **parts) -> Ledger:
        """The same ledger with some parts replaced (``events``, ``sanctions``, ``recipe``)."""
        return replace(self, **parts)

    def provenance(self) -> dict:
        """What a result must carry to be got again: recipe, its digest, which data, which software; ready for JSON."""
        return {
            "recipe": self.recipe.to_dict(),
            "recipe_digest": self.recipe.digest,
            "data_version": self.version,
            "software": f"geopolitical-risk {__version__}",
        }

    def citation(self, what: str, through: pd.Timestamp) -> str:
        """A finding with the software, data and recipe it comes from, in one sentence."""
        return (
            f"geopolitical-risk {__version__}: {what} ({self.version}, data through {through:%Y-%m-%d}, "
            f"recipe {self.recipe.name} {self.recipe.digest[:12]})."
        )

    def contents(self) -> str:
        """What the ledger holds, from where and under which recipe, in one line."""
        return f"{len(self.events):,} events, {len(self.sanctions):,} measure spells, {self.version}, {self.recipe!r}"

    def __repr__(self) -> str:
        return f"<Ledger: {self.contents()}>"


def measure_records(measures: pd.DataFrame) -> pd.DataFrame:
    """Sanctions measures in the columns of the event table."""
    return pd.DataFrame(
        {
            "event_id": spell_ids(measures),
            "date": measures["start"],
            "event_type": MEASURE_TYPE,
            "actor": measures["sender"],
            "recipient": measures["target"],
            "act_id": measures["measure_id"],
            "stage": "",
            "known_on": measures["known_on"],
            "confidence": 1.0,
            "title": measures["title"].where(measures["title"] != "", measures["authority"]),
            "publisher": measures["publisher"],
            "source": measures["source"].where(measures["source"] != "", measures["authority"]),
            "url": measures["url"],
        }
    )


def open_ledger(
    events: pd.DataFrame | None = None,
    sanctions: pd.DataFrame | None = None,
    recipe: Recipe | None = None,
    *,
    coverage: pd.DataFrame | None = None,
    ties: pd.DataFrame | None = None,
    positions: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    data_through: object = None,
) -> Ledger:
    """
    A ledger from tables; None stands for the embedded ones.

    With events of one's own, sanctions, ties and positions stay the embedded ones unless given, and coverage is
    none unless declared: the embedded record's claims do not carry over to somebody else's table.

    Raises
    ------
    TypeError
        If a table, recipe or codebook is something else, as the path of one.
    EventError, SanctionsError, ValueError
        If a table is refused.
    """
    _require_kind("recipe", recipe, Recipe, "load_recipe(path)")
    _require_kind("codebook", codebook, Codebook, "load_codebook().with_types(...)")
    own, book = events is not None, codebook if codebook is not None else load_codebook()
    through = None if own else day_number(describe("events")["coverage"]["through"], "data_through")
    if data_through is not None:
        through = day_number(data_through, "data_through")
    unclaimed = no_coverage if own else load_coverage
    return Ledger(
        events=check_events(events, codebook=book) if events is not None else load_events(),
        sanctions=check_sanctions(sanctions) if sanctions is not None else load_sanctions(),
        recipe=recipe if recipe is not None else DEFAULT_RECIPE,
        codebook=book,
        coverage_table=check_coverage(coverage) if coverage is not None else unclaimed(),
        ties_table=check_ties(ties) if ties is not None else load_ties(),
        positions=positions if positions is not None else load_positions(),
        declared_through=through,
        version=_version(
            events=events, sanctions=sanctions, ties=ties, positions=positions, codebook=codebook
        ),
    )


def _version(**given: object) -> str:
    """Which tables are the user's own, and which record the others are from."""
    own = [name for name, table in given.items() if table is not None]
    record = f"embedded record {describe('events')['version']}"
    return record if not own else f"own {', '.join(own)}; for the rest {record}"


def _require_kind(name: str, given: object, kind: type, instead: str) -> None:
    if given is not None and not isinstance(given, kind):
        raise TypeError(f"{name}: a {kind.__name__} is needed, not {given!r}; give {instead}")


def no_sanctions() -> pd.DataFrame:
    """A sanctions table without rows."""
    return check_sanctions(pd.DataFrame({name: pd.Series(dtype=str) for name in SANCTIONS_COLUMNS}))


def no_ties() -> pd.DataFrame:
    """A tie table without rows."""
    return check_ties(pd.DataFrame({name: pd.Series(dtype=str) for name in TIES_COLUMNS}))


def no_positions() -> pd.DataFrame:
    """A table of ideal points without rows."""
    return pd.DataFrame({name: pd.Series(dtype=str) for name in POSITION_COLUMNS})
