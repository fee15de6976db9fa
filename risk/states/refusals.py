"""Why a name gives no code: each refusal says what is wrong and what to write instead."""

from __future__ import annotations

import difflib
import re
from functools import lru_cache

import numpy as np

from risk.states.book import Actor, open_book, span_text
from risk.states.errors import StateError
from risk.states.text import key, keys_of

__all__ = ["ambiguous", "called", "continued", "not_then", "refuse_former", "refuse_several", "unknown"]

_SEVERAL = re.compile(r"\s*(?:[/;,&+|]| (?:and|or|with|vs\.?|versus) | [-–—] |(?<=\w)[-–—](?=\w))\s*")


def refuse_several(text: str) -> None:
    """Refuse an enumeration: a text of which every part is a name."""
    names = open_book().names
    parts = _SEVERAL.split(text.strip())
    found = [names.get(key(part), ()) for part in parts]
    if len(parts) > 1 and all(found):
        raise StateError(
            f"{text!r} names {len(parts)} states ({', '.join(parts)}). Split it into one row for each.",
            "state.several",
            list(dict.fromkeys(code for codes in found for code in codes)),
        )


def unknown(text: str, hint: bool) -> StateError:
    """A name that is not in the tables, with up to three suggestions, or what it is instead of a state."""
    found = [open_book().not_states.get(name) for name in keys_of(text)]
    if any(found):
        what = _what(*next(filter(None, found)))
        return StateError(f"{text!r} is {what}, not a state. Write the state that acts.", "state.unknown")
    near = list(_suggestions(text)) if hint else []
    asked = " or ".join(called(code) for code in near)
    advice = f"Did you mean {asked}?" if asked else "Write an English name or an ISO 3166-1 code."
    message = f"{text!r} is not the name or code of a state. {advice} Names are never guessed."
    return StateError(message, "state.unknown", near)


def refuse_former(text: str, actor: Actor) -> None:
    """Refuse, without a day, the name of a former state that today is the name of a city or region."""
    today = open_book().not_states.get(key(text))
    if today and key(text) != key(actor.code):
        raise StateError(
            f"{text!r} is {_what(*today)} today; as a state it existed {span_text(actor)}. "
            f"Give the day with on=, or write {actor.code}.",
            "state.unknown",
            [actor.code],
        )


def ambiguous(text: str, actors: list[Actor], day: int | None) -> StateError:
    """A name that several bear at once, or bore one after the other."""
    meant = " or ".join(f"{actor.code} ({actor.name}, {span_text(actor)})" for actor in actors)
    if day is None and not any(actor.alive(None) for actor in actors):
        advice = "Give the day with on=, or write one of the codes."
    else:
        advice = "Write one of the codes."
    codes = [actor.code for actor in actors]
    return StateError(f"{text!r}{_on(day)} can mean {meant}. {advice}", "state.ambiguous", codes)


def not_then(text: str, actors: list[Actor], day: int) -> StateError:
    """A name whose bearer did not exist on the day, with the states that did in its place."""
    book = open_book()
    codes = {actor.code for actor in actors}
    place = {code for actor in actors for code in actor.successors}
    place |= {code for actor in actors if (code := continued(actor, day))}
    place |= {actor.code for actor in book.actors.values() if codes.intersection(actor.successors)}
    near = sorted(code for code in place - codes if book.actors[code].alive(day))
    advice = f"Write the state of that day: {', '.join(near)}" if near else "Check the day"
    if any(continued(actor, day) for actor in actors):
        advice += ' (or pass before="predecessor")'
    spans = "; ".join(f"{called(actor.code, first='code')} existed {span_text(actor)}" for actor in actors)
    return StateError(f"{text!r} did not exist{_on(day)}: {spans}. {advice}.", "state.not_a_state_then", near)


def continued(actor: Actor, day: int) -> str:
    """The state that this one continues in law, on a day before this one began; empty if there is none."""
    actors, passed = open_book().actors, set()
    while actor.continues not in passed and actor.continues and day < actor.spells[-1][0]:
        passed.add(actor.code)
        actor = actors[actor.continues]
        if actor.alive(day):
            return actor.code
    return ""


def called(code: str, first: str = "name") -> str:
    """Name and code of an actor, for a message."""
    name = open_book().actors[code].name
    return f"{name} ({code})" if first == "name" else f"{code} ({name})"


@lru_cache(maxsize=4096)
def _suggestions(text: str) -> tuple[str, ...]:
    """Codes of near names; a data set asks about one name on many days."""
    names, word = open_book().names, key(text)
    near = difflib.get_close_matches(word, [name for name in names if len(name) > 3], n=6, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, name, word).ratio() for name in near]
    close = [name for name, ratio in zip(near, likeness) if ratio > likeness[0] - 0.1]
    return tuple(dict.fromkeys(code for name in close for code in names[name]))[:3]


def _what(kind: str, part_of: str) -> str:
    words = {"part": "a part", "city": "a city", "firm": "a firm", "region": "a region"}[kind]
    joint = {"part": " of ", "city": " in "}.get(kind, "")
    return words + (f"{joint}{part_of}" if part_of and joint else "")


def _on(day: int | None) -> str:
    return "" if day is None else f" on {np.datetime64(day, 'D')}"
