"""What mix suggestions cost from files to files: ten stems of four minutes, in fresh processes.

``python -m bench.mix_effort libsonare FOLDER`` runs the peer over a folder of stems.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from assistant import engine
from assistant.material import Audio, Session, Stem
from bench.mix_material import Song
from bench.mix_peers import PEERS, missing
from bench.mix_scoring import OWN
from bench.report import process_cost, table

__all__ = ["Effort", "effort_table", "efforts", "stems_of"]

STEMS = 10
SECONDS = 240.0


@dataclass(frozen=True)
class Effort:
    """What a tool took for a song.

    Parameters
    ----------
    tool : str
        Its name.
    seconds : float
        How long the song is.
    wall_seconds, cpu_seconds : float
        How long one waits, and what all cores did.
    megabytes : float
        Resident, at most, in the largest process.
    """

    tool: str
    seconds: float
    wall_seconds: float
    cpu_seconds: float
    megabytes: float


def efforts(song: Song, seconds: float = SECONDS) -> list[Effort]:
    """Run bandmate and its peers over long stems.

    Parameters
    ----------
    song : Song
        Whose stems are repeated.
    seconds : float
        How long each is made.

    Returns
    -------
    list of Effort
        One a tool that is here.
    """
    found = []
    with tempfile.TemporaryDirectory() as home:
        stems = Path(home) / "stems"
        stems_of(song, stems, seconds)
        for tool, words in _commands(stems, home).items():
            begun = time.perf_counter()
            cpu_seconds, megabytes = process_cost([sys.executable, "-m", *words], home)
            waited = time.perf_counter() - begun
            found.append(Effort(tool, seconds, waited, cpu_seconds, megabytes))
    return found


def effort_table(found: Sequence[Effort]) -> str:
    """Draw what each tool took, as a Markdown table."""
    rows = [
        [
            one.tool,
            f"{one.wall_seconds:.1f}",
            f"{one.cpu_seconds:.1f}",
            f"{one.seconds / one.wall_seconds:.1f}",
            round(one.megabytes),
        ]
        for one in found
    ]
    return table(["", "seconds", "CPU seconds", "x real time", "MB"], rows)


def stems_of(song: Song, folder: Path, seconds: float, count: int = STEMS) -> None:
    """Write stereo stems of a song, repeated until they last long enough.

    Parameters
    ----------
    song : Song
        Its stems are taken in turn where it has too few.
    folder : Path
        To be made.
    seconds : float
        How long each is.
    count : int
        How many.
    """
    folder.mkdir()
    stems = song.session.stems
    for n in range(count):
        stem = stems[n % len(stems)]
        name = stem.name if n < len(stems) else f"{stem.name} {n // len(stems) + 1}"
        pair = np.resize(stem.audio.samples, (2, stem.audio.frames))
        frames = round(seconds * song.rate)
        path = folder / f"{name}.wav"
        with soundfile.SoundFile(path, "w", song.rate, 2, subtype="PCM_24") as long:
            while long.tell() < frames:
                long.write(pair.T[: frames - long.tell()])


def _commands(stems: Path, home: str) -> Mapping[str, Sequence[str]]:
    """Write the words of every tool, behind ``python -m``."""
    ours = {OWN: ["bridge", "mix", str(stems), "--out", f"{home}/made", "--quiet"]}
    own = ours if "mix" in engine.stage_names() else {}
    here = [name for name in PEERS if not missing(name)]
    return {**own, **{name: ["bench.mix_effort", name, str(stems)] for name in here}}


def main() -> None:
    """Run a peer over a folder."""
    _, tool, folder = sys.argv
    stems = []
    for path in sorted(Path(folder).glob("*.wav")):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        stems.append(Stem(path.stem, Audio(np.ascontiguousarray(samples.T), rate)))
    said = PEERS[tool](Session(tuple(stems)))
    print(f"{len(said)} findings")


if __name__ == "__main__":
    main()
