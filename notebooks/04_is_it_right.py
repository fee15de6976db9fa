# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Is it right? What the onset probability and the score have foretold
#
# A transparent score that nobody tested is an opinion. Here every year since 2009 is foretold from the years before it
# alone, beside three naive baselines: the base rate so far, persistence, and the net score by itself. One scorecard is
# fitted for all senders; it is shown for a sender and task only where it beat all three.

# %%
import os
from pathlib import Path

import numpy as np
import pandas as pd

import risk
from risk.ledger import open_ledger
from risk.measures import gge, net_ratio
from risk.onset import FEATURES, event_shares, features_at, forecast, load_model
from risk.sensitivity import rank_intervals
from risk.validation import world
from risk.validation.calibration import evidence, held_out_gain, profile
from risk.validation.intervals import coverage_by_rho
from risk.validation.outside import outside_reports
from risk.validation.own import own_predictions, own_report, own_table

pd.set_option("display.max_colwidth", 90)
AS_OF = "2025-10-15"
folder = Path(os.environ.get("RISK_DATA", "../../shared/data"))
outside = folder if folder.is_dir() else None
ledger, rng = open_ledger(), np.random.default_rng(20251231)
(
    ledger.events.shape,
    ledger.sanctions.shape,
    f"outside data {'at hand' if outside else 'not at hand: less is shown'}",
)

# %% [markdown]
# ## What is claimed
#
# The scorecard as shipped: log odds per unit, from legal measures, events, triggers and votes known by the end of 2024.
# Nothing in it is later than the day that it speaks of.

# %%
day = int((pd.Timestamp(AS_OF) - pd.Timestamp(0)).days)
model = load_model("USA", as_of=day)
model

# %%
pd.DataFrame(
    {"reason": [FEATURES[name].reason for name in model.features], "log odds": model.coefficients.round(3)},
    index=model.features,
)

# %%
forecast(ledger, "VEN", day, day)

# %% [markdown]
# Why so high for Venezuela? In points, 20 of which halve the odds against a new measure; then the events behind one term.

# %%
values = features_at(ledger, "USA", [AS_OF], ["VEN"]).iloc[0].to_dict()
pd.Series(model.points_of(values)).round(1).to_frame("points")

# %%
event_shares(ledger, model, "USA", "VEN", day).head(8)

# %% [markdown]
# ## What came of it: any new measure
#
# Area under the curve 0.5 is a coin; skill 0 is the base rate. The last row is gradient boosting on the same features: what
# transparency costs.

# %%
table = own_table(ledger)
said = own_predictions(table)
report = own_report(table, said, "USA", "any", rng, draws=100)
report

# %%
_ = report.plot()

# %% [markdown]
# Where it was most wrong: surprises that no stock of the dyad announced.

# %%
report.worst_misses(8)

# %% [markdown]
# ## Where it is weak: the first measure against a state
#
# A handful of events in sixteen years: the interval of every figure is wide.

# %%
first = own_report(table, said, "USA", "first", rng, draws=100)
first

# %% [markdown]
# Every sender and task. `lost_to` names the baselines that did as well, and then nothing is shown.

# %%
pd.read_csv(risk.datasets.path("onset", "skill.csv")).set_index(["sender", "task"])

# %% [markdown]
# ## Would others have written the same outcomes down?
#
# The same predictions, judged by the cases of two research data sets. Theirs hold aid cuts and trade disputes that ours does
# not, so figures are lower; what to compare is the order of states (`auc`), not the probabilities (`skill`).

# %%
if outside:
    judged = list(outside_reports({"USA": report}, outside, rng, draws=50))
    columns = ["n", "events", "auc", "skill"]
    answer = pd.concat({one.title.split(" within")[0]: one.table[columns] for one in judged}).round(3)
else:
    answer = "Others' records need the outside data (RISK_DATA)."
answer

# %% [markdown]
# ## Does the interval of the score hold next year's events?
#
# Dyads with at least five events in the next year; `all`, `friendly`, `hostile`: how often the foretold 90 % interval held.

# %%
coverage_by_rho(world.next_year(ledger, range(1999, 2025), world.MIN_EVENTS), ledger.recipe).head(5).round(3)

# %% [markdown]
# ## Are the recipe's numbers the right ones?
#
# What next year's events would choose, one parameter at a time. `gain` is log likelihood per dyad-year over the recipe's own
# value. On ICEWS the base row is fitted again at every value: nine in ten of its acts are friendly.

# %%
data = evidence(ledger, range(1999, 2025))
profile(data, rng, draws=200).drop(columns="meaning").round(3)

# %%
if outside:
    feed = evidence(world.icews_ledger(outside), range(2005, 2015), prior=ledger)
    answer = profile(feed, rng, free_base=True, draws=200).drop(columns="meaning").round(3)
else:
    answer = "ICEWS is outside data (RISK_DATA)."
answer

# %% [markdown]
# A joint fit on the years to 2014, judged on the years after: does it foretell them better than the recipe?

# %%
held_out_gain(data, 2014, rng)

# %% [markdown]
# ## How much hangs on choices?
#
# The ranking of Russia's partners with the interval of each rank when kappa, clocks, scale, prior and the weight of every
# family are drawn within a factor of two.

# %%
rank_intervals(risk.Scorer(), as_of=AS_OF, partner="RUS", rng=rng).head(8).round(2)

# %% [markdown]
# And the flaw of a decayed mean that the net ratio does not have: two contracts, and then a friendly meeting, whose
# intensity is below theirs. The meeting lowers the mean.

# %%
acts = pd.DataFrame(
    {
        "event_id": ["a", "b", "c"],
        "date": ["2020-03-01", "2020-06-01", "2020-09-01"],
        "actor": "RUS",
        "recipient": "VEN",
        "event_type": ["energy.contract", "energy.contract", "diplomacy.meeting"],
    }
)
pd.DataFrame(
    {
        n: {
            one.name: one.value
            for one in (
                measure(risk.Scorer(acts.head(n)), "RUS", "VEN", as_of="2020-12-31") for measure in (net_ratio, gge)
            )
        }
        for n in (2, 3)
    }
).rename_axis("measure").rename(columns={2: "two contracts", 3: "and a meeting"}).round(3)

# %% [markdown]
# ## Does the score agree with the world?

# %%
world.against_measures(ledger, outside, rng, draws=100).round(3)

# %%
if outside:
    answer = world.gge_next_year(outside, rng, draws=100).round(3)
else:
    answer = "Next year's GGE score needs the outside data (RISK_DATA)."
answer

# %% [markdown]
# ## Answer
#
# For new measures of the United States and of the European Union the scorecard beat the base rate, persistence and the net
# score in the rolling backtest, and gave up next to nothing to a black box; for a first measure of the United States by a
# little, on eleven events. For the United Nations it ranks well and says wrong probabilities, for Britain the years are too
# few, and nothing is shown. Others' records bear out its order of states better than they do any naive baseline's, though
# less well than our own; its probabilities are of our measures, not of their cases. The intervals of the score hold nine in ten of next year's net ratios, friendly and hostile dyads alike.
# No fit of kappa, clocks or prior weights foretold the later years of the record better than the recipe's round numbers, and
# on ICEWS, once its base rate is allowed for, the data choose nearly the same ones. On GGE's own panel, GGE's rule
# foretells next year's mean better than the net ratio does. And the record is a selection: what rests on it is an upper bound.
# All figures, with failures, are in `docs/validation.md`.
