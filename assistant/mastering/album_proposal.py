"""A mastered album as it is proposed."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity, Suggestion
from assistant.dsp.drive import Master
from assistant.dsp.third_octaves import Spectrum
from assistant.mastering.album import Album, Track
from assistant.mastering.curves import Curve
from assistant.mastering.drawn import Drawn, report_of
from assistant.mastering.mastered import Goal
from assistant.mastering.playback import Album as PlayedAlbum
from assistant.mastering.playback import Platform, as_measured, play
from assistant.mastering.proposal import (
    LEAST_SURE,
    LESS_SURE_A_DB,
    LESS_SURE_TO_TASTE,
    LESS_SURE_WITHOUT_ROOM,
)
from assistant.mastering.ways import Way
from assistant.mastering.wording import (
    limited,
    little_room,
    readings_of,
    said_of_codecs,
    said_of_room,
)
from assistant.material import Material
from assistant.steps import part

__all__ = ["AlbumGround", "propose_album"]

READINGS = ("integrated", "true_peak")  # that are told of each track

SURE = 0.9


@dataclass(frozen=True, eq=False)
class AlbumGround:
    """What all proposals of one album share.

    Parameters
    ----------
    aim : Curve or Spectrum
        What its tone is compared with.
    platforms : sequence of Platform
        That may play it.
    told_of : sequence of str
        Of these, those whose playback of the loudest track is told in numbers.
    report : bool
        Whether a page a track is wanted.
    """

    aim: Curve | Spectrum
    platforms: Sequence[Platform]
    told_of: Sequence[str]
    report: bool


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
    title = f"{way.title}, album at {made.integrated:.1f} LUFS"
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
        confidence=_confidence(made, way),
        bits=goal.delivery.bits if goal.delivery.said else None,
    )


def _confidence(made: Album, way: Way) -> float:
    sure = SURE - LESS_SURE_A_DB * max(_master(track).limiting_db for track in made.tracks)
    sure -= LESS_SURE_TO_TASTE if way.tasted else 0.0
    cramped = any(little_room(one.heard.loudness, one.heard.flat_tops) for one in made.tracks)
    return max(LEAST_SURE, sure - (LESS_SURE_WITHOUT_ROOM if cramped else 0.0))


def _page(
    ground: AlbumGround, made: Album, track: Track, way: Way, goal: Goal
) -> Generator[float, None, str]:
    """Draw one track."""
    master = track.finished.kept.audio
    drawn = Drawn(
        f"{way.title}: {track.name}", f"{_said(track)}, in an album at {made.integrated:.1f} LUFS.",
        track.stem.audio, track.heard.spectrum, master, track.drive.gain_curve, way.told,
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
        f"One gain of {made.gain_db:+.1f} dB for {_tracks(len(made.tracks))}, which keeps what is"
        f" quiet beside the others quiet: the album comes to {made.integrated:.1f} LUFS, its"
        f" loudest track, {loudest.name}, to {loudest.loudness.integrated:.1f} LUFS, under"
        f" {goal.ceiling_db:.1f} dBTP."
    )
    sentences = (
        kept,
        way.chosen,
        *(f"{each.rstrip('.')}." for each in way.told),
        way.kept,
        f"{every}.",
        room,
        codecs,
    )
    return " ".join(sentence for sentence in sentences if sentence)


def _tracks(count: int) -> str:
    return "1 track" if count == 1 else f"{count} tracks"


def _said(track: Track) -> str:
    loudness = f"{track.name} {track.loudness.integrated:.1f} LUFS"
    master = _master(track)
    return f"{loudness} ({limited(master)})" if master.limiting_db > 0.0 else loudness


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
