"""A master as it is proposed: its files, its moves, its evidence and its reasons."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity, Suggestion
from assistant.dsp.gain import with_gain
from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.curves import Curve
from assistant.mastering.drawn import Drawn, report_of
from assistant.mastering.heard import HeardMix
from assistant.mastering.mastered import Goal, Mastered
from assistant.mastering.moves import moves_of
from assistant.mastering.playback import Platform, Played, as_measured, play
from assistant.mastering.space import mono_words
from assistant.mastering.wording import (
    little_room,
    readings_of,
    said_of_codecs,
    said_of_loudness,
    said_of_room,
)
from assistant.material import Audio, Material, Scratch
from assistant.steps import part

__all__ = ["Ground", "propose"]


LEAST_SURE, SURE = 0.2, 0.95
LESS_SURE_A_DB = 0.05  # of limiting, and of what is missing to the loudness
LESS_SURE_TO_TASTE, LESS_SURE_WITHOUT_ROOM = 0.05, 0.15
NOTHING_ELSE = "nothing but the loudness changes"
MISSED_LU = 0.1
MONO_LOSS_LU = 3.0  # what loses more in mono is told of


@dataclass(frozen=True, eq=False)
class Ground:
    """What all proposals of one mix share.

    Parameters
    ----------
    audio : Audio
        The mix.
    heard : HeardMix
        What was heard in it.
    aim : Curve or Spectrum
        What its tone is compared with: the curve of a genre, or a reference.
    platforms : sequence of Platform
        That may play it.
    told_of : sequence of str
        Of these, those whose playback is told in numbers.
    compare : bool
        Whether a file as loud as the mix is wanted.
    report : bool
        Whether a page is.
    """

    audio: Audio
    heard: HeardMix
    aim: Curve | Spectrum
    platforms: Sequence[Platform]
    told_of: Sequence[str]
    compare: bool
    report: bool


def propose(
    ground: Ground, made: Mastered, goal: Goal, scratch: Scratch
) -> Generator[float, None, Suggestion]:
    """Put a master into a suggestion.

    Parameters
    ----------
    ground : Ground
        What is known of the mix.
    made : Mastered
        The master.
    goal : Goal
        What it was to reach.
    scratch : callable
        Makes float32 arrays.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Suggestion
        With the master as ``main``; ``compare`` and ``report`` where they are wanted.
    """
    before, after = ground.heard.loudness, made.loudness
    played = play(ground.platforms, after.integrated, after.true_peak)
    title = f"{made.way.title}, {after.integrated:.1f} LUFS"
    why = _why(ground, made, goal)
    measured = _measured(ground, made, played)
    material: dict[str, Material | str] = {"main": made.audio}
    if ground.compare:
        # No louder than full scale, where the mix is louder than the master.
        gain_db = min(before.integrated - after.integrated, -after.true_peak)
        material["compare"] = with_gain(made.audio, gain_db, scratch)
    yield 0.2
    if ground.report:
        drawn = Drawn(
            title, why, ground.audio, ground.heard.spectrum, made.audio, made.drive.gain_curve,
            (*made.way.told, *(decision.why for decision in made.shaped.held)),
        )  # fmt: skip
        work = report_of(drawn, made.finished, goal, ground.aim, measured, played)
        material["report"] = yield from part(work, 0.2, 0.8)
    master = made.finished.master
    compressors = [decision.compressor for decision in made.shaped.held]
    return Suggestion(
        title,
        why,
        material,
        moves_of(made.way.bands, compressors, master, goal.ceiling_db, why),
        (),
        measured,
        _confidence(ground, made, goal),
        goal.delivery.bits if goal.delivery.said else None,
    )


def _confidence(ground: Ground, made: Mastered, goal: Goal) -> float:
    heard, missing = ground.heard, abs(goal.loudness - made.loudness.integrated)
    sure = SURE - LESS_SURE_A_DB * (made.finished.master.limiting_db + missing)
    sure -= LESS_SURE_TO_TASTE if made.way.tasted else 0.0
    sure -= LESS_SURE_WITHOUT_ROOM if little_room(heard.loudness, heard.flat_tops) else 0.0
    return max(LEAST_SURE, sure)


def _why(ground: Ground, made: Mastered, goal: Goal) -> str:
    heard, after, way = ground.heard, made.loudness, made.way
    master, held = made.finished.master, made.shaped.held
    loudness = said_of_loudness(heard.loudness, after, master, goal.ceiling_db, made.sensible)
    short = not goal.limits and goal.loudness - after.integrated > MISSED_LU
    words = way.words if way.told or held else NOTHING_ELSE
    sentences = [
        f"{words[0].upper()}{words[1:]}.",
        way.chosen,
        *(f"{each.rstrip('.')}." for each in way.told),
        way.kept,
        *(decision.why for decision in held),
        said_of_room(heard.loudness, heard.flat_tops, master),
        loudness,
        f"Without a limiter it gets no nearer to {goal.loudness:.1f} LUFS." if short else "",
        said_of_codecs(made.finished.kept),
        f"{mono_words(made.image)}" if made.image.whole.mono_loss_db > MONO_LOSS_LU else "",
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _measured(ground: Ground, made: Mastered, played: Sequence[Played]) -> dict[str, Quantity]:
    master = made.finished.master
    before, after = ground.heard.loudness, made.loudness
    losses = ground.heard.image.whole.mono_loss_db, made.image.whole.mono_loss_db
    found = readings_of(before, after) | {
        "mono_loss": Quantity(*losses, "LU"),
        "gain": Quantity(None, master.gain_db, "dB"),
        "limiting": Quantity(None, master.limiting_db, "dB"),
        "limited": Quantity(None, 100.0 * master.limited, "%"),
        "compare_gain": Quantity(None, before.integrated - after.integrated, "dB"),
    }
    for was, now in zip(made.finished.kept.before, made.finished.kept.after, strict=True):
        if was.true_peak is not None and now.true_peak is not None:
            name = f"{was.lossy.codec}_{was.lossy.kbps}_true_peak"
            found[name] = Quantity(was.true_peak, now.true_peak, "dBTP")
    return found | as_measured([one for one in played if one.platform.name in ground.told_of])
