"""Mastering: bring a mix, or an album, to the loudness, tone and files that a platform asks for."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.contract import Context, Progress, Suggestion, setting, telling
from assistant.mastering import lossy
from assistant.mastering.genres import GENRES, NEUTRAL
from assistant.material import Audio, Session, Stem

if TYPE_CHECKING:
    from assistant.dsp.third_octaves import Spectrum
    from assistant.mastering.curves import Curve
    from assistant.mastering.mastered import Goal
    from assistant.mastering.playback import Platform
    from assistant.mastering.proposal import Ground
    from assistant.mastering.reach import Gentler
    from assistant.mastering.reference import Reference
    from assistant.mastering.ways import Steps, Way

__all__ = ["Settings", "copies", "draws", "suggest", "takes"]

takes = (Audio, Session)
draws = True
copies = 5  # the mix, shaped, limited, rounded, decoded; a little more for each further master

_CLEANED, _HEARD, _TRIED = 0.01, 0.1, 0.4  # of the work: what is done once each of these is
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
    offset: bool = setting(
        True, about="whether a constant offset, and rumble that costs headroom, are taken out"
    )
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

    def __post_init__(self) -> None:
        """Refuse codecs that are none."""
        lossy.read(self.codecs)

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
    """
    yield Progress(0.0, "listening to the mix")
    if settings.amount == 0.0:
        yield _untouched(material, settings)
    elif isinstance(material, Session):
        yield from _albums(material, settings, context)
    else:
        yield from _masters(material, settings, context)
    yield Progress(1.0, "done")


def _untouched(material: Audio | Session, settings: Settings) -> Suggestion:
    stems = material.stems if isinstance(material, Session) else (Stem("", material),)
    made = {f"stem.{stem.name}" if stem.name else "main": stem.audio for stem in stems}
    why = "The amount is 0 %, so the mix stays as it is, sample for sample"
    asked = [name for name in ("rate", "bits") if getattr(settings, name) != "input"]
    why += f": its {' and its '.join(asked)} too, whatever was asked for." if asked else "."
    return Suggestion("Untouched", why, made, confidence=1.0)


def _masters(mix: Audio, settings: Settings, context: Context) -> Iterator[Progress | Suggestion]:
    """Master a mix in each of the ways."""
    from assistant.mastering.proposal import proposed
    from assistant.mastering.turns import Turns

    known, plans = yield from _laid_out(mix, settings, context)
    turns, limited = Turns(len(plans), context.count, _begun(settings)), False
    for way, goal, gentler in plans:
        if settings.limiter and not goal.limits and not limited:
            return  # nothing to spare it from
        made = yield from turns.take(proposed(known, way, goal, gentler), way.title)
        if made is not None:  # else it is too short to know what to hold: the first once more
            limited = limited or bool(made.measured["limiting"].after)
            yield made


def _laid_out(
    mix: Audio, settings: Settings, context: Context
) -> Generator[Progress, None, tuple[Ground, list[tuple[Way, Goal, Gentler | None]]]]:
    """Listen to a mix, and lay out the ways to master it."""
    from assistant.mastering.cleaning import clean
    from assistant.mastering.heard import hear
    from assistant.mastering.proposal import Ground
    from assistant.mastering.reach import Mix, held_together
    from assistant.mastering.reference import density_by
    from assistant.mastering.ways import curve_for, ways_of

    doing = "listening to the mix"
    cleaning = clean(mix, settings.steps.offset, context.scratch)
    audio, cleaned = yield from telling(cleaning, doing, 0.0, _CLEANED)
    heard = yield from telling(hear(audio), doing, _CLEANED, _HEARD - _CLEANED)
    reference = yield from _reference(mix, settings)
    curve, chosen = curve_for(heard, settings.style, context.shelf)
    density = 0.0
    if reference is not None and settings.match_dynamics:
        density = density_by(reference, heard.loudness.loudness_range)

    def ways_with(share: float) -> tuple[Way, ...]:
        steps = settings.steps.times(share)
        told = {"chosen": chosen, "cleaned": cleaned}
        return ways_of(heard, curve, reference, steps, density=density, **told)

    ways, known = ways_with(1.0), Mix(audio, heard, context.codec, context.scratch)
    goal = _goal([mix], heard.loudness.integrated, reference, settings, context.seed)
    if not settings.limiter:
        trying = held_together(known, ways, goal)
        goal = yield from telling(trying, "listening how far it goes", _HEARD, _TRIED - _HEARD)
    # What was asked for with a reference is done whatever it takes.
    gentler = None if ways[0].match else lambda share: ways_with(share)[0]
    plans = [(way, goal, None if n else gentler) for n, way in enumerate(ways)]
    if settings.limiter:
        plain = replace(ways[0], title="Dynamics kept", words=_KEPT, density=0.0, dynamics=0.0)
        plans.append((plain, replace(goal, limits=False), None))
    return Ground(known, *_told(reference, curve, settings, context), settings.compare), plans


def _albums(
    session: Session, settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Master an album in each of the ways."""
    from assistant.mastering.album import as_one, hear_album, own_loudness
    from assistant.mastering.album_gain import held_together
    from assistant.mastering.album_proposal import AlbumGround, proposed_album
    from assistant.mastering.cleaning import clean_album
    from assistant.mastering.turns import Turns
    from assistant.mastering.ways import curve_for, ways_of

    tracks, doing = [stem.audio for stem in session.stems], "listening to the tracks"
    cleaning = clean_album(session, settings.steps.offset, context.scratch)
    session, cleaned = yield from telling(cleaning, doing, 0.0, _CLEANED)
    heard = yield from telling(hear_album(session), doing, _CLEANED, _HEARD - _CLEANED)
    one, reference = as_one(heard), (yield from _reference(tracks[0], settings))
    curve, chosen = curve_for(one, settings.style, context.shelf)
    before, rule = own_loudness(session, heard, settings.album), settings.album
    goal = _goal(tracks, before, reference, settings, context.seed)
    # Width and compression would change the tracks against each other.
    steps = replace(settings.steps, width=0.0, dynamics=0.0)
    ways = ways_of(one, curve, reference, steps, chosen=chosen, cleaned=cleaned)
    if not settings.limiter:
        trying = held_together(session, ways, goal, rule, context.scratch)
        goal = yield from telling(trying, "listening how far it goes", _HEARD, _TRIED - _HEARD)
    known = AlbumGround(
        session, heard, rule, context.codec, context.scratch,
        *_told(reference, curve, settings, context),
    )  # fmt: skip
    turns = Turns(len(ways), context.count, _begun(settings))
    for way in ways:
        yield (yield from turns.take(proposed_album(known, way, goal), way.title))


def _begun(settings: Settings) -> float:
    """Tell what of the work is done once the ways are laid out."""
    return _HEARD if settings.limiter else _TRIED


def _told(
    reference: Reference | None, curve: Curve, settings: Settings, context: Context
) -> tuple[Curve | Spectrum, Sequence[Platform], Sequence[str], bool]:
    """Return what the tone is compared with, the platforms, those told of, and if a page is."""
    from assistant.mastering.playback import load_platforms

    aim = curve if reference is None else reference.spectrum
    return aim, load_platforms(context.shelf), settings.playback, context.report


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
