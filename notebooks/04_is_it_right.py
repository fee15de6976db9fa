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
# alone, beside three naive baselines: the base rate so far, persistence, and the net score by itself.

# %%
import os
from pathlib import Path

import numpy as np
import pandas as pd

import risk
from risk.ledger import open_ledger
from risk.onset import FEATURES, event_shares, features_at, forecast, load_model
from risk.validation import world
from risk.validation.intervals import coverage_by_rho
from risk.validation.own import own_report

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
# The model of the United States as shipped: log odds per unit, from legal measures, events and votes known by the end of
# 2024. Nothing in it is later than the day that it speaks of.

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
report = own_report(ledger, "USA", "any", rng, draws=100)
report

# %%
_ = report.plot()

# %% [markdown]
# Where it was most wrong: surprises that no stock of the dyad announced.

# %%
report.worst_misses(8)

# %% [markdown]
# ## Where it fails: the first measure against a state
#
# A handful of events in sixteen years. The model ranks better than chance and says worse probabilities than the base rate,
# so none is shown for this task.

# %%
first = own_report(ledger, "USA", "first", rng, draws=100)
first

# %%
pd.read_csv(risk.datasets.path("onset", "skill.csv")).set_index(["sender", "task"])

# %% [markdown]
# ## Does the interval of the score hold next year's events?
#
# Dyads with at least five events in the next year; `all`, `friendly`, `hostile`: how often the foretold 90 % interval held.

# %%
table = world.next_year(ledger, range(1999, 2025), world.MIN_EVENTS)
coverage_by_rho(table, ledger.recipe).head(5).round(3)

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
# score in the rolling backtest, and gave up nothing to a black box. For the United Nations and for a first measure
# against a state it did not: the events are too few, and nothing is shown. The intervals of the score hold nine in ten of
# next year's net ratios, friendly and hostile dyads alike. On GGE's own panel, GGE's rule foretells next year's mean better
# than the net ratio does. And the record is a selection: what rests on it is an upper bound. All figures, with failures, are in
# `docs/validation.md`.
