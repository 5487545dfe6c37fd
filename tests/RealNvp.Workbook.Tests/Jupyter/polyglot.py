"""polyglot.py KERNEL NOTEBOOK: runs a notebook through nbclient to its end, and prints for each code cell its id, its error, and its figures
as HTML and as plotly JSON (which a kernel may send as text)."""
import json
import os
import sys

import nbformat
from nbclient import NotebookClient

kernel, path = sys.argv[1:3]
notebook = nbformat.read(path, as_version=4)
folder = os.path.dirname(os.path.abspath(path))
NotebookClient(notebook, timeout=900, kernel_name=kernel, allow_errors=True, resources={"metadata": {"path": folder}}).execute()


def described(cell):
    bundles = [output.get("data", {}) for output in cell.outputs]
    figures = [bundle["application/vnd.plotly.v1+json"] for bundle in bundles if "application/vnd.plotly.v1+json" in bundle]
    errors = [f"{output.ename}: {output.evalue}" for output in cell.outputs if output.output_type == "error"]
    return {
        "id": cell.get("id"),
        "error": "" if "raises-exception" in cell.metadata.get("tags", []) else "".join(errors),
        "stderr": "".join(output.text for output in cell.outputs if output.get("name") == "stderr"),
        "html": sum('class="realnvp-figure"' in bundle.get("text/html", "") for bundle in bundles),
        "figures": [json.loads(figure) if isinstance(figure, str) else figure for figure in figures],
    }


print("CELLS " + json.dumps([described(cell) for cell in notebook.cells if cell.cell_type == "code"]))
