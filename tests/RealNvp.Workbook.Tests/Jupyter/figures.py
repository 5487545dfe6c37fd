"""figures.py KERNEL NOTEBOOK: runs a notebook through nbclient and prints its figures as JSON, a list a code cell."""
import json
import os
import sys

import nbformat
from nbclient import NotebookClient

kernel, path = sys.argv[1:3]
notebook = nbformat.read(path, as_version=4)
folder = os.path.dirname(os.path.abspath(path))
NotebookClient(notebook, timeout=900, kernel_name=kernel, resources={"metadata": {"path": folder}}).execute()
print(json.dumps([
    [output["data"]["application/vnd.plotly.v1+json"] for output in cell.outputs
     if "application/vnd.plotly.v1+json" in output.get("data", {})]
    for cell in notebook.cells if cell.cell_type == "code"]))
