"""The one error of the resolver."""

from __future__ import annotations

__all__ = ["StateError"]


class StateError(ValueError):
    """
    A name, code or number that does not give exactly one state.

    Attributes
    ----------
    code : str
        Stable: ``state.unknown``, ``state.ambiguous``, ``state.not_a_state_then``, ``state.missing``,
        ``state.mixed_script``, ``state.several``, ``state.number``, ``state.type``, ``state.mixed_systems``
        or ``date.invalid``.
    candidates : list of str
        Codes that may have been meant; empty if there is nothing to offer.

    Examples
    --------
    >>> from risk.states import resolve_state
    >>> try:
    ...     resolve_state("Congo")
    ... except StateError as error:
    ...     error.code, error.candidates
    ('state.ambiguous', ['COD', 'COG'])
    """

    def __init__(self, message: str, code: str, candidates: list[str] | tuple[str, ...] = ()):
        super().__init__(message)
        self.code = code
        self.candidates = list(candidates)

    def __reduce__(self):
        return type(self), (str(self), self.code, self.candidates)
