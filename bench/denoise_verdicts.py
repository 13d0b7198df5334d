"""What was to be reached, and whether it was."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from bench.denoise_cases import MOVING, STATIONARY
from bench.denoise_scores import worth
from bench.denoise_tables import Effort, Scores, speed
from bench.goals import Goal
from bench.report import table

__all__ = ["goals", "verdicts"]

NOISES = (*STATIONARY, *MOVING)
MUSIC = ("instrument", "mix")
AFFTDN = ("ffmpeg afftdn, sampled", "ffmpeg afftdn, told bands")
GATES = ("noisereduce, stationary", "noisereduce, non-stationary")
NET = "DeepFilterNet 3"


def verdicts(scores: Scores, tool: str, costs: Sequence[Effort]) -> str:
    """Draw a line for each goal."""
    rows = [
        [
            goal.about,
            goal.bound,
            *(("-", "not measured") if math.isnan(goal.reached) else _told(goal)),
        ]
        for goal in goals(scores, tool, costs)
    ]
    return table(["", "wanted", "reached", "holds"], rows)


def _told(goal: Goal) -> tuple[str, str]:
    return f"{goal.reached:.3g}", "yes" if goal.holds else "NO"


def goals(scores: Scores, tool: str, costs: Sequence[Effort]) -> Iterator[Goal]:
    """Hold a tool against every number that was to be reached.

    Parameters
    ----------
    scores : Scores
        Of all tools.
    tool : str
        Whose goals they are.
    costs : sequence of Effort
        Of long files.

    Yields
    ------
    Goal
        In order.
    """
    yield from _voices(scores, tool)
    yield from _music(scores, tool)
    yield from _places(scores, tool)
    yield from _unharmed(scores, tool)
    yield from _cheap(scores, tool, costs)


def _voices(scores: Scores, tool: str) -> Iterator[Goal]:
    speech = scores.of(kinds=["speech"], noises=NOISES)
    for what, name in (("pesq", "PESQ"), ("si_sdr_db", "dB SI-SDR")):
        over = _over(speech, tool, [NET], what)
        yield Goal(f"speech: over DeepFilterNet 3, {name}", 0.0, over)
    singing = scores.of(kinds=["singing"], noises=NOISES)
    for peers, name in (([NET], NET), (GATES, "noisereduce")):
        yield Goal(f"singing: SI-SDR over {name}, dB", 1.5, _over(singing, tool, peers))


def _music(scores: Scores, tool: str) -> Iterator[Goal]:
    music = scores.of(kinds=MUSIC, noises=STATIONARY)
    at_ten = music.of(level_db=10.0)
    mine = at_ten.of(tool)
    yield Goal("music in stationary noise, 10 dB: mean gain, dB", 6.0, mine.mean("gain_db"))
    yield Goal("the same: over afftdn, dB", 1.5, _over(at_ten, tool, AFFTDN))
    worst = music.of(tool).worst("gain_db")
    yield Goal("the same, any take at any level: gain, dB", -0.2, worst)
    others = scores.of(tool, kinds=MUSIC, noises=MOVING).worst("gain_db")
    yield Goal("music in other noise, any take at any level: gain, dB", -0.2, others)
    yield Goal("music: musical noise, mean of takes", 0.15, mine.mean("kurtosis"), most=True)
    heard = [mine.of(noises=[noise]).mean("kurtosis") for noise in STATIONARY]
    most = max(worth(heard), default=math.nan)
    yield Goal("the same, mean of the noise that has most", 0.15, most, most=True)
    off = [abs(value) for value in mine.values("onset_db")]
    mean = sum(off) / len(off) if off else math.nan
    yield Goal("music: onset level off, mean of takes, dB", 1.0, mean, most=True)


def _places(scores: Scores, tool: str) -> Iterator[Goal]:
    hum = scores.of(noises=["hum"], level_db=10.0)
    for gates, name in ((["sox noisered"], "sox"), (GATES, "noisereduce")):
        yield Goal(f"hum, 10 dB: SI-SDR over {name}, dB", 10.0, _over(hum, tool, gates))
    clicks = scores.of(noises=["clicks"])
    peers = (("grooveclean", 0.0), ("ffmpeg adeclick", 10.0), ("ffmpeg adeclick, tuned", 10.0))
    for peer, wanted in peers:
        yield Goal(f"clicks: SI-SDR over {peer}, dB", wanted, _over(clicks, tool, [peer]))
    clipping = scores.of(noises=["clipping"])
    yield Goal(
        "clipping: SI-SDR over ffmpeg adeclip, dB", 4.0, _over(clipping, tool, ["ffmpeg adeclip"])
    )


def _unharmed(scores: Scores, tool: str) -> Iterator[Goal]:
    clean = scores.of(tool, noises=["none"]).all
    same = sum(score.same for score in clean)
    share = 100.0 * same / len(clean) if clean else float("nan")
    yield Goal("clean: identical, %", 95.0, share)
    lowest = min((score.residual_db for score in clean), default=math.nan)
    yield Goal("clean: sound over change elsewhere, dB", 45.0, lowest)


def _cheap(scores: Scores, tool: str, costs: Sequence[Effort]) -> Iterator[Goal]:
    mine = scores.of(tool)
    yield Goal("speech: times real time, one core", 8.0, speed(mine.of(kinds=["speech"])))
    music = speed(mine.of(kinds=["instrument"]))
    yield Goal("instruments: times real time, one core", 40.0, music)
    own = [one for one in costs if one.tool == tool]
    for kind, wanted in (("speech", 8.0), ("instrument", 40.0)):
        slowest = min((2.0 * one.speed for one in own if one.kind == kind), default=math.nan)
        about = f"ten minutes of stereo, {kind}: times real time of both channels, file to file"
        yield Goal(about, wanted, slowest)
    most = max((one.megabytes for one in own), default=math.nan)
    yield Goal("ten minutes of stereo: MB at most", 400.0, most, most=True)


def _over(scores: Scores, tool: str, peers: Sequence[str], what: str = "si_sdr_db") -> float:
    """Compare means with the best of some peers; NaN where none of them is here."""
    means = [scores.of(peer).mean(what) for peer in peers if scores.of(peer).all]
    return scores.of(tool).mean(what) - max(means, default=float("nan"))
