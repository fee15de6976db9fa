"""What if: single acts added, dropped, moved, rescaled or ended, and the inverse question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from risk.alignment import Alignment, align
from risk.display import html_table, plain, signed
from risk.kernels import weight_needed
from risk.ledger import Ledger
from risk.recipe import Recipe
from risk.steps import Step, adding, dropping, ending, redating, rescaling

__all__ = ["Needed", "WhatIf", "needed_for", "what_if"]


@dataclass(frozen=True, eq=False, repr=False)
class WhatIf:
    """
    What single changes would do to an alignment.

    Attributes
    ----------
    base, result : Alignment
        Before, and with every step taken together.
    steps : pandas.DataFrame
        ``step, effect``: what each step does alone.
    remainder : float
        What the steps do together beyond the sum of their single effects.
    total : float
        ``result.value - base.value``.
    """

    base: Alignment
    result: Alignment
    remainder: float
    total: float
    _steps: pd.DataFrame = field(repr=False)

    @property
    def steps(self) -> pd.DataFrame:
        """One row per step with its effect alone."""
        return self._steps.copy()

    def plot(self, ax=None):
        """Waterfall from the score as it is to the score with every step; returns the axes."""
        from risk.plots import plot_what_if

        ends = self.base.value, self.result.value
        return plot_what_if(self._steps, self.remainder, *ends, ax=ax, title=self._headline())

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        return {
            "a": self.base.a,
            "b": self.base.b,
            "as_of": plain(self.base.as_of),
            "base": plain(self.base.value),
            "result": plain(self.result.value),
            "steps": plain(self._steps),
            "remainder": plain(self.remainder),
            "total": plain(self.total),
        }

    def _headline(self) -> str:
        one = self.base
        return f"What if {one.a}-{one.b} as of {one.as_of:%Y-%m-%d}: {signed(one.value)} to {signed(self.result.value)}"

    def __repr__(self) -> str:
        return f"<{self._headline()}, {len(self._steps)} steps, remainder {self.remainder:+.4f}>"

    def _repr_html_(self) -> str:
        return html_table(["step", "effect"], self._steps.itertuples(index=False), repr(self)[1:-1])


@dataclass(frozen=True, eq=False, repr=False)
class Needed:
    """
    The weight of one more act that would move an alignment by ``delta``.

    Attributes
    ----------
    weight : float
        Fresh weight uK, friendly for a rise and hostile for a fall.
    direction : {"friendly", "hostile"}
    acts : pandas.DataFrame
        ``event_type, weight_each, n``: how many acts of a type, done on the day, that is.
    """

    base: Alignment
    delta: float
    weight: float
    direction: str
    _acts: pd.DataFrame = field(repr=False)

    @property
    def acts(self) -> pd.DataFrame:
        """How many fresh acts of each type the weight is, fewest first."""
        return self._acts.copy()

    def to_dict(self) -> dict:
        """Everything as plain numbers and texts, ready for JSON."""
        return {
            "a": self.base.a,
            "b": self.base.b,
            "as_of": plain(self.base.as_of),
            "delta": self.delta,
            "weight": self.weight,
            "direction": self.direction,
            "acts": plain(self._acts),
        }

    def __repr__(self) -> str:
        one = self.base
        return (
            f"<Needed {one.a}-{one.b} as of {one.as_of:%Y-%m-%d}: {self.direction} weight {self.weight:.3f} moves "
            f"{signed(one.value)} by {self.delta:+.3f}>"
        )

    def _repr_html_(self) -> str:
        return html_table(
            list(self._acts.columns),
            self._acts.head(12).itertuples(index=False),
            repr(self)[1:-1],
            unsigned=["n"],
        )


def what_if(
    ledger: Ledger,
    a: str,
    b: str,
    as_of: int,
    known_on: int,
    *,
    add: pd.DataFrame | Iterable[Mapping[str, object]] = (),
    drop: str | Iterable[str] = (),
    redate: Mapping[str, object] | None = None,
    rescale: Mapping[str, float] | None = None,
    end: Mapping[str, object] | None = None,
    recipe: Recipe | None = None,
) -> WhatIf:
    """
    Take steps on a ledger and compare; the ledger itself is not changed.

    Parameters
    ----------
    add : frame, mapping or list of mappings
        Rows of the event table.
    drop : str or list of str
        Ids of events, of whole acts, or of measures.
    redate : mapping of id to day
        The new first day. The stages of an act move along, a measure's later spells do not; each is known as much
        later as before, and an end stays.
    rescale : mapping of id to magnitude
    end : mapping of id to day
        The day on which a state of affairs or measure ends, sooner or later than on record; spells of a measure
        that begin on that day or after it do not come about.
    recipe : Recipe
        Score under another recipe.

    Raises
    ------
    KeyError
        For an id the ledger does not hold, with the nearest ones.
    ValueError
        For a step that cannot be taken.
    """
    rows = [add] if isinstance(add, Mapping) else add
    added = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    steps: list[tuple[str, Step]] = [
        (f"add {row['event_id']}", adding(pd.DataFrame([row]), ledger.codebook))
        for row in added.to_dict("records")
    ]
    steps += [(f"drop {key}", dropping(key)) for key in ([drop] if isinstance(drop, str) else drop)]
    steps += [(f"redate {key} to {_said(day)}", redating(key, day)) for key, day in (redate or {}).items()]
    steps += [(f"rescale {key} to {m:g}", rescaling(key, m)) for key, m in (rescale or {}).items()]
    steps += [(f"end {key} on {_said(day)}", ending(key, day)) for key, day in (end or {}).items()]
    if recipe is not None:
        steps.append((f"recipe {recipe.name}", lambda ledger: ledger.changed(recipe=recipe)))
    base = align(ledger, a, b, as_of, known_on)
    together, effects = ledger, []
    for _, step in steps:
        together = step(together)
        effects.append(align(step(ledger), a, b, as_of, known_on).value - base.value)
    result = align(together, a, b, as_of, known_on)
    table = pd.DataFrame({"step": [name for name, _ in steps], "effect": np.array(effects, dtype=float)})
    total = result.value - base.value
    return WhatIf(base, result, total - float(np.sum(effects)), total, table)


def needed_for(ledger: Ledger, a: str, b: str, as_of: int, known_on: int, delta: float) -> Needed:
    """The fresh weight that moves an alignment by ``delta``, and how many acts of each type that is."""
    base = align(ledger, a, b, as_of, known_on)
    weight = weight_needed(base.value, base.kappa + base.volume, delta)
    sign = 1 if delta > 0 else -1
    types = ledger.codebook.types.index.to_numpy()
    each = ledger.codebook.intensity(types, scale=ledger.recipe.scale) * ledger.codebook.default_magnitude(
        types
    )
    table = pd.DataFrame({"event_type": types, "weight_each": each})
    table = table[np.sign(table["weight_each"]) == sign]
    table["n"] = weight / table["weight_each"].abs()
    table = table.sort_values(["n", "event_type"], ignore_index=True)
    return Needed(base, delta, weight, "friendly" if delta > 0 else "hostile", table)


def _said(day: object) -> str:
    """A day as people write it; what is none is refused by the step."""
    return str(day)[:10]
