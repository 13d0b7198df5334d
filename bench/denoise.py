"""Noise removal beside its peers: how clean, how unharmed, how fast, each noise its own row.

``python -m bench.denoise [--write] [--development] [--long] [--pieces] [--kinds KIND,...]
[--levels DB,...] [--tools TOOL|...] [--skip TROUBLE,...] [--scores FILE]``; the sounds are found
where ``BANDMATE_TEST_DATA`` says. Takes are mixed from them with seeds; figures are of takes that
nothing was tried on, unless ``--development`` asks for the others. ``--pieces`` also runs each
repair alone, ``--long`` an hour. With ``--scores FILE`` one run may be done in several parts:
tables and verdicts are of all that is in the file.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from assistant.material import Samples
from bench import denoise_cases
from bench.denoise_cases import KINDS, LEVELS_DB, MOVING, STATIONARY, Case
from bench.denoise_effort import effort_table, efforts
from bench.denoise_material import Half
from bench.denoise_own import STAGE, pieces, stage
from bench.denoise_peers import PEERS, missing, run
from bench.denoise_scores import HEARD_AT_DB, Score, Tool, keeping, kept, scored
from bench.denoise_tables import (
    Effort,
    Scores,
    clean_table,
    effects_table,
    noise_table,
    places_table,
    voice_table,
)
from bench.denoise_verdicts import verdicts
from bench.report import publish

TROUBLES = ("noise", "hum", "clicks", "clipping", "clean", "effort")
MENDERS: Mapping[str, tuple[str, ...]] = {
    "hum": ("dehum alone",),
    "clicks": ("declick alone", "grooveclean", "ffmpeg adeclick", "ffmpeg adeclick, tuned"),
    "clipping": ("declip alone", "ffmpeg adeclip"),
}
BY_PRINT = ("ffmpeg afftdn, sampled", "ffmpeg afftdn, told bands", "sox noisered")
VOICE_NETS = (
    "DeepFilterNet 3",
    "RNNoise",
    "voice net alone",
)  # they destroy music at any level: one is enough

ABOUT = (
    "Clean clips with noise mixed in, at 0, 10 and 20 dB; what is reported shares no part of a"
    " clip, of a noise, and no seed with what the stage was developed on. A take begins with"
    " 1.5 s of noise alone, which is not counted. Every tool that takes a print is given one, of"
    " another part of the noise. All gains are of SI-SDR, in dB, all channels at one scale."
)
ABOUT_NOISE = "Mean gain at 0 / 10 / 20 dB; voice nets hear music at 10 dB alone."
ABOUT_SPEECH = "Speech, over all noises and levels."
ABOUT_EFFECTS = (
    "Musical noise: logarithm of the kurtosis ratio, where there is noise alone. Onsets: mean level"
    " against the clean ones, in dB. Both in stationary noise at 10 dB. Speed: channels one after"
    " the other, one core, nothing loaded anew."
)
ABOUT_CLEAN = (
    "Clean clips, and made sounds that set traps: notes at 50 and 60 Hz, a drone, a square wave,"
    " rims, hi-hats, brushes, a riser. Nothing takes a print here, so that tools that need one are"
    " left out."
)
ABOUT_PLACES: Mapping[str, str] = {
    "hum": "Mean SI-SDR with mains hum at 0, 10 and 20 dB.",
    "clicks": f"Mean SI-SDR with clicks and crackle at {denoise_cases.CLICKS_DB:g} dB.",
    "clipping": (
        f"Mean SI-SDR of peaks that were {denoise_cases.CLIPPING_DB:g} dB over where they were cut"
        f" off, the first {denoise_cases.CLIPPING_SECONDS:g} s of each clip."
    ),
}
ABOUT_EFFORT = "From file to file in fresh processes, start-up and all, with a print."


def tools(words: argparse.Namespace) -> dict[str, Tool]:
    """Return what is compared: nothing done, ours, and the peers that are here."""
    found: dict[str, Tool] = {"input": lambda case: case.noisy.samples}
    found |= stage()
    if words.pieces:
        found |= pieces()
    found |= {name: partial(_by_peer, name) for name in PEERS if not missing(PEERS[name])}
    if words.tools:
        found = {name: tool for name, tool in found.items() if name in words.tools.split("|")}
    return found


def _by_peer(name: str, case: Case) -> Samples:
    return run(PEERS[name], case.noisy, case.print)


def compare(half: Half, words: argparse.Namespace) -> Iterator[Score]:
    """Score every tool on the takes that it is for; all of them on what is clean."""
    found = tools(words)
    skipped = words.skip.split(",")
    kinds = [kind for kind in KINDS if kind in words.kinds.split(",")]
    cases = getattr(denoise_cases, half)
    _warm(found)
    levels_db = [float(level) for level in words.levels.split(",")]
    if "noise" not in skipped:
        for case in cases(kinds, (*STATIONARY, *MOVING), levels_db):
            voices = case.kind in {"speech", "singing"} or case.level_db == HEARD_AT_DB
            heard = [name for name in _against("noise", found) if voices or name not in VOICE_NETS]
            yield from _told([case], {name: found[name] for name in heard})
    for trouble in MENDERS:
        if trouble not in skipped:
            chosen = {name: found[name] for name in _against(trouble, found)}
            yield from _told(cases(kinds, (trouble,), levels_db), chosen)
    if "clean" not in skipped:
        alone = {name: tool for name, tool in found.items() if name not in BY_PRINT}
        yield from _told(denoise_cases.clean(half), alone)


def _against(trouble: str, found: Iterable[str]) -> list[str]:
    """Choose the tools that are for a trouble; denoisers are tried on hum as well."""
    menders = {name for names in MENDERS.values() for name in names}
    mine = {"input", STAGE, *MENDERS.get(trouble, ())}
    if trouble in {"clicks", "clipping"}:
        return [name for name in found if name in mine]
    return [name for name in found if name in mine or name not in menders]


def _warm(found: Mapping[str, Tool]) -> None:
    """Let every tool load what it loads once; that is not charged."""
    for kind in ("speech", "instrument"):
        first = next(denoise_cases.development((kind,), ("hiss",), (10.0,)))
        for name, tool in found.items():
            if name not in MENDERS["clicks"]:  # they are slow, and are not timed
                tool(first)


def _told(cases: Iterable[Case], found: Mapping[str, Tool]) -> Iterator[Score]:
    """Say where it is, on a terminal: this takes long."""
    for score in scored(cases, found):
        if sys.stderr.isatty():
            where = f"{score.noise}, {score.name}, {score.tool}"
            print(f"\r{where:78}", end="", file=sys.stderr)
        yield score


def main() -> None:
    """Run and publish."""
    if "BANDMATE_TEST_DATA" not in os.environ:
        sys.exit("BANDMATE_TEST_DATA should name the folder that holds the sounds")
    words = _words()
    half: Half = "development" if words.development else "reported"
    scores = _all(half, words)
    costs = [] if "effort" in words.skip.split(",") else _costs(half, words)
    absent = ", ".join(name for name, peer in PEERS.items() if missing(peer)) or "none"
    parts = [f"{ABOUT} Not installed: {absent}.", *_tables(scores)]
    if costs:
        parts += [ABOUT_EFFORT, effort_table(costs)]
    if STAGE in scores.tools:
        parts += ["What was to be reached, over the best of the peers named.",
                  verdicts(scores, STAGE, costs)]  # fmt: skip
    title = "Noise removal" if half == "reported" else "Noise removal, development"
    publish(title, "\n\n".join(parts))


def _all(half: Half, words: argparse.Namespace) -> Scores:
    """Score what is asked for; with a file, together with what was scored before."""
    if not words.scores:
        return Scores(tuple(compare(half, words)))
    file = Path(words.scores)
    before = kept(file)
    return Scores((*before, *keeping(compare(half, words), file)))


def _tables(scores: Scores) -> Iterator[str]:
    for kind in KINDS:
        if scores.of(kinds=[kind], noises=(*STATIONARY, *MOVING)).all:
            yield f"{kind.capitalize()}. {ABOUT_NOISE}"
            yield noise_table(scores, [kind])
            if kind == "speech":
                yield ABOUT_SPEECH
                yield voice_table(scores)
    if scores.of(noises=STATIONARY).all:
        yield ABOUT_EFFECTS
        yield effects_table(scores)
    for trouble, about in ABOUT_PLACES.items():
        if scores.of(noises=[trouble]).all:
            yield about
            yield places_table(scores, trouble)
    if scores.of(noises=["none"]).all:
        yield ABOUT_CLEAN
        yield clean_table(scores)


def _costs(half: Half, words: argparse.Namespace) -> list[Effort]:
    cases = getattr(denoise_cases, half)
    chosen = [next(cases((kind,), ("hiss",), (10.0,))) for kind in ("speech", "instrument")]
    here = [name for name in tools(words) if name in PEERS]
    return efforts(chosen, here, own=STAGE in tools(words), long=words.long)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for flag in ("write", "development", "pieces", "long"):
        parser.add_argument(f"--{flag}", action="store_true")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--levels", default=",".join(f"{level:g}" for level in LEVELS_DB))
    parser.add_argument("--tools", default="", help="parted by |")
    parser.add_argument("--skip", default="", help=f"of {', '.join(TROUBLES)}")
    parser.add_argument("--scores", default="", help="a file for one run in several parts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
