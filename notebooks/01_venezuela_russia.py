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
# # What did the treaty with Russia do to Venezuela's alignment, and to its exposure to sanctions?
#
# On 7 May 2025 Venezuela and Russia signed a treaty on strategic partnership. Venezuela's parliament approved it on 30
# September and it became law there on 7 October, weeks after U.S. forces had begun to strike boats off the coast. Did it
# bring the two states closer? And does a closer tie to a sanctioned state make Venezuela more exposed?
#
# We go from the table of events to both scores. Every number below comes from the cell above it.

# %%
import pandas as pd

import risk

pd.set_option("display.max_colwidth", 90)
AS_OF, YEAR_BEFORE = "2025-10-15", "2024-10-15"
TREATY = "rus-ven-2025-partnership"
scorer = risk.Scorer()
events = risk.load_events()
scorer

# %% [markdown]
# ## The evidence
#
# One row is one act of a state, with its day, its source and how it was checked. The treaty is one act in several stages:
# they share one weight, and a stage counts from its own day on. (What happened after the as-of date is in the table too,
# but no score of an earlier day can see it.)

# %%
stages = events[events["act_id"] == TREATY]
stages[["date", "event_type", "stage", "title", "publisher"]]

# %% [markdown]
# ## Alignment
#
# The score runs from -1 (opposed) to +1 (aligned). It is a sum: each bar is an act, and together they are the number.

# %%
alignment = scorer.alignment("Venezuela", "Russia", as_of=AS_OF)
alignment

# %%
_ = alignment.plot(top=12)

# %%
alignment.by("family")

# %% [markdown]
# ## The treaty, stage by stage
#
# What would the score be without it? And what would the same treaty be worth between two states with nothing else on
# record? The second column drops the treaty; the last scores the treaty's rows alone, without any prior.

# %%
DAYS = {
    "signed": "2025-05-08",
    "approved in Caracas": "2025-10-01",
    "law in Venezuela": "2025-10-08",
    "law in Russia": "2025-10-28",
}
no_prior = risk.DEFAULT_RECIPE.replace(
    prior_weights={"base": 0, "votes": 0, "shared_pressure": 0}, name="no prior"
)
alone = risk.Scorer(stages, risk.load_sanctions().head(0), no_prior)


def worth(day: str) -> dict[str, object]:
    """The score with the treaty and without it, and the treaty's own, on a day."""
    without = scorer.what_if("VEN", "RUS", as_of=day, drop=TREATY)
    return {
        "as of": day,
        "score": without.base.value,
        "without the treaty": without.result.value,
        "the treaty adds": -without.total,
        "the treaty alone": alone.alignment("VEN", "RUS", as_of=day).value,
    }


treaty = pd.DataFrame({stage: worth(day) for stage, day in DAYS.items()}).T
treaty.infer_objects().round(3)

# %% [markdown]
# The last two columns are the point. A score near +1 is nearly full: the same treaty that would lift two strangers by
# some 0.4 adds less than 0.01 to two states with eighty friendly acts behind them.
#
# ## What changed over the year

# %%
change = scorer.change("VEN", "RUS", start=YEAR_BEFORE, end=AS_OF)
change.parts

# %%
_ = change.plot(top=10)

# %%
_ = scorer.plot_history("VEN", "RUS", start="2000-01-01", end=AS_OF)

# %% [markdown]
# The band shows what the amount of evidence leaves open, four recorded acts counting as one independent one; not what was
# never recorded.
#
# How much hostile weight would it take to lower the score by 0.05? The table reads: so many acts of this type, done on the
# day.

# %%
scorer.needed("VEN", "RUS", as_of=AS_OF, delta=-0.05)

# %% [markdown]
# ## Against Washington

# %%
washington = scorer.alignment("Venezuela", "United States", as_of=AS_OF)
washington

# %% [markdown]
# ## Exposure
#
# Three numbers that are never multiplied into one: the severity of measures in force (F, from 0 towards 1), what arrives
# through trading partners (E), and the probability of a new measure, shown only where a model has been fitted.

# %%
exposure = scorer.exposure("Venezuela", as_of=AS_OF)
exposure

# %%
_ = exposure.plot()

# %% [markdown]
# The third number: how often the model, fitted on what was known by the end of 2024, says that a new measure follows within a
# year. Where it lost to a naive baseline no sender is shown; how it did is in notebook 04.

# %%
exposure.onset

# %% [markdown]
# Before the signing, after the Venezuelan law, and after the Russian one:

# %%
around = [scorer.exposure("Venezuela", as_of=day) for day in ("2025-05-06", "2025-10-08", "2025-10-28")]
pd.DataFrame(
    {
        f"{one.as_of:%Y-%m-%d}": {"F, in force": one.F, "of which USA": one.F_by_sender["USA"]}
        for one in around
    }
).T.round(3)

# %% [markdown]
# What did move it in the year before: a licence that ended and an order that began. Ids with `#` name a measure's spells.

# %%
year = scorer.portfolio(["VEN"], as_of=AS_OF, since=YEAR_BEFORE).iloc[0]
year[["F_since", "F", "F_change", "begun", "ended"]]

# %% [markdown]
# And through Russia itself? Only along ties of trade: every path that passes through Russia, added up.

# %%
paths = exposure.partners
via_russia = paths[paths["path"].str.contains("RUS")]
via_russia[["path", "tie", "F", "amount"]].head(4)

# %% [markdown]
# ## The answer

# %%
parts = change.parts.set_index("part")["share"]
last = treaty.loc["law in Russia"]
assert last["the treaty adds"] < 0.02 < 0.3 < last["the treaty alone"], (
    "else the answer below needs other words"
)
assert around[0].F == around[-1].F, "else a legal act came in between"
low, high = alignment.interval
through_china = paths.loc[paths["partner"] == "CHN", "amount"].sum()
print(
    f"ALIGNMENT. As of {AS_OF} Venezuela and Russia stand at {alignment.value:+.3f} "
    f"({alignment.interval_level:.0%} evidence interval {low:+.2f} to {high:+.2f}). {alignment.standing}\n"
    f"The treaty adds {treaty.loc['law in Venezuela', 'the treaty adds']:+.3f} of that, and "
    f"{last['the treaty adds']:+.3f} once it is law in Russia too. Alone it would make "
    f"{last['the treaty alone']:+.2f}: it confirms an alignment of two decades rather than making one. Over the year "
    f"new acts added {parts['new']:+.3f}, the treaty among them, and ageing took {parts['ageing']:+.3f}.\n\n"
    f"EXPOSURE. Severity of the measures in force against Venezuela is {exposure.F:.3f}; those of the United States "
    f"alone make {exposure.F_by_sender['USA']:.3f}. It was the same the day before the signing and the day after the "
    f"Russian law: no legal act followed from the treaty. Over the year it moved by {year['F_change']:+.3f}, by the "
    f"measures in the table above.\n"
    f"Through partners comes {exposure.E:.3f} (at most {exposure.E_upper:.3f}: {exposure.tie_coverage:.0%} of its "
    f"trade ties are listed), {through_china:.3f} of it by ties with China; paths through Russia make "
    f"{via_russia['amount'].sum():.3f}. A treaty that redirected trade would show here, years later.\n\n"
    f"{exposure.outlook}\n\n"
    f"With the United States Venezuela stands at {washington.value:+.2f}. {washington.standing}"
)

# %% [markdown]
# **What this does not say.** The treaty may matter in ways that no score of public acts sees: secret clauses, deliveries not
# announced, what each side now expects of the other. That it adds little here is a property of a bounded scale near its
# end, not proof that it is unimportant: read the change beside the level. The trade shares behind E are of 2019, the last
# on record for Venezuela. The evidence interval takes four recorded acts for one independent one, which is what held nine
# in ten of later years; it does not know what was never recorded. And the probability of a new measure rests on the whole
# record of the dyad, boats and bombers far more than the treaty: it is not the probability that Washington answers the treaty.
#
# Research output, not legal advice or screening; codes imply no view on legal status; accusations are attributed, never
# asserted.

# %%
print(alignment.cite())
print(exposure.cite())
