"""Alignment of two states and sanctions exposure of one, as of any date, with the evidence."""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOME = {
    "Alignment": "risk.alignment",
    "Change": "risk.change",
    "DEFAULT_RECIPE": "risk.recipe",
    "EventError": "risk.events",
    "Exposure": "risk.exposure",
    "Recipe": "risk.recipe",
    "Scorer": "risk.scorer",
    "StateError": "risk.states",
    "WhatIf": "risk.what_if",
    "check_events": "risk.events",
    "load_codebook": "risk.codebook",
    "load_coverage": "risk.coverage",
    "load_events": "risk.events",
    "load_positions": "risk.votes",
    "load_recipe": "risk.recipe",
    "load_sanctions": "risk.sanctions",
    "load_states": "risk.states",
    "load_ties": "risk.ties",
    "load_triggers": "risk.triggers",
    "read_events": "risk.events",
    "reconcile": "risk.reconciliation",
    "resolve_state": "risk.states",
}

_ROOMS = ("lake", "measures", "onset", "sensitivity", "sources", "validation", "votes")

__all__ = ["__version__", *sorted(_HOME)]


def __getattr__(name: str):
    if name in _HOME:
        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value
    if name in _ROOMS:
        return import_module(f"risk.{name}")
    raise AttributeError(f"module 'risk' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
