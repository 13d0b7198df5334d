"""Pitch correction beside its peers: trackers, resynthesis, and whole correctors.

``python -m bench.pitch [--write] [--long]``; real singing and some of the tunes are found where
``BANDMATE_TEST_DATA`` says. Every take is made from a seed, with all that is sung known; figures
are of seeds that nothing was tried on. ``--long`` adds ten minutes and an hour from file to file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.material import Audio, Samples, Score
from bench.pitch_cases import DEVELOPMENT, REPORTED, Take, Truth, take, takes
from bench.pitch_effort import long_rows
from bench.pitch_measures import (
    Heard,
    centres,
    hear,
    onset_shifts_ms,
    unvoiced_snr_db,
    wobbles,
)
from bench.pitch_peers import PEERS, Made, missing, run
from bench.pitch_real import REPORTED as REPORTED_REAL
from bench.pitch_real import real_takes
from bench.pitch_resynthesis import resynthesis_section
from bench.pitch_trackers import trackers_section
from bench.report import publish, table

Array = NDArray[np.float64]
Corrector: TypeAlias = Callable[[Truth], Made]

IN_TUNE_CENTS = 25.0
RIGHT_CENTS = 50.0
MOVED_CENTS = 10.0
TAKES = 6

HEAD = (
    "MAE cents", "within 25 c", "right note", "moved right", "wrong moved", "unvoiced SNR dB",
    "wobble", "onset ms", "lost", "x real time",
)  # fmt: skip


@dataclass
class Tally:
    """What a corrector made of the takes of a set; arrays hold one value a note."""

    before: list[Array] = field(default_factory=list)
    after: list[Array] = field(default_factory=list)
    steadiness: list[Array] = field(default_factory=list)
    snrs: list[float] = field(default_factory=list)
    onsets: list[Array] = field(default_factory=list)
    sounded: float = 0.0
    spent: float = 0.0

    def add(self, take: Truth, was: Heard, made: Made) -> None:
        """Measure one take, of which it was heard what it was."""
        given = take.audio
        now = heard(take, made.samples)
        self.before.append(100.0 * (take.centres - take.meant))
        self.after.append(100.0 * (centres(now, take) - take.meant))
        self.steadiness.append(np.stack([wobbles(was, take), wobbles(now, take)]))
        self.snrs.append(unvoiced_snr_db(take, made.samples))
        self.onsets.append(onset_shifts_ms(take, given.samples, made.samples))
        self.sounded += given.seconds
        self.spent += made.seconds

    def row(self) -> list[object]:
        """Sum up, in the order of `HEAD`."""
        before, every = np.concatenate(self.before), np.concatenate(self.after)
        lost = np.isnan(every)
        after = np.where(lost, 200.0, every)  # a note that cannot be heard any more
        right = np.abs(after) < RIGHT_CENTS
        moved = np.abs(after - before) > MOVED_CENTS
        wrong = np.abs(before) > IN_TUNE_CENTS
        was, now = np.concatenate(self.steadiness, axis=1)
        late = np.concatenate(self.onsets)
        both = ~np.isnan(was) & ~np.isnan(now)
        return [
            round(float(np.abs(every[~lost]).mean()), 1),
            percent(np.abs(after) <= IN_TUNE_CENTS),
            percent(right),
            percent(right[moved]),
            percent(moved[wrong]),
            f"{min(self.snrs):.0f}..{max(self.snrs):.0f}",
            round(float(np.sqrt(np.mean(now[both] ** 2) / np.mean(was[both] ** 2))), 2),
            round(float(np.abs(late).mean()), 2) if late.size else "-",
            int(lost.sum()),
            round(self.sounded / self.spent) if self.spent else "-",
        ]


def percent(which: Array | NDArray[np.bool_]) -> str:
    """Write a share."""
    return f"{100.0 * float(np.mean(which)):.1f} %" if which.size else "-"


def heard(take: Truth, samples: Samples) -> Heard:
    """Measure the fundamental of a take, or of what was made of it."""
    return hear(samples, take.audio.rate, float(take.meant.min()), float(take.meant.max()))


def untouched(take: Truth) -> Made:
    """Leave a take as it is."""
    return Made(take.audio.samples, 0.0)


def exactly(take: Truth) -> Made:
    """Sing a made take again with each note where it was meant: the floor of the measures."""
    return Made(take.corrected().samples if isinstance(take, Take) else take.audio.samples, 0.0)


def by_peer(name: str, take: Truth) -> Made:
    """Correct with one of the peers, told the scale."""
    return run(PEERS[name], take.audio, take.steps)


def bandmate(take: Truth, **settings: str | Score) -> Made:
    """Correct with the stage, its first suggestion, told the key or the score."""
    from assistant import engine
    from assistant.contract import Context, Request, Suggestion
    from bridge import presets

    context = Context(count=1, shelf=presets.data, weights=presets.weights)
    before = time.process_time()
    given = settings or {"key": take.key}
    for said in engine.run(Request("pitch", take.audio, given, context)):
        if isinstance(said, Suggestion):
            made = said.material["main"]
            assert isinstance(made, Audio)
            return Made(made.samples, time.process_time() - before)
    raise RuntimeError("the stage made no suggestion")


def with_score(take: Truth) -> Made:
    """Correct with the stage, told the score."""
    return bandmate(take, score=take.score)


def correctors() -> dict[str, Corrector]:
    """Return what is compared: nothing done, the stage where it exists, and the peers here."""
    from assistant import engine

    found: dict[str, Corrector] = {"input": untouched}
    if any(stage.name == "pitch" for stage in engine.stages()):
        found |= {"bandmate, key": bandmate, "bandmate, score": with_score}
    here = [name for name, peer in PEERS.items() if not missing(peer)]
    return found | {name: partial(by_peer, name) for name in here}


def compare(cases: Iterable[Truth], tools: dict[str, Corrector]) -> str:
    """Correct each take with each tool, and draw the table, with the nearest-note ceiling."""
    tallies = {name: Tally() for name in tools}
    nearest: list[NDArray[np.bool_]] = []
    far: list[NDArray[np.bool_]] = []
    for case in cases:
        nearest.append(case.nearest == case.meant)
        far.append(np.abs(case.centres - case.meant) > 1.5)
        was = heard(case, case.audio.samples)
        for name, tool in tools.items():
            tallies[name].add(case, was, tool(case))
    if not nearest:
        return "Not there: BANDMATE_TEST_DATA does not name the folder."
    rows = [[name, *tally.row()] for name, tally in tallies.items()]
    notes = sum(each.size for each in nearest)
    return (
        f"{len(nearest)} takes, {notes} notes; the nearest note of the scale is the one meant for"
        f" {percent(np.concatenate(nearest))}; {percent(np.concatenate(far))} are sung over 150"
        f" cents off.\n\n{table(['', *HEAD], rows)}"
    )


def main(words: Sequence[str]) -> None:
    """Run and publish."""
    absent = ", ".join(name for name, peer in PEERS.items() if missing(peer)) or "none"
    trackers_section()
    resynthesis_section()
    tools = correctors()
    for tool in tools.values():  # what is loaded once is not charged
        tool(take("good", DEVELOPMENT[0], 4))
    ideal: dict[str, Corrector] = {"sung as meant": exactly}
    good = compare(takes("good", REPORTED[:TAKES]), ideal | tools)
    rough = compare(takes("rough", REPORTED[:TAKES]), ideal | tools)
    real = compare(real_takes(REPORTED_REAL), tools)
    costs = f"\n\n{long_rows()}" if "--long" in words else ""
    publish(
        "Pitch correction",
        "Error of the middle of each note against the note meant (Praat's autocorrelation), after"
        " correction; peers are told the scale. Right note: within 50 cents of it. Moved right: of"
        f" the notes moved by more than {MOVED_CENTS:g} cents. Wrong moved: of those sung more than"
        f" {IN_TUNE_CENTS:g} cents off. Unvoiced: input over change where nothing is voiced, lowest"
        " and highest take (150: identical). Wobble: strays of the pitch inside notes, after over"
        " before. Onset: mean shift of notes that begin with a consonant. Lost: notes whose pitch"
        " cannot be heard any more. Sung as meant: the same performance made anew at the right"
        " pitches, what the measures can reach. Speed: CPU time, one thread."
        f" Not installed: {absent}.\n\n"
        f"Synthetic takes, good singers: {good}\n\nSynthetic takes, rough singers: {rough}\n\n"
        f"Real singing, detuned: {real}{costs}",
    )


if __name__ == "__main__":
    main(sys.argv[1:])
