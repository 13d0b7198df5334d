"""The peer of the mix stage: libsonare's assistant, whose scene is read into findings.

``python -m bench.mix_peers [--songs NAME,...] [--tracks N] [--reported]`` prints how it does.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from assistant.material import Session, Stem
from bench.mix_cases import KINDS, cases
from bench.mix_judging import Finding, Findings, Verdict, false_faults, judge
from bench.mix_material import Half
from bench.report import table

__all__ = ["PEERS", "Tool", "missing", "scored", "summary"]

Tool: TypeAlias = Callable[[Session], Findings]

_NOTHING: Findings = ()


def missing(package: str) -> bool:
    """Tell whether a peer is not installed."""
    return importlib.util.find_spec(package) is None


def libsonare(session: Session) -> Findings:
    """Ask `suggest_mix_scene`, with all that it can suggest, high passes too.

    Parameters
    ----------
    session : Session
        Stems from their start on: the peer knows no places.

    Returns
    -------
    sequence of Finding
        Trim and fader are one gain. It does not tell faults from taste: gains (it sets every
        stem to one loudness), pans, compressors and effects are taken as taste, all else as faults.
    """
    package = importlib.import_module("libsonare")
    tracks = [_track(package, stem) for stem in session.stems]
    rate = session.stems[0].audio.rate
    told = package.suggest_mix_scene(tracks, sample_rate=rate, enable_high_pass=True)
    names = {stem.name for stem in session.stems}
    found = [finding for strip in told["scene"]["strips"] if strip["id"] in names
             for finding in _strip(strip, rate)]  # fmt: skip
    return [*found, *_unusable(told["tracks"])]


PEERS: Mapping[str, Tool] = {"libsonare": libsonare}


def scored(tool: Tool, asked: Iterable[Any]) -> Iterator[tuple[Findings, Verdict]]:
    """Score a tool on cases; a song is heard once without its fault.

    Parameters
    ----------
    tool : callable
        Takes a session, returns findings.
    asked : iterable of Case
        Song by song.

    Yields
    ------
    tuple of (sequence of Finding, Verdict)
        What it says of the song without the fault, and how it did.
    """
    last, clean = None, _NOTHING
    for case in asked:
        if case.song is not last:
            last, clean = case.song, tool(case.song.session)
        yield clean, judge(clean, tool(case.session), case.truth)


def summary(verdicts: Iterable[Verdict]) -> str:
    """Draw a table: a row a kind of fault."""
    of = defaultdict(list)
    for verdict in verdicts:
        of[verdict.truth.kind].append(verdict)
    rows = [
        (kind, len(many), sum(one.found for one in many), sum(one.cured for one in many),
         sum(one.beside for one in many) / len(many))
        for kind, many in of.items()
    ]  # fmt: skip
    return table(("fault", "cases", "found", "cured", "new beside it, mean"), rows)


def _track(package: Any, stem: Stem) -> Any:
    left, *right = (np.ascontiguousarray(row) for row in stem.audio.samples)
    return package.MixTrackInput(stem.name, left, right[0] if right else None, stem.name)


def _strip(strip: Mapping[str, Any], rate: int) -> Iterator[Finding]:
    name = strip["id"]
    gain_db = strip["inputTrimDb"] + strip["faderDb"]
    yield Finding("gain", name, unit="dB", gain_db=gain_db, is_taste=True)
    if strip["polarityInvertLeft"] or strip["polarityInvertRight"]:
        yield Finding("polarity", name, -1.0)
    if strip["channelDelaySamples"]:
        yield Finding("delay", name, 1_000.0 * strip["channelDelaySamples"] / rate, "ms")
    if strip["width"] != 1.0:
        yield Finding("width", name, strip["width"])
    if strip["pan"]:
        yield Finding("pan", name, strip["pan"], is_taste=True)
    for insert in strip["inserts"]:
        yield from _insert(name, insert["processor"], insert["params"])


def _insert(name: str, processor: str, params: Mapping[str, Any]) -> Iterator[Finding]:
    if processor == "eq.parametric":
        yield from _bands(name, params)
    elif processor == "dynamics.compressor":
        yield Finding("compressor", name, params["ratio"], ":1", is_taste=True)
    elif processor == "dynamics.gate":
        yield Finding("gate", name, params["thresholdDb"], "dB")
    elif "deess" in processor.lower():
        yield Finding("de-esser", name)
    elif processor == "stereo.monoMaker":
        yield Finding("width", name, 0.0, freq_hz=params["frequencyHz"])
    else:
        yield Finding(processor, name, is_taste=True)


def _bands(name: str, params: Mapping[str, Any]) -> Iterator[Finding]:
    """Read the bands of an equaliser: those with a gain, and high passes, which have none."""
    for place in range(len(params)):
        band = {word.split(".")[1]: value for word, value in params.items()
                if word.startswith(f"band{place}.")}  # fmt: skip
        if not band.get("enabled"):
            continue
        gain = band.get("gainDb", 0.0)
        kind = "eq" if gain else "high-pass"
        yield Finding(kind, name, freq_hz=band["frequencyHz"], gain_db=gain or None)


def _unusable(tracks: Iterable[Mapping[str, Any]]) -> Iterator[Finding]:
    """Read which stems it cannot hear at all."""
    for track in tracks:
        if not track["usable"] and "silen" in track["exclusionReason"].lower():
            yield Finding("dead", track["stripId"])


def main() -> None:
    """Score the peer, and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--songs", default="")
    words.add_argument("--kinds", default=",".join(KINDS))
    words.add_argument("--tracks", type=int, default=3)
    words.add_argument("--reported", action="store_true")
    told = words.parse_args()
    half: Half = "reported" if told.reported else "development"
    only = [name for name in told.songs.split(",") if name]
    begun = time.perf_counter()
    asked = cases(half, told.kinds.split(","), told.tracks, only)
    both = list(scored(libsonare, asked))
    print(summary(verdict for _, verdict in both))
    for clean in {id(clean): clean for clean, _ in both}.values():
        faults = sorted((one.kind, one.target) for one in false_faults(clean))
        print(f"said to be wrong with a good mix: {faults}")
    print(f"{time.perf_counter() - begun:.0f} s for {len(both)} cases")


if __name__ == "__main__":
    main()
