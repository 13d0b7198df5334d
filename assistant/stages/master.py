"""Mastering: bring a mix, or an album, to the loudness, tone and files that a platform asks for."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from assistant.contract import Context, Progress, Suggestion, setting
from assistant.mastering.genres import GENRES, NEUTRAL
from assistant.material import Audio, Session, Stem

if TYPE_CHECKING:
    from assistant.dsp.third_octaves import Spectrum
    from assistant.mastering.curves import Curve
    from assistant.mastering.heard import HeardMix
    from assistant.mastering.mastered import Goal
    from assistant.mastering.proposal import Ground
    from assistant.mastering.reference import Reference
    from assistant.mastering.ways import Steps

__all__ = ["Settings", "draws", "suggest", "takes"]

takes = (Audio, Session)
draws = True

_HEARD = 0.1  # of the work: listening to the mix
_RATES = ("input", "44100", "48000", "88200", "96000", "176400", "192000")
_PLATFORMS = (
    "spotify", "spotify-loud", "spotify-quiet", "apple-music", "youtube", "tidal", "amazon-music",
    "deezer", "soundcloud",
)  # fmt: skip
_BITS: Mapping[str, Literal[16, 24, 32]] = {"16": 16, "24": 24, "float": 32}
_DITHER: Mapping[str, Literal["tpdf", "shaped", "none"]] = {
    "tpdf": "tpdf", "shaped": "shaped", "none": "none",
}  # fmt: skip
_DENSER_LU = 6.0  # a reference whose range is so much smaller asks for all the density there is

_Made = TypeVar("_Made")


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

        wanted = self.balance, self.match, self.width, self.dynamics
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


def _masters(audio: Audio, settings: Settings, context: Context) -> Iterator[Progress | Suggestion]:
    """Master a mix in each of the ways."""
    from assistant.mastering.heard import hear
    from assistant.mastering.mastered import master
    from assistant.mastering.proposal import propose
    from assistant.mastering.ways import curve_for, ways_of

    heard = yield from _told(hear(audio), "listening to the mix", 0.0, _HEARD)
    reference = yield from _reference(audio, settings)
    curve, chosen = curve_for(heard, settings.style, context.shelf)
    goal = _goal(audio, heard.loudness.integrated, reference, settings, context.seed)
    density = _density(heard, reference) if settings.match_dynamics else 0.0
    ways = ways_of(heard, curve, reference, settings.steps, density)
    aim, chosen = (reference.spectrum, "") if reference is not None else (curve, chosen)
    known = _ground(audio, heard, aim, chosen, settings, context)
    plain = replace(ways[0], title="Dynamics kept", words="every peak left alone")
    plans = [*((way, goal) for way in ways), (plain, replace(goal, limits=False))]
    share, begun = (1.0 - _HEARD) / min(len(plans), context.count), _HEARD
    limiting = False
    for way, wanted in plans:
        if not wanted.limits and not limiting and settings.limiter:
            return
        work = master(audio, heard, way, wanted, context.codec, context.scratch)
        doing = f"mastering: {way.title}"
        made = yield from _told(work, doing, begun, 0.9 * share)
        begun += share
        limiting = limiting or made.finished.master.limiting_db > 0.0
        proposing = propose(known, made, wanted, context.scratch)
        yield (yield from _told(proposing, doing, begun - 0.1 * share, 0.1 * share))


def _albums(
    session: Session, settings: Settings, context: Context
) -> Iterator[Progress | Suggestion]:
    """Master an album in each of the ways."""
    from assistant.mastering.album import as_one, hear_album, master_album
    from assistant.mastering.album_proposal import AlbumGround, propose_album
    from assistant.mastering.playback import load_platforms
    from assistant.mastering.ways import curve_for, ways_of

    heard = yield from _told(hear_album(session), "listening to the tracks", 0.0, _HEARD)
    one = as_one(heard)
    reference = yield from _reference(session.stems[0].audio, settings)
    curve, chosen = curve_for(one, settings.style, context.shelf)
    aim, chosen = (reference.spectrum, "") if reference is not None else (curve, chosen)
    known = AlbumGround(
        aim, chosen, load_platforms(context.shelf), settings.playback, context.report
    )
    whole = one.loudness.integrated
    goal = _goal(session.stems[0].audio, whole, reference, settings, context.seed)
    # Width and compression would change the tracks against each other.
    steps = replace(settings.steps, width=0.0, dynamics=0.0)
    ways = [way for way in ways_of(one, curve, reference, steps, 0.0) if way.title != "Dense"]
    share, begun = (1.0 - _HEARD) / min(len(ways), context.count), _HEARD
    for way in ways:
        work = master_album(
            session, heard, way, goal, settings.album, context.codec, context.scratch
        )
        doing = f"mastering: {way.title}"
        made = yield from _told(work, doing, begun, 0.9 * share)
        proposing = propose_album(known, made, way, goal)
        begun += share
        yield (yield from _told(proposing, doing, begun - 0.1 * share, 0.1 * share))


def _ground(
    audio: Audio,
    heard: HeardMix,
    aim: Curve | Spectrum,
    chosen: str,
    settings: Settings,
    context: Context,
) -> Ground:
    from assistant.mastering.playback import load_platforms
    from assistant.mastering.proposal import Ground

    return Ground(
        audio, heard, aim, chosen, load_platforms(context.shelf), settings.playback,
        settings.compare, context.report,
    )  # fmt: skip


def _told(
    work: Generator[float, None, _Made], doing: str, begun: float, share: float
) -> Generator[Progress, None, _Made]:
    """Do a piece of work, and say how far all of it is."""
    while True:
        try:
            yield Progress(begun + share * next(work), doing)
        except StopIteration as done:
            made: _Made = done.value
            return made


def _reference(audio: Audio, settings: Settings) -> Generator[Progress, None, Reference | None]:
    """Learn what the reference teaches, if there is one."""
    from assistant.mastering.reference import check_apart, reference_of

    if settings.reference is None:
        return None
    check_apart(audio, settings.reference)
    return (
        yield from _told(
            reference_of(settings.reference), "listening to the reference", _HEARD, 0.0
        )
    )


def _density(heard: HeardMix, reference: Reference | None) -> float:
    """Tell how dense a reference asks a master to be, by how far its loudness ranges."""
    if reference is None:
        return 0.0
    wider = heard.loudness.loudness_range - reference.lra
    return min(max(wider / _DENSER_LU, 0.0), 1.0)


def _goal(
    audio: Audio, before: float, reference: Reference | None, settings: Settings, seed: int
) -> Goal:
    from assistant.mastering.finishing import Delivery, bits_of
    from assistant.mastering.lossy import read
    from assistant.mastering.mastered import Goal

    wanted = settings.loudness
    if reference is not None and settings.match_loudness:
        wanted = reference.loudness
    bits = _BITS.get(settings.bits) or bits_of(audio)
    dither = _DITHER.get(settings.dither) or ("shaped" if bits == 16 else "tpdf")
    return Goal(
        before + settings.amount / 100.0 * (wanted - before),
        settings.ceiling,
        audio.rate if settings.rate == "input" else int(settings.rate),
        Delivery(bits, dither, read(settings.codecs), seed, settings.bits != "input"),
        settings.limiter,
        settings.linear_phase,
    )
