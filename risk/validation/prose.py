"""What the card says between its tables: how to read them, and what they do not show."""

__all__ = ["FITTED", "INTERVALS", "LIMITS", "ORIENTATION", "OTHERS", "POOLED"]

POOLED = """\
One scorecard learns from the rows of all senders; every sender and task is judged apart, beside baselines that
learn from its own rows. It is shown for a sender and task where it beats all three on at least ten events.
"""

OTHERS = """\
The same predictions, learnt from our own measures, against the outcomes that others wrote down. What can be compared
is the order of states (area under the curve); the probabilities are those of our measures, not of their cases, and the
Brier score holds that against them. TIES ends in 2005, before the first year that is said.
"""

INTERVALS = """\
*Foretold*: how often next year's net ratio lay in the 90 % interval for as many independent events as its own are worth
at that rho (beta-binomial; exact, a ratio on the edge counts by the part of it inside). *Of p*: how often it lay in the
evidence interval itself, which speaks of the share behind the events and cannot hold a ratio of -1 or +1. What misses
are turns: Russia and Ukraine after 2013, the United States and Cuba after 2014, with North Korea after 2017.
"""

FITTED = """\
What next year's events would choose for everything but rho (beta-binomial likelihood of their friendly share, given
the score of the day; every dyad with an event in the next year, with or without a record by then). One parameter at
a time, the others as in the recipe; intervals from resampled dyads; gain is log likelihood per dyad-year over its
own value. Then all at once on the earlier years, judged on the later ones.
"""

ORIENTATION = """\
Figures known beforehand from a 32-state panel (other states, later cases): United States, net score AUC .765,
Brier skill +.070; conflict stocks .802, +.119; stocks with measures in force .796, +.132; all senders .771, and
.869 with other senders and propensity; dyads not yet sanctioned .643 and .820. The supplied panel has 24 large
states, few of which are ever sanctioned: every baseline is run again on it below, and those are what the
scorecard must beat. The United States has 13 new cases in 31 years against these 23 states, and most events of
the other senders are a union acting on one day (1989, 2014), so that features learnt on one such year miss the
next. Ten events a feature is the usual rule, so the scorecard here is the two conflict stocks alone; the larger
ones stand beside it and do worse. (All were seen before this was decided.)
"""

LIMITS = """\
## What this does not show

- The record of events is a selection. A state without a record has stocks of 0 whether or not anything happened.
- A first measure is rare: eleven by the United States in sixteen years, five by the United Nations. What is said of
  it rests on few events, and its intervals are wide.
- Not among the features, for want of dated embedded data: killings by security forces, disputed elections,
  detentions, size, trade ties before 2024. Coups, nuclear tests and invasions follow lists made by others
  (`datasets/triggers`), which end some months before the record does.
- The measures of the United Kingdom begin for the most part in 2020 (until then it acted through the Union): four
  test years.
- A score of today is compared with events of next year: both are chosen by the same record.
"""
