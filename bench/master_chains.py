"""Whole chains of mastering, ours and the peers': a mix goes in, a master comes out.

``python -m bench.master_chains NAME IN.wav OUT.wav TARGET_LUFS`` masters a file with one of the
peers, so that its time and memory can be measured from outside; a matching peer has the mix itself,
turned round in time, as its reference.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile

from assistant.material import Audio, Samples
from bench.limiters import loudnorm
from bench.limiters import missing as missing_limiter

__all__ = ["CHAINS", "MATCHERS", "Chain", "Matcher", "bandmate", "by_bandmate", "codecs_kept"]

Chain: TypeAlias = Callable[[Audio, float, float], Samples]
Matcher: TypeAlias = Callable[[Audio, Audio, float], Samples]

ONLY_LOUDNESS = {"balance": 0.0, "width": 0.0, "dynamics": 0.0}


def bandmate(audio: Audio, target: float, ceiling_db: float) -> Samples:
    """Master as the stage does when nothing else is asked."""
    return by_bandmate(audio, loudness=target, ceiling=ceiling_db)


def by_bandmate(audio: Audio, **asked: object) -> Samples:
    """Ask the stage for its first suggestion."""
    from assistant import engine
    from assistant.contract import Context, Request, Suggestion
    from bridge import presets
    from bridge.tools import codec

    context = Context(count=1, shelf=presets.data, codec=codec.find())
    answers = engine.run(Request("master", audio, asked, context))
    first = next(one for one in answers if isinstance(one, Suggestion))
    made = first.material["main"]
    assert isinstance(made, Audio)
    return made.samples


def codecs_kept(audio: Audio, target: float, ceiling_db: float, codec: str) -> Samples:
    """Bring a sound to a loudness, and nothing else, so that it holds behind a codec."""
    asked = {"loudness": target, "ceiling": ceiling_db, "codecs": codec}
    return by_bandmate(audio, **ONLY_LOUDNESS, **asked)


def libsonare(audio: Audio, target: float, ceiling_db: float) -> Samples:
    """Master with libsonare's preset for streaming."""
    import libsonare as sonare

    asked = {"loudness.targetLufs": target, "loudness.ceilingDb": ceiling_db}
    left, right = audio.samples
    made = sonare.master_audio_stereo(left, right, audio.rate, "streaming", asked)
    return np.array([made.left, made.right], dtype=np.float32)


def matched_by_bandmate(audio: Audio, reference: Audio, ceiling_db: float) -> Samples:
    """Come nearer to a reference, its loudness included."""
    return by_bandmate(audio, reference=reference, match_loudness=True, ceiling=ceiling_db)


def matched_by_matchering(audio: Audio, reference: Audio, ceiling_db: float) -> Samples:
    """Match with matchering; its ceiling is that of its limiter, so it is set."""
    import matchering

    with tempfile.TemporaryDirectory() as folder:
        files = [f"{folder}/{name}.wav" for name in ("mix", "reference", "made")]
        for file, sound in zip(files, (audio, reference), strict=False):
            soundfile.write(file, sound.samples.T, sound.rate, subtype="FLOAT")
        config = matchering.Config(
            internal_sample_rate=audio.rate, threshold=10.0 ** (ceiling_db / 20.0)
        )
        goal = matchering.Result(files[2], subtype="FLOAT")
        matchering.process(files[0], files[1], [goal], config)
        samples, _ = soundfile.read(files[2], dtype="float32", always_2d=True)
    return np.ascontiguousarray(samples.T)


def matched_by_libsonare(audio: Audio, reference: Audio, ceiling_db: float) -> Samples:
    """Match each channel with libsonare's equaliser, then reach the loudness of the reference."""
    import libsonare as sonare

    from bench.master_measures import loudness

    left, right = (
        sonare.mastering_pair_process("match.applyMatchEq", mine, theirs, audio.rate).samples
        for mine, theirs in zip(audio.samples, reference.samples, strict=True)
    )
    asked = {
        "loudness.enabled": True,
        "loudness.targetLufs": loudness(reference.samples, reference.rate),
        "loudness.ceilingDb": ceiling_db,
    }
    made = sonare.mastering_chain_stereo(left, right, audio.rate, asked)
    return np.array([made.left, made.right], dtype=np.float32)


@dataclass(frozen=True)
class _Needs:
    """A peer, and whether what it needs is here."""

    work: Callable[..., Samples]
    package: str = ""

    @property
    def missing(self) -> bool:
        if not self.package:
            return missing_limiter(loudnorm)
        return importlib.util.find_spec(self.package) is None


_CHAINS: Mapping[str, _Needs] = {
    "bandmate": _Needs(bandmate, "assistant"),
    "libsonare, its preset for streaming": _Needs(libsonare, "libsonare"),
    "ffmpeg loudnorm, 2-pass": _Needs(loudnorm),
}
_MATCHERS: Mapping[str, _Needs] = {
    "bandmate": _Needs(matched_by_bandmate, "assistant"),
    "matchering": _Needs(matched_by_matchering, "matchering"),
    "libsonare match.applyMatchEq": _Needs(matched_by_libsonare, "libsonare"),
}
CHAINS: Mapping[str, Chain] = {name: one.work for name, one in _CHAINS.items() if not one.missing}
MATCHERS: Mapping[str, Matcher] = {
    name: one.work for name, one in _MATCHERS.items() if not one.missing
}


def main() -> None:
    """Master a file."""
    if len(sys.argv) == 1:
        print(__doc__)
        return
    name, source, goal, target = sys.argv[1:]
    samples, rate = soundfile.read(Path(source), dtype="float32", always_2d=True)
    audio = Audio(np.ascontiguousarray(samples.T), rate)
    if name in MATCHERS:
        made = MATCHERS[name](audio, Audio(audio.samples[:, ::-1], rate), -1.0)
    else:
        made = CHAINS[name](audio, float(target), -1.0)
    soundfile.write(goal, made.T, rate, subtype="FLOAT")


if __name__ == "__main__":
    main()
