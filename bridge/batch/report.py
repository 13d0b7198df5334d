"""What came of a batch, for a spreadsheet and for a browser: ``report.csv`` and ``report.html``."""

from __future__ import annotations

import csv
import io
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from assistant.contract import Quantity
from assistant.reports.frame import frame, row, table
from assistant.reports.style import STYLE
from assistant.reports.words import clock, quantity, safe
from bridge import disk
from bridge.batch.ledger import Ledger, Row

__all__ = ["Page", "as_csv", "as_html", "write"]

_MAIN = (
    *("integrated", "true_peak", "loudness_range"),
    *("pitch_error", "noise_reduction", "untouched"),
)
_STYLE = """
tbody th{text-align:left}th,td{vertical-align:top}summary{cursor:pointer}
details p{margin:.3rem 0 0}
"""
_FEW = 3  # columns of what was measured, where none of the main ones was

_STATES = {"queued": "waiting", "doing": "waiting", "placing": "waiting"}


class Page(NamedTuple):
    """What stands over a page: its title, and a sentence on what was done."""

    title: str
    about: str


def write(rows: Sequence[Row], ledger: Ledger, out: Path, page: Page) -> list[Path]:
    """Write both reports into the out folder, in the place of those of the run before.

    Parameters
    ----------
    rows : sequence of Row
        All files of the request.
    ledger : Ledger
        Knows which reports are the batch's own; others are never replaced.
    out : Path
        The out folder.
    page : Page
        What stands over it.

    Returns
    -------
    list of Path
        The files.
    """
    texts = {".csv": as_csv(rows), ".html": as_html(rows, page)}
    return [_write(text, ending, ledger, out) for ending, text in texts.items()]


def _write(text: str, ending: str, ledger: Ledger, out: Path) -> Path:
    name, again = f"report{ending}", 2
    while (out / name).exists() and not ledger.owns(name):
        name, again = f"report-{again}{ending}", again + 1
    ledger.own(name)
    draft = out / f".{name}.{secrets.token_hex(4)}"
    with disk.told(f"{disk.shown(out / name)} cannot be written"):
        try:
            draft.write_text(text, "utf-8", "backslashreplace", newline="")
            draft.replace(out / name)
        finally:
            draft.unlink(missing_ok=True)
    return out / name


def as_csv(rows: Sequence[Row]) -> str:
    """Write a table with one line a suggestion, or a file that has none.

    Parameters
    ----------
    rows : sequence of Row
        The files.

    Returns
    -------
    str
        File, state, what was suggested and why, two columns for each thing measured, the error.
    """
    units = {
        name: one["unit"]
        for suggestion in _suggestions(rows)
        for name, one in suggestion["measured"].items()
    }
    heads = [
        f"{name} {side}" + (f" [{u}]" if u else "")
        for name, u in units.items()
        for side in ("before", "after")
    ]
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["file", "state", "result", "title", "why", *heads, "error", "seconds"])
    for one in rows:
        outcome = one.outcome
        for said in outcome.suggestions or [_NONE]:
            measured = [
                said["measured"].get(name, {}).get(side)
                for name in units
                for side in ("before", "after")
            ]
            begins = [str(one.path), _state(one), said["file"], said["title"], said["why"]]
            lines.writerow([*begins, *measured, outcome.text, outcome.seconds])
    return text.getvalue()


_NONE: dict[str, Any] = {"file": "", "title": "", "why": "", "measured": {}}


def as_html(rows: Sequence[Row], page: Page) -> str:
    """Draw a page that stands alone: what failed first, then what was done, by file.

    Parameters
    ----------
    rows : sequence of Row
        The files.
    page : Page
        What stands over it.

    Returns
    -------
    str
        HTML; results are links, which hold as long as it stays in the out folder.
    """
    count = Counter(_state(one) for one in rows)
    seconds = sum(one.outcome.seconds for one in rows)
    cards = [(state, str(count[state])) for state in ("done", "failed", "waiting") if count[state]]
    failed = [one for one in rows if one.state == "failed"]
    body = [*_failed(failed), *_done([one for one in rows if one.outcome.suggestions])]
    cards = [("files", str(len(rows))), *cards, ("work", clock(seconds))]
    return frame(page.title, page.about, cards=cards, style=STYLE + _STYLE, body=body)


def _failed(rows: Sequence[Row]) -> Iterator[str]:
    if rows:
        lines = (row(safe(str(one.path)), [("w", safe(one.outcome.text))]) for one in rows)
        yield "<h2>Failed</h2>"
        yield table("Files that failed", [("t", "file"), ("t", "what is wrong")], lines)


def _done(rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    columns = _columns(rows)
    heads = [
        ("t", "file"),
        ("t", "result"),
        *(("", _plain(name)) for name in columns),
        ("t", "why"),
    ]
    lines = (_line(one, said, columns) for one in rows for said in one.outcome.suggestions)
    yield "<h2>Done</h2>"
    yield table("Files that were done", heads, lines)


def _line(one: Row, said: dict[str, Any], columns: Sequence[str]) -> str:
    links = [_link(path) for path in (said["file"], *said["files"].values()) if path]
    told = (said["measured"].get(name) for name in columns)
    figures = [("", quantity(Quantity(**figure)) if figure else "") for figure in told]
    shown = f"<summary>{safe(said['title'])}</summary><p>{safe(said['why'])}</p>"
    why = f"<details>{shown}</details>"
    return row(safe(str(one.path)), [("t", "<br>".join(links)), *figures, ("w", why)])


def _link(path: str) -> str:
    goal = quote(Path(path).as_posix(), errors="surrogateescape")
    return f'<a href="{safe(goal)}">{safe(Path(path).name)}</a>'


def _columns(rows: Iterable[Row]) -> list[str]:
    """Choose what is shown of what was measured; the rest is in the other report."""
    seen = list(dict.fromkeys(name for one in _suggestions(rows) for name in one["measured"]))
    return [name for name in _MAIN if name in seen] or seen[:_FEW]


def _suggestions(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    return (said for one in rows for said in one.outcome.suggestions)


def _state(one: Row) -> str:
    return _STATES.get(one.state, one.state)


def _plain(name: str) -> str:
    return name.replace("_", " ")
