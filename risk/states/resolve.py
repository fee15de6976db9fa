"""From a name, code or number to one code as of a day: table-driven, never guessed."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple

from risk.states.book import Actor, on_day, open_book
from risk.states.numbers import SYSTEMS, System, number_code
from risk.states.refusals import ambiguous, continued, not_then, refuse_former, refuse_several, unknown
from risk.states.text import checked_text, keys_of, twice_named

__all__ = ["Before", "Options", "View", "code_of", "resolve_state"]

View = Literal["own", "parent"]
Before = Literal["error", "predecessor"]


def resolve_state(
    name: object,
    *,
    on: object = None,
    system: System | None = None,
    view: View = "own",
    before: Before = "error",
) -> str:
    """
    Code of the state, territory or organisation that a name, code or number means.

    Case, accents, dots, ``the``, ``St.``, spaces, the inverted form (``Korea, Republic of``) and a second name
    of the same state in brackets (``Myanmar (Burma)``) are forgiven; nothing else is. With a day, a name means
    who bore it on that day. Without one it means who bears it now, or else the only one that ever did; when two
    do, that is an error.

    Parameters
    ----------
    name : str
        A name, an ISO 3166-1 or 3166-3 code or one of our codes; a number only with ``system``.
    on : str, date or Timestamp, optional
        The day of the act, ``YYYY-MM-DD``.
    system : {"cow", "gw", "iso"}, optional
        Read ``name`` as a number of the Correlates of War, of Gleditsch and Ward, or of ISO 3166-1.
    view : {"own", "parent"}
        ``own``: territories, contested ones too, keep their own code. ``parent``: a territory becomes the
        state under which ISO 3166 or the United Nations list it that day; one under none keeps its code.
    before : {"error", "predecessor"}
        On a day before a state existed: an error, or the state that it continues in law (Russia in 1985:
        ``SUN``).

    Returns
    -------
    code : str

    Raises
    ------
    StateError
        With ``code`` and ``candidates``; see there.

    Examples
    --------
    >>> resolve_state("Russia"), resolve_state("St. Lucia"), resolve_state("NA")
    ('RUS', 'LCA', 'NAM')
    >>> resolve_state("Russia", on="1985-01-01", before="predecessor")
    'SUN'
    >>> resolve_state("Crimea"), resolve_state("Crimea", view="parent")
    ('UA-43', 'UKR')
    >>> resolve_state("002", system="cow")
    'USA'
    """
    return code_of(name, on_day(on), Options.checked(system, view, before))


class Options(NamedTuple):
    """How names are read."""

    system: str | None
    view: str
    before: str

    @classmethod
    def checked(cls, system: str | None, view: str, before: str) -> Options:
        """The options, if each is one of its allowed values."""
        _allow("system", system, None, *SYSTEMS)
        _allow("view", view, "own", "parent")
        _allow("before", before, "error", "predecessor")
        return cls(system, view, before)


def _allow(name: str, value: str | None, *allowed: str | None) -> None:
    if value not in allowed:
        raise ValueError(f"{name}: {value!r} is none of {', '.join(map(repr, allowed))}")


def code_of(value: object, day: int | None, options: Options, hint: bool = True) -> str:
    """Code that a cell means on a day; ``hint`` adds suggestions to a miss."""
    if options.system is None:
        text, candidates = _named(value) if isinstance(value, str) and hint else _read(value, hint)
        code = _choose(text, candidates, day, options.before)
    else:
        code = number_code(value, options.system, day)
    if options.view == "parent":
        return open_book().actors[code].parent(day) or code
    return code


def _read(value: object, hint: bool) -> tuple[str, list[Actor]]:
    text = checked_text(value)
    return text, _candidates(text, hint)


@lru_cache(maxsize=10_000)
def _named(value: str) -> tuple[str, list[Actor]]:
    """What a known name may mean on any day; a miss raises each time."""
    return _read(value, True)


def _candidates(text: str, hint: bool) -> list[Actor]:
    book = open_book()
    for name in keys_of(text):
        if name in book.names:
            return [book.actors[code] for code in book.names[name]]
    if code := _meant_twice(text):
        return [book.actors[code]]
    refuse_several(text)
    raise unknown(text, hint)


def _meant_twice(text: str) -> str:
    """
    The one code that both names of ``Congo (DRC)`` or ``Myanmar/Burma`` bear.

    What stands in brackets explains, so it may narrow the name before it; a slash may also list two states.
    """
    both = twice_named(text)
    if both is None:
        return ""
    one, other = (set(open_book().names.get(name, ())) for name in both[:2])
    shared = one & other if both[2] or one == other else set()
    return shared.pop() if len(shared) == 1 else ""


def _choose(text: str, candidates: list[Actor], day: int | None, before: str) -> str:
    alive = [actor for actor in candidates if actor.alive(day)]
    if len(alive) == 1:
        return alive[0].code
    if alive or (day is None and len(candidates) > 1):
        raise ambiguous(text, alive or candidates, day)
    if day is None:
        refuse_former(text, candidates[0])
        return candidates[0].code
    if before == "predecessor" and len(candidates) == 1 and continued(candidates[0], day):
        return continued(candidates[0], day)
    raise not_then(text, candidates, day)
