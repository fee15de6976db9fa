"""Imports point one way: every module may import only from the layers below its own."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "risk"
LAYERS = [
    {"risk"},
    {"datasets", "days", "kernels"},
    {"certainty", "display", "recipe"},
    {"drawing", "states"},
    {"plots"},
    {"codebook_tables"},
    {"codebook"},
    {"reading", "exports"},
    {"event_rules", "state_list"},
    {"events", "sanctions", "coverage", "ties", "triggers", "votes"},
    {"sources", "reconciliation"},
    {"entries"},
    {"stocks"},
    {"ledger"},
    {"prior", "partners", "steps"},
    {"contributions"},
    {"bundle"},
    {"alignment"},
    {"change", "exposure", "panel", "what_if"},
    {"lake", "onset", "portfolio", "standing"},
    {"scorer"},
    {"measures"},
    {"sensitivity", "validation"},
    {"arguments", "report", "terminal"},
    {"cli"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}


def room(path: Path) -> str:
    """The top-level module or package a file belongs to."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return "risk" if parts == ("__init__",) else parts[0]


def imported(path: Path):
    """The rooms a file imports, wherever in the file the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "risk":
            names = [f"risk.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        for name in names:
            parts = name.split(".")
            if parts[0] == "risk" and len(parts) > 1 and parts[1] not in ("__version__",):
                yield parts[1], node.lineno


FILES = sorted(ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_points_upward(path):
    mine = room(path)
    assert mine in LEVEL, f"give {mine} a layer"
    for name, line in imported(path):
        assert name in LEVEL, f"{path}:{line} imports {name}, which has no layer"
        below = (
            LEVEL[name] < LEVEL[mine]
            or name == mine
            or (LEVEL[name] == LEVEL[mine] and _sideways(mine, name))
        )
        assert below, f"{path}:{line}: {mine} imports {name}, which is not below it"


def _sideways(mine: str, name: str) -> bool:
    """Neighbours of one layer may import each other where the order is plain: no pair in both directions."""
    forward = any(name == other for file in FILES if room(file) == mine for other, _ in imported(file))
    backward = any(mine == other for file in FILES if room(file) == name for other, _ in imported(file))
    return forward and not backward


def test_no_room_is_called_utils():
    assert not {path.stem for path in FILES} & {"utils", "helpers", "core", "managers", "misc", "common"}


def test_every_layer_names_rooms_that_stand():
    assert set(LEVEL) == {room(path) for path in FILES}


PACKAGES = sorted({path.parent for path in FILES} - {ROOT})


def neighbours(path: Path):
    """The files of its own package a file imports, wherever in the file the import stands."""
    home = f"risk.{path.parent.name}"
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == home:
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"{home}."):
            yield node.module.split(".")[2]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_no_circle_inside_a_package(package):
    graph = {path.stem: set(neighbours(path)) for path in FILES if path.parent == package}
    assert set().union(*graph.values()) <= set(graph), "a file imports from the front of its own package"
    TopologicalSorter(graph).prepare()
