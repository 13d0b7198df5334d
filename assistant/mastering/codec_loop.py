"""A ceiling that holds behind the codec: decode, lower what goes over, and try again.

A codec throws away what is not heard, and what is left can stand higher than what came in: most
where a loud master meets a low bit rate, by two decibels and more. It does so in a few places. So
the gain is lowered there for some milliseconds, which costs hundredths of a loudness unit, where
a trim of the whole by the same two decibels would cost two.

What a codec does to the next sound cannot be told from what it did to this one: each round throws
its dice anew all over the sound. So places that come close to the ceiling are lowered too, a
little further than to the ceiling, and further each round. Where some are still over after ten of
them, the whole is turned down as well, by a tenth of a decibel, then more: mostly a little will do.
The longer a sound is, the more throws of the dice must all hold, and the dearer each round: hours
of it are turned down after three.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.contract import Codec
from assistant.dsp.decibels import decibels
from assistant.dsp.loudness import gated_loudness, tenths
from assistant.dsp.truepeak import highest_point
from assistant.mastering.lossy import CODECS, Lossy
from assistant.material import Audio, Scratch
from assistant.steps import part

__all__ = ["Heard", "Kept", "Maker", "check", "keep_under"]

SAFETY_DB = 0.05
"""Under the ceiling, for meters that are none of ours and for decoders at another rate."""

HOLD_DB = 0.5  # under the ceiling: how far places are lowered that go over it, or nearly
HOLD_MORE_DB = 0.1  # further each round
MOST_ROUNDS, LEAST_ROUNDS = 10, 3
ROUNDS_SECONDS = 6000.0  # of sound in all rounds: as many as that takes, within these bounds
TRIMS = 8  # rounds in which the whole is turned down too, by so much more each time
TRIM_STEP_DB = 0.1
OVERSAMPLING = 16


class Maker(Protocol):
    """Makes a master again and again, exactly as it will be written."""

    def hold(self, decoded: Audio, highest_db: float, /) -> Generator[float, None, object]:
        """Lower the places where a decoded file of the last master goes higher than that."""
        ...

    def make(self, trim_db: float, /) -> Generator[float, None, Audio]:
        """Make the master, with those places lowered and the whole turned down by `trim_db`."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """How a codec leaves a master.

    Parameters
    ----------
    lossy : Lossy
        The codec.
    true_peak : float or None
        Of what a listener's decoder makes of it, in dBTP, at sixteen times the rate. None where
        that was not measured.
    why : str
        Why not.
    """

    lossy: Lossy
    true_peak: float | None
    why: str = ""


@dataclass(frozen=True, eq=False)
class Kept:
    """A master that was taken through codecs.

    Parameters
    ----------
    audio : Audio
        The master.
    before, after : tuple of Heard
        What each codec made of the master as it came, and makes of it now.
    rounds : int
        How often it was made again.
    trim_db : float
        By how much the whole was turned down.
    cost_lu : float
        What all that took in integrated loudness.
    """

    audio: Audio
    before: tuple[Heard, ...]
    after: tuple[Heard, ...]
    rounds: int = 0
    trim_db: float = 0.0
    cost_lu: float = 0.0

    @property
    def checked(self) -> bool:
        """Whether every codec could be checked."""
        return all(one.true_peak is not None for one in self.after)

    @property
    def worst(self) -> float:
        """The highest true peak behind any codec, in dBTP; minus infinity where none is known."""
        return _worst(self.after)


def check(
    audio: Audio, codecs: Sequence[Lossy], tool: Codec | None, scratch: Scratch
) -> Generator[float, None, tuple[Heard, ...]]:
    """Measure the true peak behind each codec.

    Parameters
    ----------
    audio : Audio
        A master, exactly as it will be written: a last bit more can be decibels behind a codec.
    codecs : sequence of Lossy
        Which.
    tool : Codec or None
        What makes them; without one nothing is measured.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share of the work that is done.

    Returns
    -------
    tuple of Heard
        One a codec, in order.
    """

    def leave(_decoded: Audio, _peak_db: float) -> Generator[float, None, None]:
        """Only measure."""
        yield 1.0

    return (yield from _listen(audio, codecs, tool, scratch, leave))


def keep_under(
    maker: Maker,
    codecs: Sequence[Lossy],
    tool: Codec | None,
    scratch: Scratch,
    ceiling_db: float = 0.0,
) -> Generator[float, None, Kept]:
    """Make a master whose decoded files stay under a ceiling.

    Parameters
    ----------
    maker : Maker
        Makes the master.
    codecs : sequence of Lossy
        Which codecs it is taken through.
    tool : Codec or None
        What makes them; without one the master is made and nothing else.
    scratch : callable
        Makes float32 arrays.
    ceiling_db : float
        In dBTP.

    Yields
    ------
    float
        Share of the work that is done.

    Returns
    -------
    Kept
        The first that holds; where none does, which no sound known to us brought about, the last.
    """
    if not codecs:
        return Kept((yield from maker.make(0.0)), (), ())
    level, rounds, trim_db = ceiling_db - SAFETY_DB, 0, 0.0

    def hold(decoded: Audio, peak_db: float) -> Generator[float, None, None]:
        if peak_db > level:
            yield from maker.hold(decoded, ceiling_db - HOLD_DB - HOLD_MORE_DB * rounds)

    def again(trim_db: float) -> Generator[float, None, tuple[Audio, tuple[Heard, ...]]]:
        audio = yield from part(maker.make(trim_db), 0.0, 0.3)
        heard = yield from part(_listen(audio, codecs, tool, scratch, hold), 0.3, 0.7)
        return audio, heard

    first, before = audio, heard = yield from part(again(0.0), *_share(0))
    enough = _rounds(audio.seconds)
    while _worst(heard) > level and rounds < enough + TRIMS:
        rounds += 1
        trim_db += TRIM_STEP_DB * max(0, rounds - enough)
        if rounds == enough + TRIMS:
            trim_db += _worst(heard) - level
        audio, heard = yield from part(again(trim_db), *_share(rounds))
    cost = 0.0
    if rounds:
        cost = (yield from _loudness(first)) - (yield from _loudness(audio))
    return Kept(audio, before, heard, rounds, trim_db, cost if math.isfinite(cost) else 0.0)


def _rounds(seconds: float) -> int:
    """Tell how often places are lowered before the whole is turned down too."""
    return int(min(MOST_ROUNDS, max(LEAST_ROUNDS, ROUNDS_SECONDS / max(seconds, 1.0))))


def _share(turn: int) -> tuple[float, float]:
    """Tell what of the work is done before a turn, and what it is: most are never taken."""
    return 1.0 - 0.6**turn, 0.4 * 0.6**turn


def _listen(
    audio: Audio,
    codecs: Sequence[Lossy],
    tool: Codec | None,
    scratch: Scratch,
    act: Callable[[Audio, float], Generator[float, None, object]],
) -> Generator[float, None, tuple[Heard, ...]]:
    """Take a master through each codec, measure what comes back, and act on it."""
    heard: list[Heard] = []
    share = 1.0 / len(codecs)
    for n, lossy in enumerate(codecs):
        decoded = None
        if tool is not None:
            sending = tool(audio, lossy.codec, lossy.kbps, scratch)
            decoded = yield from part(sending, n * share, 0.6 * share)
        if decoded is None:
            heard.append(Heard(lossy, None, _why_not(audio, lossy, tool)))
            continue
        looking = highest_point(decoded.samples, OVERSAMPLING)
        peak_db = decibels((yield from part(looking, (n + 0.6) * share, 0.1 * share)))
        yield from part(act(decoded, peak_db), (n + 0.7) * share, 0.3 * share)
        heard.append(Heard(lossy, peak_db))
    return tuple(heard)


def _why_not(audio: Audio, lossy: Lossy, tool: Codec | None) -> str:
    if tool is None:
        return "there is no ffmpeg to make one"
    name = CODECS[lossy.codec].name
    if not tool.encoder(lossy.codec):
        return f"{tool.name} has no encoder for {name}"
    return f"{tool.name} made no {name} of {audio.channels} channels at {audio.rate} Hz"


def _worst(heard: Sequence[Heard]) -> float:
    return max((one.true_peak for one in heard if one.true_peak is not None), default=-math.inf)


def _loudness(audio: Audio) -> Generator[float, None, float]:
    """Measure once more, when nearly all is done."""
    return gated_loudness((yield from part(tenths(audio.samples, audio.rate), 1.0, 0.0)))
