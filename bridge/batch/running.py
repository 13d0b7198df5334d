"""Running a batch: files to workers, results to their names, and each step into the ledger.

What a kill leaves behind is made good when the same words are said again: results lie whole in a
folder of their own, where only the batch that runs now looks, until the ledger says where they go.
"""

from __future__ import annotations

import secrets
import shutil
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeAlias

from assistant.errors import BandmateError, Crashed, FileError, TooLong
from bridge import disk, names
from bridge.batch import landing
from bridge.batch.landing import Goal
from bridge.batch.ledger import HOME, Ledger, Outcome, Row, Stamp
from bridge.batch.task import perform
from bridge.order import Order

__all__ = ["Batch"]

_AWAKE_SECONDS = 1.0  # on Windows, Ctrl-C is heard only between two waits

Answer: TypeAlias = Future[dict[str, Any]]


@dataclass
class Batch:
    """One request on the files of one folder.

    Parameters
    ----------
    order : Order
        What is done with each file; its paths are passed over.
    folder, out : Path
        Where the files are, and where results go.
    ledger : Ledger
        Open, in `out`.
    request : int
        The request, as the ledger knows it.
    """

    order: Order
    folder: Path
    out: Path
    ledger: Ledger
    request: int
    _drafts: Path = field(default_factory=lambda: Path(HOME, "doing", secrets.token_hex(4)))
    _twins: frozenset[Path] = frozenset()

    def resume(self, found: Mapping[Path, Stamp]) -> list[Row]:
        """Make good what a kill cut short, and write down what there is to do.

        Parameters
        ----------
        found : mapping of Path to Stamp
            The files, below the folder.

        Returns
        -------
        list of Row
            The files that are to be worked on.
        """
        self.mend()
        self.ledger.enlist(self.request, found)
        self._twins = _twins(found)
        return self.ledger.rows(self.request, "queued")

    def mend(self) -> None:
        """Give whole results their names, and remove what workers began and did not end."""
        for row in self.ledger.unplaced():
            moves = {here: Goal(*goal) for here, goal in row.moves.items()}
            if landing.at_hand(self.out, moves):
                self._land(row.key, row.outcome, moves, again=True)
            else:  # somebody took them away
                self.ledger.queue(row.key)
        shutil.rmtree(self.out / HOME / "doing", ignore_errors=True)

    def run(
        self, rows: Iterable[Row], executor: Executor, at_once: int, heard: Callable[[Row], None]
    ) -> None:
        """Work on files until all are done or have failed.

        A file whose worker died is tried once more, with nothing beside it, after all others.

        Parameters
        ----------
        rows : iterable of Row
            From `resume`.
        executor : Executor
            Calls `perform`, anywhere where the folder and the out folder are.
        at_once : int
            How many files it is given ahead.
        heard : callable
            Is told each file as it ends.
        """
        lost = self._work(rows, executor, at_once, heard, last=False)
        for row in lost:
            self._work([row], executor, 1, heard, last=True)
        self.mend()

    def _work(
        self,
        rows: Iterable[Row],
        executor: Executor,
        at_once: int,
        heard: Callable[[Row], None],
        *,
        last: bool,
    ) -> list[Row]:
        """Work on files; those whose worker died come back, or have failed if it was the last."""
        waiting, lost = deque(rows), list[Row]()
        running: dict[Answer, Row] = {}
        while waiting or running:
            while waiting and len(running) < at_once:
                row = waiting.popleft()
                running[self._begin(row, executor)] = row
            for answer in wait(running, _AWAKE_SECONDS, FIRST_COMPLETED).done:
                row = running.pop(answer)
                outcome = _outcome(answer)
                if outcome.code == Crashed.code and not last:
                    lost.append(row)
                else:
                    heard(self._place(row, outcome))
                shutil.rmtree(self.out / self._draft(row), ignore_errors=True)
        return sorted(lost, key=lambda row: row.path)

    def _draft(self, row: Row) -> Path:
        """Name the folder, below the out folder, where the worker of a file writes."""
        return self._drafts / str(row.key)

    def _begin(self, row: Row, executor: Executor) -> Answer:
        """Hand a file to a worker."""
        path = self.folder / row.path
        stamp = None
        with suppress(OSError):  # the worker will say what is wrong with it
            stamp = Stamp.of(path)
        self.ledger.doing(row.key, stamp)
        draft = self.out / self._draft(row)
        return executor.submit(perform, asdict(replace(self.order, path=str(path), out=str(draft))))

    def _place(self, row: Row, outcome: Outcome) -> Row:
        """Give results their names, and write down that the file has ended."""
        here = [
            landing.renamed(one, lambda path: str(Path(path).relative_to(self.out)))
            for one in outcome.suggestions
        ]
        # Where it was being made is no business of the musician's.
        text = outcome.text.replace(str(self.out / self._draft(row)), str(self.out))
        outcome = replace(outcome, suggestions=here, text=text)
        moves: dict[str, Goal] = {}
        if here:
            stem = row.path.name if row.path in self._twins else row.path.stem
            name = row.path.with_name(f"{stem}.{self.order.stage}")
            moves = landing.plan(here, self.out, str(name))
            self.ledger.placing(row.key, outcome, moves)
        return replace(row, **self._land(row.key, outcome, moves, again=False))

    def _land(
        self, key: int, outcome: Outcome, moves: Mapping[str, Goal], *, again: bool
    ) -> dict[str, Any]:
        def note(made: Mapping[str, Goal]) -> None:
            self.ledger.placing(key, outcome, made)

        try:
            with disk.told(f"Nothing can be written in {disk.shown(self.out)}"):
                made = landing.land(self.out, moves, note, again=again)
            there = [
                landing.renamed(one, lambda path: made[path].path) for one in outcome.suggestions
            ]
            outcome = replace(outcome, suggestions=there)
        except FileExistsError as error:
            wrong = FileError(f"{disk.shown(str(error.filename))} is a file, not a folder.")
            outcome = Outcome(code=wrong.code, text=str(wrong))
        except BandmateError as error:
            outcome = Outcome(code=error.code, text=str(error))
        self.ledger.ended(key, outcome)
        return {"state": "failed" if outcome.code else "done", "outcome": outcome}


def _outcome(answer: Answer) -> Outcome:
    """Read what a worker says; whatever an executor raises is a worker that was lost."""
    try:
        said = answer.result()
    except TooLong as error:
        return Outcome(code=error.code, text=str(error))
    except Exception as error:  # noqa: BLE001  every kind of executor has its own
        return Outcome(code=Crashed.code, text=f"{error} It did so twice.")
    code, text = said["error"] or ("", "")
    return Outcome(said["suggestions"], code, text, said["seconds"])


def _twins(paths: Iterable[Path]) -> frozenset[Path]:
    """Find the files whose results would have one name: ``mix.wav`` beside ``mix.flac``."""
    alike: dict[str, list[Path]] = {}
    for path in paths:
        alike.setdefault(names.folded(str(path.with_suffix(""))), []).append(path)
    return frozenset(path for group in alike.values() if len(group) > 1 for path in group)
