"""Execute every notebook of this folder from its reviewed text, and fail on the first error."""

from __future__ import annotations

import sys
from pathlib import Path

import jupytext
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    """Run the notebooks named on the command line, or all of them."""
    chosen = [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("[0-9]*.py"))
    for text in chosen:
        print(f"executing {text.name}", flush=True)
        notebook = jupytext.read(text)
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        NotebookClient(notebook, timeout=900, resources={"metadata": {"path": str(FOLDER)}}).execute()
        jupytext.write(notebook, text.with_suffix(".ipynb"))


if __name__ == "__main__":
    main()
