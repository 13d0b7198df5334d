"""Mastering: bring a mix, or an album, to the loudness, tone and files that a platform asks for."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.contract import Context, Progress, Suggestion, setting, telling
from assistant.mastering.genres import GENRES, NEUTRAL
from assistant.material import Audio, Session, Stem

if TYPE_CHECKING:
    from assistant.mastering.mastered import Goal
    from assistant.mastering.proposal import Ground
    from assistant.mastering.reference import Reference
    from assistant.mastering.ways import Steps, Way

__all__ = ["Settings", "draws", "suggest", "takes"]

takes = (Audio, Session)
draws = True

_CLEANED, _HEARD = 0.01, 0.1  # of the work: what is done once listening to the mix is
_RATES = ("input", "44100", "48000", "88200", "96000", "176400", "192000")
_PLATFORMS = (
    "spotify", "spotify-loud", "spotify-quiet", "apple-music", "youtube", "tidal", "amazon-music",
    "deezer", "soundcloud",
)  # fmt: skip
_KEPT = "every peak left alone"


@dataclass(frozen=True)
class Settings:
    """What to reach, how much of the way to go, and which steps to take.

    The amount scales every step: how far the tone goes to its curve, and in LU how far the
    loudness goes to the target. The ceiling holds at every amount but 0, which gives the mix back
    as it is.
    """

    loudness: float = setting(
        -14.0, "LUFS", low=-36.0, high=-5.0, about="integrated loudness to reach"
    )
    ceiling: float = setting(
        -1.0, "dBTP", low=-12.0, high=0.0, about="highest true peak to let through"
    )
    amount: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of all steps, from the mix to the master"
    )
    style: str = setting(
        "auto", choices=("auto", NEUTRAL, *GENRES), about="genre whose curve the tone goes by"
    )
    balance: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the tonal balance to correct"
    )
    reference: Audio | None = setting(
        None, accepts=(Audio,), about="a finished record to come nearer to, in place of a curve"
    )
    match: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how far the tone goes to that of the reference"
    )
    match_loudness: bool = setting(False, about="take the loudness of the reference as the target")
    match_dynamics: bool = setting(False, about="be as dense as the reference, as far as is safe")
    offset: bool = setting(True, about="whether a constant offset is taken out")
    width: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of what the stereo image needs to do"
    )
    dynamics: float = setting(
        100.0, "%", low=0.0, high=100.0, about="how much of the compression that is needed to do"
    )
    limiter: bool = setting(True, about="whether peaks may be limited to reach the loudness")
    linear_phase: bool = setting(False, about="whether the equaliser leaves the phase alone")
    codecs: str = setting(
        "", about="lossy files that must stay under full scale: aac 256, mp3 320, opus 128"
    )
    rate: str = setting("input", "Hz", choices=_RATES, about="sample rate of the master")
    bits: str = setting(
        "input", choices=("input", "16", "24", "float"), about="depth of the samples"
    )
    dither: str = setting(
        "auto", choices=("auto", "tpdf", "shaped", "none"), about="noise that makes rounding clean"
    )
    album: Literal["whole", "loudest"] = setting(
        "whole", choices=("whole", "loudest"),
        about="of a folder of tracks: whether the album, or its loudest track, has the loudness",
    )  # fmt: skip
    compare: bool = setting(
        False, about="also make a file as loud as the mix, for an honest comparison"
    )
    playback: tuple[str, ...] = setting(
        ("spotify", "apple-music", "youtube"), choices=_PLATFORMS,
        about="platforms whose playback is told in numbers; a report tells of all",
    )  # fmt: skip

    @property
    def steps(self) -> Steps:
        """How much of each step is wanted, of the amount that is."""
        from assistant.mastering.ways import Steps

        wanted = self.balance, self.match, self.width, self.dynamics, 100.0 * self.offset
        return Steps(*(self.amount / 100.0 * each / 100.0 for each in wanted))


def suggest(
    material: Audio | Session, settings: Settings, context: Context, /
) -> Iterator[Progress | Suggestion]:
    """Propose masters of a mix, or of an album.

    Parameters
    ----------
    material : Audio or Session
        The mix; or a folder of the tracks of an album, which keep their relations.
    settings : Settings
        What to reach.
    context : Context
        Shelf, scratch, and what makes lossy files.

    Yields
    ------
    Progress or Suggestion
        A transparent one, a dense one and a bright one, all at the same loudness; then, for who
        asks for more, the loudest without limiting.

    Raises
    ------
    MaterialError
        Where there is no loudness to measure: silence, or under 0.4 s.
    TargetError
        Where the loudness is out of reach, with the reason and the nearest sensible target.
    SettingError
        Where a codec is none.
    """
    from assistant.mastering.lossy import read

    read(settings.codecs)
    yield Progress(0.0, "listening to the mix")
    if settings.amount == 0.0:
        yield _untouched(material)
    elif isinstance(material, Session):
        yield from _albums(material, settings, context)
    else:
        yield from _masters(material, settings, context)
    yield Progress(1.0, "done")


def _untouched(material: Audio | Session) -> Suggestion:
    stems = material.stems if isinstance(material, Session) else (Stem("", material),)
    made = {f"stem.{stem.name}" if stem.name else "main": stem.audio for stem in stems}
    why = "The amount is 0 %, so the mix stays as it is, sample for sample."
    return Suggestion("Untouched", why, made, confidence=1.0)


def _masters(mix: Audio, settings: Settings, context: Context) -> Iterator[Progress | Suggestion]:
    """Master a mix in each of the ways."""
    from assistant.mastering.mastered import master
    from assistant.mastering.proposal import propose

    known, plans = yield from _laid_out(mix, settings, context)
    share, begun = (1.0 - _HEARD) / min(len(plans), context.count), _HEARD
    limiting = False
    for way, goal in plans:
        if settings.limiter and not goal.limits and not limiting:
            return  # nothing to spare it from
        work = master(known.audio, known.heard, way, goal, context.codec, context.scratch)
        doing = f"mastering: {way.title}"
        made = yield from telling(work, doing, begun, 0.9 * share)
        begun += share
        if way.body and not made.shaped.held:
            continue  # too short to know what to hold: the first once more
        limiting = limiting or made.finished.master.limiting_db > 0.0
        proposing = propose(known, made, goal, context.scratch)
        yield (yield from telling(proposing, doing, begun - 0.1 * share, 0.1 * share))


def _laid_out(
    mix: Audio, settings: Settings, context: Context
) -> Generator[Progress, None, tuple[Ground, list[tuple[Way, Goal]]]]:
    """Listen to a mix, and lay out the ways to master it."""
    from assistant.mastering.cleaning import without_offset
    from assistant.mastering.heard import hear
    from assistant.mastering.playback import load_platforms
    from assistant.mastering.proposal import Ground
    from assistant.mastering.reference import density_by
    from assistant.mastering.ways import curve_for, ways_of

    doing, steps = "listening to the mix", settings.steps
    cleaning = without_offset(mix, steps.offset, context.scratch)
    audio, cleaned = yield from telling(cleaning, doing, 0.0, _CLEANED)
    heard = yield from telling(hear(audio), doing, _CLEANED, _HEARD - _CLEANED)
    reference = yield from _reference(mix, settings)
    density = 0.0
    if reference is not None and settings.match_dynamics:
        density = density_by(reference, heard.loudness.loudness_range)
    curve, chosen = curve_for(heard, settings.style, context.shelf)
    ways = ways_of(heard, curve, reference, steps, density=density, chosen=chosen, cleaned=cleaned)
    goal = _goal([mix], heard.loudness.integrated, reference, settings, context.seed)
    plans = [(way, goal) for way in ways]
    if settings.limiter:
        plain = replace(ways[0], title="Dynamics kept", words=_KEPT, density=0.0, dynamics=0.0)
        plans.append((plain, replace(goal, limits=False)))
    aim = reference.spectrum if reference is not None else curve
    platforms = load_platforms(context.shelf)
    told_of, compare = settings.playback, settings.compare
    return Ground(audio, heard, aim, platforms, told_of, compare, context.report), plans


def _albums(
    session: Session, settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Master an album in each of the ways."""
    from assistant.mastering.album import as_one, hear_album, master_album, own_loudness
    from assistant.mastering.album_proposal import AlbumGround, propose_album
    from assistant.mastering.cleaning import album_without_offset
    from assistant.mastering.playback import load_platforms
    from assistant.mastering.ways import curve_for, ways_of

    tracks = [stem.audio for stem in session.stems]
    cleaning = album_without_offset(session, settings.steps.offset, context.scratch)
    session, cleaned = yield from telling(cleaning, "listening to the tracks", 0.0, _CLEANED)
    hearing = hear_album(session)
    heard = yield from telling(hearing, "listening to the tracks", _CLEANED, _HEARD - _CLEANED)
    one = as_one(heard)
    reference = yield from _reference(tracks[0], settings)
    curve, chosen = curve_for(one, settings.style, context.shelf)
    aim = reference.spectrum if reference is not None else curve
    known = AlbumGround(aim, load_platforms(context.shelf), settings.playback, context.report)
    before = own_loudness(session, heard, settings.album)
    goal = _goal(tracks, before, reference, settings, context.seed)
    # Width and compression would change the tracks against each other.
    steps = replace(settings.steps, width=0.0, dynamics=0.0)
    ways = ways_of(one, curve, reference, steps, chosen=chosen, cleaned=cleaned)
    share, begun = (1.0 - _HEARD) / min(len(ways), context.count), _HEARD
    for way in ways:
        work = master_album(
            session, heard, way, goal, settings.album, context.codec, context.scratch
        )
        doing = f"mastering: {way.title}"
        made = yield from telling(work, doing, begun, 0.9 * share)
        proposing = propose_album(known, made, way, goal)
        begun += share
        yield (yield from telling(proposing, doing, begun - 0.1 * share, 0.1 * share))


def _reference(audio: Audio, settings: Settings) -> Generator[Progress, None, Reference | None]:
    """Learn what the reference teaches, if there is one."""
    from assistant.mastering.reference import check_apart, reference_of

    if settings.reference is None:
        return None
    check_apart(audio, settings.reference)
    return (
        yield from telling(
            reference_of(settings.reference), "listening to the reference", _HEARD, 0.0
        )
    )


def _goal(
    mixes: Sequence[Audio],
    before: float,
    reference: Reference | None,
    settings: Settings,
    seed: int,
) -> Goal:
    from assistant.mastering.finishing import delivery_of
    from assistant.mastering.mastered import Goal

    wanted = settings.loudness
    if reference is not None and settings.match_loudness:
        wanted = reference.loudness
    return Goal(
        before + settings.amount / 100.0 * (wanted - before),
        settings.ceiling,
        mixes[0].rate if settings.rate == "input" else int(settings.rate),
        delivery_of(settings.bits, settings.dither, settings.codecs, mixes, seed),
        settings.limiter,
        settings.linear_phase,
    )
