"""Melody ideas: how fast many become few, how like people's they are, how unlike each other.

``python -m bench.melody [--write] [--songs POP909.json.gz]``. The songs, where they are given, are
the ``valid`` part of POP909: its stretches of eight bars are measured by the same figures. Peers
are measured where they are installed: a Markov chain over music21 notes written by music21, one by
isobar's PMarkov, and a second-order chain in plain Python.
"""

from __future__ import annotations

import dataclasses
import importlib
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.contract import Context, Request, Suggestion
from assistant.engine import run
from assistant.material import Meter, Note, Score, Tempo, Track
from assistant.models.copying import Runs
from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from assistant.models.tune_checks import copied, novelty
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import read_key
from assistant.theory.tune.choosing import choose
from assistant.theory.tune.frame import Frame, Stretch, bar_lines, make_frame, measures
from assistant.theory.tune.passage import Passage
from assistant.theory.tune.phrasing import forms, phrases
from assistant.theory.tune.places import Taste, no_notes
from assistant.theory.tune.proposals import Proposals
from assistant.theory.tune.rhythm import Given, Manner, make_rhythms
from assistant.theory.tune.rows import Rhythms
from assistant.theory.tune.score import melody_notes
from assistant.theory.tune.search import Best, Canvas, Wanted, search
from bench.report import publish, table
from bridge.midi.score import bytes_from_score
from bridge.presets import data, weights

MANY, NOTES, SHOWN, FEW = 10_000, 64, 20, 512
BARS = 16
PEER_TUNES = 100
SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76, 77, 79)


def canvas() -> Canvas:
    """Lay out sixteen bars of C Am F G, with rhythms of 64 notes."""
    lines = measures(bar_lines((Meter(0.0, 4, 4),), 0, BARS))
    chords = [read_chord(name) for name in ("C", "Am", "F", "G")]
    over = [Stretch(bar.start, bar.end, chords[at % 4]) for at, bar in enumerate(lines)]
    frame = make_frame(lines, read_key("C"), over, 60.0, 79.0)
    breaths, nothing = phrases(lines), np.zeros(frame.slots, dtype=bool)
    found, rng = forms(len(breaths)), np.random.default_rng(1)
    tables = Proposals.read(weights("proposals-pop"))
    rhythms = make_rhythms(
        frame, breaths, found, Manner(0.45), Given(nothing, nothing), tables.cell, 4_000, rng
    )
    return Canvas(frame, breaths, found, exactly(rhythms, NOTES), no_notes(frame), 96.0)


def exactly(rhythms: Rhythms, notes: int) -> Rhythms:
    """Keep the rhythms of so many notes."""
    rows = np.flatnonzero(rhythms.counts == notes)
    kept: dict[str, Any] = {
        side.name: getattr(rhythms, side.name)[rows] for side in dataclasses.fields(rhythms)
    }
    for name in ("starts", "lengths", "phrase", "source", "ends"):
        kept[name] = kept[name][:, :notes]
    return Rhythms(**kept)


def judged(best: Best, frame: Frame, net: MelodyNet) -> NDArray[np.float32]:
    """Ask the network."""
    chord = frame.harmony[best.starts]
    roots = np.array([one.pitch_classes[0] for one in frame.chords])
    tones = np.array([np.isin(np.arange(12), one.pitch_classes) for one in frame.chords])
    return novelty(
        net,
        Melodies(
            best.tunes.pitches,
            best.tunes.lengths,
            best.starts,
            0,
            "maj",
            roots[chord],
            tones[chord].astype(np.float32),
        ),
        best.tunes.there,
        best.new,
    )


def many_then_few(net: MelodyNet, runs: Runs, folder: Path) -> dict[str, float]:
    """Write, check and rank many tunes, and write few of them as files; time each part.

    Returns
    -------
    dict of str to float
        CPU seconds by part, and how many different tunes there were.
    """
    spent: dict[str, float] = {}
    mark = time.process_time()

    def lap(name: str) -> None:
        nonlocal mark
        spent[name] = time.process_time() - mark
        mark = time.process_time()

    tables = Proposals.read(weights("proposals-pop"))
    laid = canvas()
    lap("rhythms")
    copies = partial(copied, runs)
    best = search(laid, Wanted(Taste(), 0.3, MANY, FEW), tables, np.random.default_rng(0), copies)
    lap("written, checked, ranked by tables, compared to what was learned from")
    bits = judged(best, laid.frame, net)
    lap(f"best {FEW} ranked by the network")
    mean, deviation = tables.heard.tolist()
    walk = choose([best], [bits], (mean, deviation), 0.3)
    shown = [idea.row for idea in islice(walk, SHOWN)]
    lap(f"{SHOWN} that differ")
    write(best, shown, laid.frame, folder)
    lap(f"{SHOWN} .mid files")
    spent["different"] = float(best.written)
    return spent


def write(best: Best, shown: list[int], frame: Frame, folder: Path) -> None:
    """Write tunes as MIDI files."""
    lines = bar_lines((Meter(0.0, 4, 4),), 0, BARS)
    passage = Passage("new", 0, (True,) * BARS, lines)
    for n, row in enumerate(shown):
        sides = (best.starts[row], best.tunes.lengths[row], best.tunes.pitches[row])
        columns = [side.tolist() for side in sides]
        notes = melody_notes((columns[0], columns[1], columns[2]), frame, passage, 0.5,
                             np.random.default_rng(n))  # fmt: skip
        score = Score((Track("melody", notes),), (Tempo(0.0, 96.0),))
        (folder / f"{n}.mid").write_bytes(bytes_from_score(score))


def by_chain(folder: Path) -> None:
    """Write tunes of a second-order chain in plain Python, with our writer."""
    dice = random.Random(0)  # noqa: S311
    learned: dict[tuple[int, int], list[int]] = defaultdict(list)
    walk = [dice.choice(SCALE) for _ in range(2_000)]
    for one, two, three in zip(walk, walk[1:], walk[2:], strict=False):
        learned[one, two].append(three)
    for tune in range(PEER_TUNES):
        line = [60, 62]
        while len(line) < NOTES:
            line.append(dice.choice(learned[line[-2], line[-1]] or SCALE))
        notes = tuple(Note(float(pitch), at * 0.5, 0.5) for at, pitch in enumerate(line))
        (folder / f"{tune}.mid").write_bytes(bytes_from_score(Score((Track("melody", notes),))))


def by_music21(folder: Path) -> None:
    """Write tunes of a chain as music21 streams, with its writer."""
    music21 = importlib.import_module("music21")
    dice = random.Random(0)  # noqa: S311
    for tune in range(PEER_TUNES):
        stream = music21.stream.Stream()
        place = 0
        for _ in range(NOTES):
            place = min(len(SCALE) - 1, max(0, place + dice.choice((-2, -1, 1, 2))))
            stream.append(music21.note.Note(SCALE[place], quarterLength=0.5))
        stream.write("midi", str(folder / f"{tune}.mid"))


def by_isobar(folder: Path) -> None:
    """Draw tunes with isobar's PMarkov, with our writer."""
    isobar = importlib.import_module("isobar")
    learner = isobar.MarkovLearner()
    for pitch in np.random.default_rng(0).choice(SCALE, 2_000).tolist():
        learner.register(pitch)
    for tune in range(PEER_TUNES):
        chain = isobar.PMarkov(learner.markov.nodes)
        line = [next(chain) for _ in range(NOTES)]
        notes = tuple(Note(float(pitch), at * 0.5, 0.5) for at, pitch in enumerate(line))
        (folder / f"{tune}.mid").write_bytes(bytes_from_score(Score((Track("melody", notes),))))


def timed_peer(how: Callable[[Path], None]) -> list[object]:
    """Time a peer over some tunes; scaled to as many as ours."""
    with tempfile.TemporaryDirectory() as folder:
        how(Path(folder))
        before = time.process_time()
        how(Path(folder))
        spent = time.process_time() - before
    return [PEER_TUNES, spent, spent * MANY / PEER_TUNES]


def measured_ideas() -> dict[str, list[float]]:
    """Measure the ideas of many seeds."""
    found: dict[str, list[float]] = defaultdict(list)
    for seed in range(20):
        request = Request("melody", None, {}, Context(seed, 8, data, weights=weights))
        for idea in (answer for answer in run(request) if isinstance(answer, Suggestion)):
            for name, quantity in idea.measured.items():
                found[name].append(float(quantity.after or 0.0))
            _add(found, idea)
    return found


def _add(found: dict[str, list[float]], idea: Suggestion) -> None:
    score = idea.material["main"]
    assert isinstance(score, Score)
    notes = score.tracks[0].notes
    moved = np.abs(np.diff([note.pitch for note in notes]))
    bar = score.meters[0].bar_beats
    found["entropy (bits)"].append(entropy([round(note.pitch) for note in notes]))
    found["groove consistency"].append(groove([note.start for note in notes], bar))
    found["repeats (%)"].append(100.0 * float(np.mean(moved == 0)))
    found["leaps (%)"].append(100.0 * float(np.mean(moved > 4)))
    found["mean interval (semitones)"].append(float(np.mean(moved)))


def entropy(pitches: list[int]) -> float:
    """Measure the entropy of the pitch classes (MusPy's definition), bits."""
    share = np.bincount(np.array(pitches) % 12, minlength=12) / len(pitches)
    return float(-(share[share > 0] * np.log2(share[share > 0])).sum())


def groove(starts: list[float], bar: float) -> float:
    """Measure how alike the onsets of neighbouring bars are (MusPy's definition)."""
    slots = round(bar * 4)
    bars = np.zeros((int(max(starts) // bar) + 1, slots), dtype=bool)
    for start in starts:
        bars[int(start // bar), min(slots - 1, round(start % bar * 4))] = True
    if len(bars) < 2:
        return 1.0
    return float(1.0 - np.mean(bars[1:] != bars[:-1]))


def people(path: Path) -> dict[str, list[float]]:
    """Measure the stretches of eight bars of the ``valid`` songs by the same figures."""
    corpora = importlib.import_module("training.corpora")
    proposals = importlib.import_module("training.proposals")
    lines = [proposals.read_line(song) for song in corpora.load(path).part("valid")]
    found: dict[str, list[float]] = defaultdict(list)
    for line, here in proposals.windows(lines):
        pitches, lengths = line.pitch[here], line.length[here]
        moved = np.abs(np.diff(pitches))
        found["notes"].append(float(len(pitches)))
        found["range"].append(float(np.ptp(pitches)))
        found["chord_fit"].append(float(100.0 * (lengths * line.fits[here]).sum() / lengths.sum()))
        found["entropy (bits)"].append(entropy(pitches.tolist()))
        starts = line.start[here] - line.start[here][0] // 16 * 16
        found["groove consistency"].append(groove((starts / 4.0).tolist(), 4.0))
        found["repeats (%)"].append(100.0 * float(np.mean(moved == 0)))
        found["leaps (%)"].append(100.0 * float(np.mean(moved > 4)))
        found["mean interval (semitones)"].append(float(np.mean(moved)))
    heard = Proposals.read(weights("proposals-pop")).heard
    found["novelty"] = [float(heard[0])]
    return found


def overlap(ours: list[float], theirs: list[float]) -> float:
    """Measure the area that two histograms share, 0.0 to 1.0."""
    edges = np.histogram_bin_edges(np.array([*ours, *theirs]), bins=20)
    one, two = (np.histogram(side, edges)[0] / len(side) for side in (ours, theirs))
    return float(np.minimum(one, two).sum())


def likeness(ours: dict[str, list[float]], theirs: dict[str, list[float]]) -> str:
    """Draw the table of figures."""
    rows: list[list[object]] = []
    for name, values in ours.items():
        known = theirs.get(name, [])
        people_ = float(np.mean(known)) if known else ""
        shared = overlap(values, known) if len(known) > 1 else ""
        rows.append([name.replace("_", " "), float(np.mean(values)), people_, shared])
    return table(["figure", "ideas", "people (POP909 valid)", "overlap"], rows)


def main() -> None:
    """Measure and publish."""
    net, runs = MelodyNet(weights("melody-pop")), Runs(weights("melody-runs-pop"))
    with tempfile.TemporaryDirectory() as folder:
        rounds = [many_then_few(net, runs, Path(folder)) for _ in range(5)]
    best = min(rounds[1:], key=lambda one: sum(one.values()) - one["different"])
    different = best.pop("different")
    parts = [[name, seconds] for name, seconds in best.items()]
    speed = table(["part", "CPU seconds"], [*parts, ["in all", sum(best.values())]])
    peers: list[list[object]] = []
    for name, how in {"second-order chain in plain Python": by_chain,
                      "music21": by_music21, "isobar PMarkov": by_isobar}.items():  # fmt: skip
        try:
            peers.append([name, *timed_peer(how)])
        except ImportError:
            print(f"{name} is not installed", file=sys.stderr)
    beside = table(["peer, unchecked and unranked", "tunes", "CPU seconds", f"for {MANY}"], peers)
    songs = sys.argv[sys.argv.index("--songs") + 1] if "--songs" in sys.argv else ""
    figures = likeness(measured_ideas(), people(Path(songs)) if songs else {})
    publish(
        "Melody ideas",
        f"{different:.0f} different tunes of {NOTES} notes, warm, one core, the best of four"
        f" rounds:\n\n{speed}\n\n{beside}\n\n8 ideas of 20 seeds, nothing asked for:\n\n{figures}",
    )


if __name__ == "__main__":
    main()
