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
# # What did the treaty with Russia do to Venezuela's alignment, and to its exposure?
#
# In May 2025 Venezuela and Russia signed a treaty on strategic partnership; on 30 September the National Assembly
# approved it and on 7 October it was promulgated, while U.S. forces struck boats off Venezuela's coast. We go from the
# event table to both scores, and to an answer in words.

# %%
import pandas as pd

import risk

pd.set_option("display.max_colwidth", 70)
AS_OF, YEAR_BEFORE = "2025-10-15", "2024-10-15"
scorer = risk.Scorer()
events = risk.load_events()
scorer

# %% [markdown]
# ## The evidence
#
# One row is one act, with its day, its source and how it was checked.

# %%
dyad = events[(events["actor"].isin(["RUS", "VEN"])) & (events["recipient"].isin(["RUS", "VEN"]))]
dyad.loc[dyad["date"] >= "2025-01-01", ["date", "event_type", "stage", "title", "publisher", "checked"]]

# %% [markdown]
# ## Alignment
#
# The score is a sum: every bar below is an event, and together they are the number.

# %%
alignment = scorer.alignment("Venezuela", "Russia", as_of=AS_OF)
alignment

# %%
_ = alignment.plot(top=12)
# %%
alignment.by("family")

# %% [markdown]
# The treaty is one act with one budget, earned stage by stage. What would the score be without it, and what would it
# take to move the score by 0.05?

# %%
without = scorer.what_if("VEN", "RUS", as_of=AS_OF, drop="rus-ven-2025-partnership")
without.steps.assign(without=without.result.value)

# %%
scorer.needed("VEN", "RUS", as_of=AS_OF, delta=-0.05)

# %% [markdown]
# ## What changed over the year

# %%
change = scorer.change("VEN", "RUS", start=YEAR_BEFORE, end=AS_OF)
change.parts

# %%
_ = change.plot(top=10)
# %%
_ = scorer.plot_history("VEN", "RUS", start="2000-01-01", end=AS_OF)
# %% [markdown]
# ## Against Washington

# %%
washington = scorer.alignment("Venezuela", "United States", as_of=AS_OF)
washington

# %% [markdown]
# ## Exposure
#
# Three numbers that are never multiplied: what is in force, what arrives through partners, and the chance of something
# new, which is shown only where a model has been fitted.

# %%
exposure = scorer.exposure("Venezuela", as_of=AS_OF)
exposure

# %%
_ = exposure.plot()
# %%
easing = pd.DataFrame(
    {
        day: scorer.exposure("Venezuela", as_of=day).F_by_sender
        for day in ("2023-10-17", "2023-10-18", "2024-04-17", "2024-04-18", AS_OF)
    }
).T
easing

# %% [markdown]
# ## The answer

# %%
total = abs(without.total)
print(
    f"As of {AS_OF} Venezuela and Russia stand at {alignment.value:+.2f} "
    f"(90 % of the evidence between {alignment.interval[0]:+.2f} and {alignment.interval[1]:+.2f}). "
    f"{alignment.standing} Over the year the score moved by {change.total:+.3f}: new acts added "
    f"{change.parts.set_index('part')['share']['new']:+.3f}, ageing took "
    f"{change.parts.set_index('part')['share']['ageing']:+.3f}. Taking the treaty out altogether would lower it by "
    f"{total:.3f}: it confirms an alignment of two decades rather than making one.\n\n"
    f"Venezuela's exposure to measures in force is {exposure.F:.2f}, nearly all of it American; ratifying the treaty "
    f"changed nothing in it, because no legal act followed from it. Through partners comes {exposure.E:.2f} "
    f"(at most {exposure.E_upper:.2f}, since only {exposure.tie_coverage:.0%} of its ties are listed). "
    f"With the United States it stands at {washington.value:+.2f}."
)

# %% [markdown]
# Research output, not legal advice or screening; codes imply no view on legal status; accusations are attributed, never
# asserted.

# %%
print(alignment.cite())
print(exposure.cite())
