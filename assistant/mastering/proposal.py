"""A master as it is proposed: its files, its moves, its evidence and its reasons."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity, Suggestion
from assistant.dsp.gain import with_gain
from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.confidence import confidence
from assistant.mastering.curves import Curve
from assistant.mastering.drawn import Drawn, report_of
from assistant.mastering.limiting import in_loudest_seconds
from assistant.mastering.mastered import Goal, Mastered
from assistant.mastering.moves import Level, done, moves_of
from assistant.mastering.playback import Platform, Played, as_measured, play
from assistant.mastering.reach import Gentler, Mix, master_gently
from assistant.mastering.space import mono_words
from assistant.mastering.ways import Way
from assistant.mastering.wording import (
    MISSED_LU,
    busy,
    codec_reading,
    little_room,
    readings_of,
    said_of_codecs,
    said_of_loudness,
    said_of_quiet,
    said_of_room,
)
from assistant.material import Material
from assistant.steps import part

__all__ = ["Ground", "propose", "proposed"]


NOTHING_ELSE = "nothing but the loudness changes"
MONO_LOSS_LU = 3.0  # what loses more in mono is told of


@dataclass(frozen=True, eq=False)
class Ground:
    """What all proposals of one mix share.

    Parameters
    ----------
    mix : Mix
        The mix, and by what means it is mastered.
    aim : Curve or Spectrum
        What its tone is compared with: the curve of a genre, or a reference.
    platforms : sequence of Platform
        That may play it.
    told_of : sequence of str
        Of these, those whose playback is told in numbers.
    report : bool
        Whether a page is wanted.
    compare : bool
        Whether a file as loud as the mix is.
    """

    mix: Mix
    aim: Curve | Spectrum
    platforms: Sequence[Platform]
    told_of: Sequence[str]
    report: bool
    compare: bool = False


def proposed(
    ground: Ground, way: Way, goal: Goal, gentler: Gentler | None = None
) -> Generator[float, None, Suggestion | None]:
    """Master a mix in one way, and put that into a suggestion.

    Parameters
    ----------
    ground : Ground
        What is known of the mix.
    way : Way
        What to do.
    goal : Goal
        What to reach.
    gentler : callable, optional
        As in `assistant.mastering.reach.master_gently`.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Suggestion or None
        None where the way comes to nothing, as where there is too little to hold.
    """
    made = yield from part(master_gently(ground.mix, way, goal, gentler), 0.0, 0.9)
    if way.body and not made.shaped.held:
        return None
    return (yield from part(propose(ground, made, goal), 0.9, 0.1))


def propose(ground: Ground, made: Mastered, goal: Goal) -> Generator[float, None, Suggestion]:
    """Put a master into a suggestion.

    Parameters
    ----------
    ground : Ground
        What is known of the mix.
    made : Mastered
        The master.
    goal : Goal
        What it was to reach.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Suggestion
        With the master as ``main``; ``compare`` and ``report`` where they are wanted.
    """
    before, after = ground.mix.heard.loudness, made.loudness
    played = play(ground.platforms, after.integrated, after.true_peak)
    title = f"{made.way.title}, {after.integrated:z.1f} LUFS"
    level = _level(ground, made, goal)
    why = _why(ground, made, goal, level)
    measured = _measured(ground, level, made, played)
    material: dict[str, Material | str] = {"main": made.audio}
    if ground.compare:
        # No louder than full scale, where the mix is louder than the master.
        gain_db = min(before.integrated - after.integrated, -after.true_peak)
        material["compare"] = with_gain(made.audio, gain_db, ground.mix.scratch)
    yield 0.2
    if ground.report:
        mix, spectrum = ground.mix.audio, ground.mix.heard.spectrum
        reasons = (*made.way.told, *(decision.why for decision in made.shaped.held))
        drawn = Drawn(
            title, why, mix, spectrum, made.audio, made.drive.gain_curve,
            done(reasons, (mix.rate, made.audio.rate), level, goal.delivery),
            _limiter(level),
        )  # fmt: skip
        work = report_of(drawn, made.finished, goal, ground.aim, measured, played)
        material["report"] = yield from part(work, 0.2, 0.8)
    return Suggestion(
        title,
        why,
        material,
        moves_of(made.way.advice, made.shaped.held, level),
        (),
        measured,
        confidence(
            level.master.limiting_db,
            goal.loudness - after.integrated,
            tasted=made.way.tasted,
            little_room=little_room(before, ground.mix.heard.flat_tops),
        ),
        goal.delivery.bits if goal.delivery.said else None,
    )


def _level(ground: Ground, made: Mastered, goal: Goal) -> Level:
    master, drive = made.finished.master, made.drive
    taken_db = in_loudest_seconds(drive.gain_curve, drive.heard, made.audio.rate)
    return Level(ground.mix.heard.loudness, made.loudness, master, goal.ceiling_db, taken_db)


def _limiter(level: Level) -> str:
    return busy(level.master) if level.master.limiting_db else "idle"


def _why(ground: Ground, made: Mastered, goal: Goal, level: Level) -> str:
    heard, way, held = ground.mix.heard, made.way, made.shaped.held
    loudness = said_of_loudness(
        level.before, level.after, level.master, goal.ceiling_db, made.sensible, level.in_loudest_db
    )
    words = way.words if way.told or held else NOTHING_ELSE
    sentences = [
        f"{words[0].upper()}{words[1:]}.",
        way.chosen,
        *(f"{each.rstrip('.')}." for each in way.told),
        way.kept,
        *(decision.why for decision in held),
        said_of_quiet(level.before.integrated, level.master.gain_db),
        said_of_room(heard.loudness, heard.flat_tops, level.master),
        loudness,
        _short(way.title, goal, level.after.integrated),
        said_of_codecs(made.finished.kept),
        _image(made),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def _image(made: Mastered) -> str:
    """Say how it does in mono, where that is more than a word in the measurements."""
    image = made.image
    telling = image.silent or image.opposed or image.whole.mono_loss_db > MONO_LOSS_LU
    return mono_words(image) if telling else ""


def _short(title: str, goal: Goal, reached: float) -> str:
    """Say why a master without limiting falls short, where it does."""
    if goal.limits or goal.loudness - reached <= MISSED_LU:
        return ""
    if goal.held_by in {"", title}:
        return f"Without a limiter it gets no nearer to {goal.loudness:z.1f} LUFS."
    return (
        f"Without a limiter {goal.held_by} gets no nearer to {goal.loudness:z.1f} LUFS than this,"
        " and all are held here, to compare at one loudness."
    )


def _measured(
    ground: Ground, level: Level, made: Mastered, played: Sequence[Played]
) -> dict[str, Quantity]:
    before, after, master = level.before, level.after, level.master
    losses = ground.mix.heard.image.whole.mono_loss_db, made.image.whole.mono_loss_db
    found = readings_of(before, after) | {
        "mono_loss": Quantity(*losses, "LU"),
        "gain": Quantity(None, master.gain_db, "dB"),
        "limiting": Quantity(None, master.limiting_db, "dB"),
        "limiting_in_loudest": Quantity(None, level.in_loudest_db, "dB"),
        "limited": Quantity(None, 100.0 * master.limited, "%"),
        "compare_gain": Quantity(None, before.integrated - after.integrated, "dB"),
    }
    for was, now in zip(made.finished.kept.before, made.finished.kept.after, strict=True):
        if was.true_peak is not None and now.true_peak is not None:
            found[codec_reading(now.lossy)] = Quantity(was.true_peak, now.true_peak, "dBTP")
    return found | as_measured([one for one in played if one.platform.name in ground.told_of])
