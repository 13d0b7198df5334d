"""What every bench shares: what work costs, a Markdown table, its place in docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"

# A small process in between, for a child begins with the peak memory of what started it.
OBSERVER = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""


def cpu_seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Time `work` in CPU seconds of this process: the best of some rounds, after one to warm up."""
    work()
    spent = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return min(spent)


def process_cost(command: Sequence[str], home: str) -> tuple[float, float]:
    """Run a command to its end.

    Parameters
    ----------
    command : sequence of str
        The program and its words.
    home : str
        Folder for what bandmate remembers.

    Returns
    -------
    tuple of float
        CPU seconds of it and all that it started, and MB resident in the largest of these.
    """
    observed = [sys.executable, "-c", OBSERVER, *command]
    env = os.environ | {"BANDMATE_HOME": home}
    told = subprocess.run(observed, env=env, check=True, capture_output=True, text=True).stdout
    seconds, kilobytes = map(float, told.split())
    return seconds, kilobytes / 1024.0


def machine() -> str:
    """Name the machine and the date, for the line above a table."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        lines = cpuinfo.read_text().splitlines()
        model = next((line.split(":")[1].strip() for line in lines if "model name" in line), model)
    today = datetime.now(UTC).date().isoformat()
    return f"{today}, {model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Draw a Markdown table; floats are shown with three figures."""

    def cell(value: object) -> str:
        return f"{value:.3g}" if isinstance(value, float) else str(value)

    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return "\n".join(lines)


def publish(section: str, text: str) -> None:
    """Print a section; with ``--write`` on the command line, also keep it in docs/benchmarks.md."""
    body = f"{machine()}\n\n{text}\n"
    print(f"## {section}\n\n{body}")
    if "--write" not in sys.argv:
        return
    page = PAGE.read_text() if PAGE.exists() else "# Benchmarks\n"
    before, mark, rest = page.partition(f"\n## {section}\n")
    after = rest.partition("\n## ")
    tail = f"\n## {after[2]}" if mark and after[1] else ""
    PAGE.write_text(f"{before.rstrip()}\n\n## {section}\n\n{body}{tail}")
