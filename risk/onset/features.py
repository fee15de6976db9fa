"""What the onset model eats: named features of every state toward one sender, from what was known on each day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from risk import panel
from risk.days import as_days, day_number, day_stamp
from risk.exposure import SENDERS
from risk.kernels import decay
from risk.ledger import Ledger
from risk.recipe import Recipe
from risk.states import load_states, members
from risk.triggers import load_triggers, recent_triggers
from risk.votes import vote_prior_matrix

__all__ = [
    "FEATURES",
    "HORIZON_DAYS",
    "HORIZON_MONTHS",
    "Feature",
    "dyad_stocks",
    "features_at",
    "recipe_part",
    "targets_of",
]

HORIZON_MONTHS = 12
HORIZON_DAYS = 365
RECENT_DAYS = 365  # as long as the horizon: persistence asks whether the last one held an event
PROPENSITY_DAYS = 3 * 365  # a sender's mood over about one term of office
SANCTION_FAMILY = "sanction"
TRIGGER_KINDS = {
    "coup": ("coup", "coup_attempt"),
    "nuclear_test": ("nuclear_test",),
    "invasion": ("invasion",),
}


@dataclass(frozen=True)
class Feature:
    """
    One named feature: which way it may work, what it is made of, and why it is there.

    ``families`` are event families (or ``sanction.measure``); ``lag`` is the days between the last day it looks at and
    the first day of the outcome.
    """

    sign: int
    families: tuple[str, ...]
    lag: int
    reason: str


_ACTS = (
    "arms",
    "defence",
    "diplomacy",
    "drill",
    "economy",
    "energy",
    "force",
    "pressure",
    "technology",
    "treaty",
)
_MEASURE = ("sanction.measure",)
FEATURES = {
    "hostile_fast": Feature(1, _ACTS, 1, "log(1 + D), fast clock, sender and target: disputes come before sanctions "
                            "(Morgan, Bapat & Kobayashi 2014, doi:10.1177/0738894213520379: threats first)"),
    "hostile_slow": Feature(1, _ACTS, 1, "log(1 + D), slow clock: enduring rivalry (Diehl & Goertz 2000)"),
    "friendly_fast": Feature(-1, _ACTS, 1, "log(1 + C), fast clock: cooperation at stake holds a sender back"),
    "friendly_slow": Feature(-1, _ACTS, 1, "log(1 + C), slow clock: allies expect less conflict ahead, but pay "
                             "(Drezner 1999, The Sanctions Paradox)"),
    "own_measures": Feature(1, _MEASURE, 1, "log(1 + n) measures of the sender in force: regimes widen"),
    "recent_measures": Feature(1, _MEASURE, 1, "log(1 + n) measures begun in the last 365 days: persistence"),
    "other_senders": Feature(1, _MEASURE, 1, "how many of the other senders have measures in force: coordination "
                             "(Martin 1992, Coercive Cooperation)"),
    "propensity": Feature(1, _MEASURE, 1, "log(1 + n) states newly sanctioned in three years: mood"),
    "sanctioned_friends": Feature(1, (*_ACTS, *_MEASURE), 1, "log(1 + sum over partners of C times F by the sender): "
                                  "those who help the sanctioned are next"),
    "sanctioned_before": Feature(1, _MEASURE, 1, "1 if the sender had ever begun a measure: the hazard of a first "
                                 "one differs (Beck, Katz & Tucker 1998, doi:10.2307/2991857)"),
    "violence": Feature(1, ("force",), 1, "log(1 + fast-clock stock) of force used by the target on our record: "
                        "attack, seizure, deployment"),
    "coup": Feature(1, ("trigger.coup",), 1, "log(1 + fast-clock count) of coups and attempts (Powell & Thyne 2011, "
                    "doi:10.1177/0022343310397436), told apart only later and so counted together"),
    "nuclear_test": Feature(1, ("trigger.nuclear_test",), 1, "log(1 + fast-clock count) of nuclear tests "
                            "(Miller 2014, International Organization 68(4), 913-944)"),
    "invasion": Feature(1, ("trigger.invasion",), 1, "log(1 + fast-clock count) of invasions by the target, from lists "
                        "made by others, whether or not anybody sanctioned them"),
    "vote_distance": Feature(1, (), 1, "distance of UN ideal points in [0, 1] (Bailey, Strezhnev & Voeten 2017, "
                             "doi:10.1177/0022002715595700); the EU is the mean of its members"),
}  # fmt: skip


def recipe_part(recipe: Recipe) -> str:
    """SHA-256 of the choices of a recipe that reach the features: a model holds under equal ones only."""
    used = ("clocks", "scale", "severity", "expand_organisations", "pair_weight", "reference_distance")
    chosen = {key: value for key, value in recipe.to_dict().items() if key in used}
    return hashlib.sha256(json.dumps(chosen, sort_keys=True).encode()).hexdigest()


def targets_of(sender: str, day: int) -> list[str]:
    """The states that a sender could sanction on a day: all that existed but itself and its members."""
    states = load_states()
    states = states[states["status"] == "state"]
    on = f"{day_stamp(day):%Y-%m-%d}"
    alive = (states["valid_from"] <= on) & ((states["valid_to"] == "") | (states["valid_to"] > on))
    own = set(members(sender, on=on)) if sender == "EU" else {sender}
    return sorted(set(states.loc[alive, "code"]) - own)


def features_at(
    ledger: Ledger,
    sender: str,
    dates: Iterable[object],
    targets: Sequence[str] | None = None,
    stocks: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    The features of states toward one sender, each row from what had happened and was known on its own date.

    Parameters
    ----------
    ledger : Ledger
    sender : str
        Code.
    dates : iterable of days
    targets : sequence of str, optional
        None: every state of the day but the sender (and its members).
    stocks : pandas.DataFrame, optional
        From :func:`dyad_stocks` on these dates and maybe more: the same for every sender, so that several need them
        once.

    Returns
    -------
    pandas.DataFrame
        Index ``(as_of, target)``; the columns of ``FEATURES``.
    """
    days = sorted({day_number(date, "dates") for date in dates})
    stocks = dyad_stocks(ledger, map(day_stamp, days)) if stocks is None else stocks
    frames = {}
    for day in days:
        chosen = targets_of(sender, day) if targets is None else list(targets)
        frames[day_stamp(day)] = _on_day(ledger, sender, day, stocks.loc[day], chosen)
    return pd.concat(frames, names=["as_of", "target"])


def dyad_stocks(ledger: Ledger, dates: Iterable[object]) -> pd.DataFrame:
    """Stocks of every dyad from both sides, without the sanction family: index ``(day, state, other)``."""
    wide = panel.features(ledger, dates)
    kept = [name for name in wide.columns if name.split(".")[1] != SANCTION_FAMILY]
    parts = pd.Series([".".join(name.split(".")[::2]) for name in kept], index=kept)
    table = pd.DataFrame(
        {key: wide[list(names)].sum(axis=1) for key, names in parts.groupby(parts).groups.items()}
    )
    table = table.reset_index()
    table["day"] = as_days(table.pop("as_of"))
    names = {"a": "state", "b": "other"}, {"b": "state", "a": "other"}
    both = pd.concat([table.rename(columns=side) for side in names], ignore_index=True)
    return both.set_index(["day", "state", "other"]).sort_index()


def _on_day(ledger: Ledger, sender: str, day: int, stocks: pd.DataFrame, targets: list[str]) -> pd.DataFrame:
    """The features of the targets on one day, in the order of FEATURES."""
    toward = (
        stocks.xs(sender, level="other")
        if sender in stocks.index.get_level_values("other")
        else stocks.iloc[:0]
    )
    toward = np.log1p(
        toward.reset_index().drop_duplicates("state").set_index("state").reindex(targets).iloc[:, -4:]
    )
    columns = {
        "hostile_fast": toward["conflict.fast"], "hostile_slow": toward["conflict.slow"],
        "friendly_fast": toward["cooperation.fast"], "friendly_slow": toward["cooperation.slow"],
        **_measure_features(ledger, sender, day),
        "sanctioned_friends": np.log1p(_sanctioned_friends(ledger, sender, day, stocks)),
        "violence": np.log1p(_violence(ledger, day)),
        **_trigger_features(ledger, day),
    }  # fmt: skip
    table = pd.DataFrame({name: pd.Series(column).reindex(targets) for name, column in columns.items()})
    table["propensity"] = _propensity(ledger, sender, day)
    table["vote_distance"] = _vote_distance(ledger, sender, day, targets)
    return table[list(FEATURES)].astype(float).fillna(0.0).rename_axis("target")


def _measure_features(ledger: Ledger, sender: str, day: int) -> dict[str, pd.Series]:
    """Counts of measures by target: the sender's in force, begun lately and ever, and other senders present."""
    measures = ledger.measures
    stands, frame = measures.standing(day, day), measures.frame
    own = (frame["sender"] == sender).to_numpy()
    ever = own & (measures.start <= day) & (measures.known <= day) & (frame["spell"] == 1).to_numpy()
    begun = ever & (measures.start > day - RECENT_DAYS)
    others = frame[stands & ~own & frame["sender"].isin(SENDERS).to_numpy()]
    return {
        "own_measures": np.log1p(frame[stands & own].groupby("target").size()),
        "recent_measures": np.log1p(frame[begun].groupby("target").size()),
        "other_senders": others.groupby("target")["sender"].nunique(),
        "sanctioned_before": frame[ever].groupby("target").size().clip(upper=1),
    }


def _trigger_features(ledger: Ledger, day: int) -> dict[str, pd.Series]:
    """Decayed counts of coups, tests and invasions by state; after a list's last day nothing is added, only decays."""
    triggers, half_life = load_triggers(), ledger.recipe.clocks["fast"]
    return {
        name: np.log1p(recent_triggers(triggers, kinds, day_stamp(day), half_life))
        for name, kinds in TRIGGER_KINDS.items()
    }


def _propensity(ledger: Ledger, sender: str, day: int) -> float:
    measures = ledger.measures
    begun = (measures.start > day - PROPENSITY_DAYS) & (measures.start <= day) & (measures.known <= day)
    rows = measures.frame[begun & (measures.frame["sender"] == sender).to_numpy()]
    return float(np.log1p(rows.loc[rows["spell"] == 1, "target"].nunique()))


def _sanctioned_friends(ledger: Ledger, sender: str, day: int, stocks: pd.DataFrame) -> pd.Series:
    """For each state: its cooperation with every partner times the sender's severity against that partner."""
    severity = ledger.measures.joint(day, day, [sender])
    friendly = stocks["cooperation.fast"] + stocks["cooperation.slow"]
    partner = friendly.index.get_level_values("other")
    weighed = friendly * severity.reindex(partner).fillna(0.0).to_numpy()
    return weighed.groupby(level="state").sum()


def _violence(ledger: Ledger, day: int) -> pd.Series:
    """Decayed intensity of hostile acts of force by each state, against anyone; a clash counts for both sides."""
    events, facts = ledger.events, ledger.type_facts
    hostile = [name for name, (family, g) in facts.items() if family == "force" and g < 0]
    stamp = day_stamp(day)
    chosen = events["event_type"].isin(hostile) & (events["date"] <= stamp) & (events["known_on"] <= stamp)
    rows = events[chosen]
    strength = rows["event_type"].map({name: -facts[name][1] for name in hostile}).astype(float)
    weight = strength * decay(day - as_days(rows["date"]), ledger.recipe.clocks["fast"])
    mutual = ~ledger.codebook.is_directed(rows["event_type"].to_numpy()) if len(rows) else np.zeros(0, bool)
    both = pd.concat([
        pd.Series(weight.to_numpy(), index=rows["actor"]),
        pd.Series(weight.to_numpy()[mutual], index=rows["recipient"][mutual]),
    ])  # fmt: skip
    return both[both.index != ""].groupby(level=0).sum()


def _vote_distance(ledger: Ledger, sender: str, day: int, targets: list[str]) -> pd.Series:
    """Distance of ideal points over twice the reference distance, at most 1; the median where a state has none."""
    ours = [sender]
    if sender == "EU":
        ours = list(members("EU", on=f"{day_stamp(day):%Y-%m-%d}"))
    everyone = {*targets, *targets_of(sender, day)}
    states = sorted({*everyone, *ours})
    says = vote_prior_matrix(ledger.positions, states, day, 2 * ledger.recipe.reference_distance, np.inf)
    table = pd.DataFrame((1 - says) / 2, index=states, columns=states).loc[sorted(everyone), ours]
    distance = table.mean(axis=1)
    middle = distance.median()
    return distance.reindex(targets).fillna(0.5 if np.isnan(middle) else middle)
