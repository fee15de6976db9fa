"""Votes in an assembly: similarity of states, ideal points, and what they say of a dyad before any event."""

from __future__ import annotations

from importlib import import_module

_HOME = {
    "IdealPoints": "risk.votes.ideal_points",
    "VoteError": "risk.votes.table",
    "abc": "risk.votes.similarity",
    "agreement": "risk.votes.similarity",
    "bridge_by_title": "risk.votes.table",
    "final_votes": "risk.votes.table",
    "kappa": "risk.votes.similarity",
    "known_through": "risk.votes.positions",
    "load_positions": "risk.votes.positions",
    "pair": "risk.votes.pair",
    "pi": "risk.votes.similarity",
    "read_un_library": "risk.votes.library",
    "s_score": "risk.votes.similarity",
    "select_roll_calls": "risk.votes.table",
    "tau_b": "risk.votes.similarity",
    "vintage_of": "risk.votes.positions",
    "vote_prior": "risk.votes.positions",
    "vote_prior_matrix": "risk.votes.positions",
    "voting_coincidence": "risk.votes.similarity",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    if name not in _HOME:
        raise AttributeError(f"module 'risk.votes' has no attribute {name!r}")
    module = import_module(_HOME[name])
    value = module if name == "pair" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__():
    return __all__
