"""A mastered album as it is proposed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.contract import Codec, Quantity, Suggestion
from assistant.dsp.drive import Master
from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.album import Album, Track, master_album
from assistant.mastering.album_gain import Rule
from assistant.mastering.confidence import confidence
from assistant.mastering.curves import Curve
from assistant.mastering.drawn import Drawn, report_of
from assistant.mastering.heard import HeardMix
from assistant.mastering.limiting import in_loudest_seconds
from assistant.mastering.mastered import Goal, rounded_down
from assistant.mastering.moves import Level, done
from assistant.mastering.playback import Album as PlayedAlbum
from assistant.mastering.playback import Platform, as_measured, play
from assistant.mastering.ways import Way
from assistant.mastering.wording import (
    MISSED_LU,
    UNITS,
    busy,
    limited,
    little_room,
    plainly_heard,
    readings_of,
    said_of_codecs,
    said_of_quiet,
    said_of_room,
    signed,
)
from assistant.material import Material, Scratch, Session
from assistant.steps import part

__all__ = ["AlbumGround", "propose_album", "proposed_album"]

READINGS = tuple(UNITS)  # that are told of each track, and that its file says of itself


@dataclass(frozen=True, eq=False)
class AlbumGround:
    """What all proposals of one album share.

    Parameters
    ----------
    session : Session
        The tracks.
    heard : sequence of HeardMix
        What was heard in each.
    rule : str
        Whether the album as a whole counts, or its loudest track.
    tool : Codec, optional
        What makes lossy files.
    scratch : callable
        Makes float32 arrays.
    aim : Curve or Spectrum
        What its tone is compared with.
    platforms : sequence of Platform
        That may play it.
    told_of : sequence of str
        Of these, those whose playback of the loudest track is told in numbers.
    report : bool
        Whether a page a track is wanted.
    """

    session: Session
    heard: Sequence[HeardMix]
    rule: Rule
    tool: Codec | None
    scratch: Scratch
    aim: Curve | Spectrum
    platforms: Sequence[Platform]
    told_of: Sequence[str]
    report: bool


def proposed_album(ground: AlbumGround, way: Way, goal: Goal) -> Generator[float, None, Suggestion]:
    """Master an album in one way, and put that into a suggestion.

    Parameters
    ----------
    ground : AlbumGround
        What is known of it.
    way : Way
        What to do to all of its tracks alike.
    goal : Goal
        What to reach.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Suggestion
        From `propose_album`.
    """
    work = master_album(
        ground.session, ground.heard, way, goal, ground.rule, ground.tool, ground.scratch
    )
    made = yield from part(work, 0.0, 0.9)
    return (yield from part(propose_album(ground, made, way, goal), 0.9, 0.1))


def propose_album(
    ground: AlbumGround, made: Album, way: Way, goal: Goal
) -> Generator[float, None, Suggestion]:
    """Put an album into a suggestion.

    Parameters
    ----------
    ground : AlbumGround
        What is known of it.
    made : Album
        The masters.
    way : Way
        What was done to all of them alike.
    goal : Goal
        What was to be reached.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Suggestion
        A file a track, and a page a track where they are wanted.
    """
    title = f"{way.title}, album at {made.integrated:z.1f} LUFS"
    why = _why(made, way, goal)
    material: dict[str, Material | str] = {
        f"stem.{track.name}": track.finished.kept.audio for track in made.tracks
    }
    if ground.report:
        share = 1.0 / len(made.tracks)
        for n, track in enumerate(made.tracks):
            role = f"report.{track.name}" if n else "report"
            work = _page(ground, made, track, way, goal)
            material[role] = yield from part(work, n * share, share)
    yield 1.0
    return Suggestion(
        title,
        why,
        material,
        measured=_measured(made, ground),
        confidence=_confidence(made, way, goal),
        bits=goal.delivery.bits if goal.delivery.said else None,
    )


def _confidence(made: Album, way: Way, goal: Goal) -> float:
    return confidence(
        max(_master(track).limiting_db for track in made.tracks),
        goal.loudness - made.reached,
        tasted=way.tasted,
        little_room=any(
            little_room(one.heard.loudness, one.heard.flat_tops) for one in made.tracks
        ),
    )


def _page(
    ground: AlbumGround, made: Album, track: Track, way: Way, goal: Goal
) -> Generator[float, None, str]:
    """Draw one track."""
    audio, level = track.finished.kept.audio, _level(track, goal)
    why = f"{_said(track)}, in an album at {made.integrated:z.1f} LUFS."
    drawn = Drawn(
        f"{way.title}: {track.name}", why,
        track.stem.audio, track.heard.spectrum, audio, track.drive.gain_curve,
        done(way.told, (track.stem.audio.rate, audio.rate), level, goal.delivery),
        busy(level.master) if level.master.limiting_db else "idle",
    )  # fmt: skip
    played = play(
        ground.platforms, track.loudness.integrated, track.loudness.true_peak, _played_album(made)
    )
    work = report_of(drawn, track.finished, goal, ground.aim, _readings(track), played)
    return (yield from work)


def _why(made: Album, way: Way, goal: Goal) -> str:
    loudest = made.loudest
    every = "; ".join(_said(track) for track in made.tracks)
    codecs = " ".join(
        f"{track.name}: {said}"
        for track in made.tracks
        if (said := said_of_codecs(track.finished.kept))
    )
    room = " ".join(
        f"{track.name}: {said}"
        for track in made.tracks
        if (said := said_of_room(track.heard.loudness, track.heard.flat_tops, _master(track)))
    )
    kept = (
        f"One gain of {signed(made.gain_db)} dB for {_tracks(len(made.tracks))}, which keeps what"
        f" is quiet beside the others quiet: the album comes to {made.integrated:z.1f} LUFS, its"
        f" loudest track, {loudest.name}, to {loudest.loudness.integrated:z.1f} LUFS, under"
        f" {goal.ceiling_db:z.1f} dBTP."
    )
    quietest = min(track.heard.loudness.integrated for track in made.tracks)
    sentences = (
        kept,
        said_of_quiet(quietest, made.gain_db),
        way.chosen,
        *(f"{each.rstrip('.')}." for each in way.told),
        way.kept,
        f"{every}.",
        _short(made, way, goal),
        room,
        codecs,
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _short(made: Album, way: Way, goal: Goal) -> str:
    """Say which track stops the album, and where, if it takes too much or falls short."""
    tightest = made.tightest
    if made.sensible is not None:
        return (
            f"{tightest.name} is limited most, by up to {_master(tightest).limiting_db:.1f} dB:"
            f" {plainly_heard(made.sensible)}."
        )
    if goal.loudness - made.reached <= MISSED_LU:
        return ""
    whose = " for its loudest track" if made.rule == "loudest" else ""
    nearest = f"The nearest target{whose} is {rounded_down(made.reached):z.1f} LUFS."
    if goal.limits:
        return (
            f"It stays under {goal.loudness:z.1f} LUFS, for places were held lower behind the"
            f" limiter. {nearest}"
        )
    if goal.held_by not in {"", way.title}:
        return (
            f"Without a limiter {goal.held_by} gets no nearer to {goal.loudness:z.1f} LUFS than"
            f" this, and all are held here, to compare at one loudness. {nearest}"
        )
    return (
        f"Without a limiter it gets no nearer to {goal.loudness:z.1f} LUFS: the peaks of"
        f" {tightest.name} come to the ceiling first. {nearest}"
    )


def _tracks(count: int) -> str:
    return "1 track" if count == 1 else f"{count} tracks"


def _said(track: Track) -> str:
    loudness = f"{track.name} {track.loudness.integrated:z.1f} LUFS"
    master = _master(track)
    if master.limiting_db == 0.0:
        return loudness
    return f"{loudness} ({limited(master, _in_loudest_db(track))})"


def _in_loudest_db(track: Track) -> float:
    rate = track.finished.kept.audio.rate
    return in_loudest_seconds(track.drive.gain_curve, track.drive.heard, rate)


def _level(track: Track, goal: Goal) -> Level:
    readings = track.heard.loudness, track.loudness
    return Level(*readings, _master(track), goal.ceiling_db, _in_loudest_db(track))


def _master(track: Track) -> Master:
    return track.finished.master


def _measured(made: Album, ground: AlbumGround) -> dict[str, Quantity]:
    found = {"album": Quantity(None, made.integrated, "LUFS")}
    for track in made.tracks:
        readings = _readings(track)
        found |= {f"{track.name} {name}": readings[name] for name in READINGS if name in readings}
    loudest = made.loudest.loudness
    named = [one for one in ground.platforms if one.name in ground.told_of]
    played = play(named, loudest.integrated, loudest.true_peak, _played_album(made))
    return found | as_measured(played)


def _readings(track: Track) -> dict[str, Quantity]:
    return readings_of(track.heard.loudness, track.loudness)


def _played_album(made: Album) -> PlayedAlbum:
    peak = max(track.loudness.true_peak for track in made.tracks)
    return PlayedAlbum(made.integrated, made.loudest.loudness.integrated, peak)
