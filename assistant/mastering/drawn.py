"""The report of a finished master, filled in: what is measured for its pictures."""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity
from assistant.dsp.limiter import GainCurve
from assistant.dsp.third_octaves import Spectrum, listen
from assistant.mastering.curves import Curve
from assistant.mastering.finishing import Finished
from assistant.mastering.mastered import Goal
from assistant.mastering.over_time import gain_over_time, sketch
from assistant.mastering.playback import Played
from assistant.mastering.report import MasterReport, page
from assistant.material import Audio
from assistant.steps import part

__all__ = ["Drawn", "report_of"]


@dataclass(frozen=True, eq=False)
class Drawn:
    """What is drawn.

    Parameters
    ----------
    title, why : str
        Of the suggestion.
    mix : Audio
        As it came.
    spectrum : Spectrum
        Of the mix.
    master : Audio
        As it is written.
    gain : GainCurve
        Of the limiter.
    moves : sequence of str
        What was done, each with its reason.
    limiter : str
        What the limiter did, in a few words.
    """

    title: str
    why: str
    mix: Audio
    spectrum: Spectrum
    master: Audio
    gain: GainCurve
    moves: Sequence[str]
    limiter: str


def report_of(
    drawn: Drawn,
    finished: Finished,
    goal: Goal,
    aim: Curve | Spectrum,
    measured: Mapping[str, Quantity],
    played: Sequence[Played],
) -> Generator[float, None, str]:
    """Measure what the pictures show, and write the page.

    Parameters
    ----------
    drawn : Drawn
        The sounds.
    finished : Finished
        What the limiter did, and the codecs.
    goal : Goal
        What was to be reached.
    aim : Curve or Spectrum
        What the tone is compared with.
    measured : mapping of str to Quantity
        The evidence.
    played : sequence of Played
        How platforms play it.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    str
        HTML.
    """
    loud = measured["integrated"]
    sketching = sketch(drawn.mix, drawn.spectrum, _known(loud.before))
    before = yield from part(sketching, 0.0, 0.4)
    spectrum = yield from part(listen(drawn.master), 0.4, 0.2)
    after = yield from part(sketch(drawn.master, spectrum, _known(loud.after)), 0.6, 0.4)
    kept, idle = finished.kept, finished.master.limiting_db == 0.0
    compared = aim.called if isinstance(aim, Curve) else "the reference"
    return page(
        MasterReport(
            drawn.title,
            drawn.why,
            before,
            after,
            goal.loudness,
            goal.ceiling_db,
            measured,
            {"compared with": compared, "limiter": drawn.limiter},
            None if idle else gain_over_time(drawn.gain, drawn.master.rate),
            aim,
            drawn.moves,
            (kept.before, kept.after),
            played,
        )
    )


def _known(loudness: float | None) -> float:
    return -math.inf if loudness is None else loudness
