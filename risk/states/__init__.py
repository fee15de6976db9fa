"""Who: names, codes, days of existence, successors, organisations and their dated members."""

from risk.states.book import exists, load_states, state_name, turning_days
from risk.states.columns import Unresolved, from_numbers, resolve_states
from risk.states.errors import StateError
from risk.states.organisations import load_organisations, members, organisations_of
from risk.states.resolve import resolve_state
from risk.states.systems import detect_system, require_one_system

__all__ = [
    "StateError",
    "Unresolved",
    "detect_system",
    "exists",
    "from_numbers",
    "load_organisations",
    "load_states",
    "members",
    "organisations_of",
    "require_one_system",
    "resolve_state",
    "resolve_states",
    "state_name",
    "turning_days",
]
