"""How a network looks in a notebook: its inputs and outputs, and a picture of its graph where Graphviz is there."""

from __future__ import annotations

import shutil
import subprocess
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .network import Info, Network

# A larger picture takes Graphviz seconds, and nobody can read it.
_MOST_NODES = 150
_SECONDS = 5


def _rows(what: str, infos: list[Info]) -> str:
    return "".join(
        f"<tr><th>{what if i == 0 else ''}</th><td>{escape(info.name)}</td><td><code>{escape(str(info))}</code></td></tr>"
        for i, info in enumerate(infos)
    )


def _picture(net: Network) -> str:
    dot = shutil.which("dot")
    if dot is None:
        return ""
    graph = net.dump_graph("optimized", "dot")
    if graph.count("[label") > _MOST_NODES:
        return ""
    try:
        made = subprocess.run([dot, "-Tsvg"], input=graph, capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return f"<details><summary>graph</summary>{made.stdout[made.stdout.find('<svg') :]}</details>"


def network_html(net: Network) -> str:
    return f"<table>{_rows('inputs', net.inputs)}{_rows('outputs', net.outputs)}</table>{_picture(net)}"
