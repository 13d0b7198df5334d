"""What was found in a take, told to a musician: each fault in a sentence with its number."""

from __future__ import annotations

from assistant.denoising.findings import MAX_SPANS, Finding, Span
from assistant.dsp.clicks import Clicks
from assistant.dsp.decibels import decibels
from assistant.dsp.hum import Hum
from assistant.dsp.mouth import Burst
from assistant.dsp.noise_print import Print
from assistant.dsp.plosives import Plosives
from assistant.dsp.sibilance import Sibilance
from assistant.dsp.walls import Walls
from assistant.material import Audio

__all__ = [
    "ROOM_SECONDS",
    "tell_clicks",
    "tell_clipping",
    "tell_hum",
    "tell_noise",
    "tell_plosives",
    "tell_room",
    "tell_sibilance",
]

TEN = 10.0  # that are likely tell as much as one that is certain
ROOM_SECONDS = 0.45  # in which it falls by 60 dB: a shorter one is not told from how voices stop
SURE_SECONDS = 0.9
SWELLS_DB = 3.0  # of most frequencies: a fan has 0.3, wind 1, a street or a crowd 6
_SOURCES = {
    "given": "the print that was given",
    "range": "the pause that was marked",
    "pauses": "{seconds:.1f} s of pauses",
}


def tell_clipping(audio: Audio, walls: Walls) -> Finding:
    """Tell where a sound was cut off flat.

    Parameters
    ----------
    audio : Audio
        The sound.
    walls : Walls
        What `assistant.dsp.walls.find_walls` found in it.

    Returns
    -------
    Finding
        Its strength is the share of the samples that was cut off.
    """
    cut = sum(wall.cut for wall in walls.walls)
    still = sum(wall.still for wall in walls.walls)
    level_db = decibels(max(wall.level for wall in walls.walls))
    percent = 100.0 * sum(wall.frames for wall in walls.walls) / (audio.frames * audio.channels)
    times = "Once a peak was" if cut == 1 else f"{cut} peaks were"
    return Finding(
        kind="clipping",
        spans=walls.places,
        strength=percent,
        unit="%",
        confidence=cut / (cut + 1.0) * cut / (cut + still),
        why=f"{times} cut off flat at {level_db:.1f} dBFS: {_share(percent)} of the sound.",
    )


def tell_clicks(audio: Audio, clicks: Clicks) -> Finding:
    """Tell where a sound clicks.

    Parameters
    ----------
    audio : Audio
        The sound.
    clicks : Clicks
        What `assistant.dsp.clicks.find_clicks` found in it.

    Returns
    -------
    Finding
        Its strength is how many there are in a minute, of all channels together.
    """
    evidence = clicks.certain + clicks.count / TEN
    many = f"{clicks.count} clicks" if clicks.count > 1 else "One click"
    return Finding(
        kind="clicks",
        spans=clicks.places,
        strength=60.0 * clicks.count / audio.seconds,
        unit="a minute",
        confidence=evidence / (evidence + 1.0),
        why=f"{many} that nothing in the music leads to and nothing rings on from.",
    )


def tell_hum(audio: Audio, hum: Hum) -> Finding:
    """Tell of hum.

    Parameters
    ----------
    audio : Audio
        The sound in which it was looked for.
    hum : Hum
        From `assistant.dsp.hum.find_hum`.

    Returns
    -------
    Finding
        Its strength is the level of the hum, in dBFS.
    """
    beside = (
        f"{hum.under_db:.0f} dB under all that sounds"
        if hum.under_db >= 1.0
        else "as loud as all else together"
    )
    why = (
        f"{hum.lines} harmonics of the mains at {hum.hertz:.2f} Hz stand in the quiet moments and"
        f" go on through the notes, at {hum.level_db:.0f} dBFS, {beside}."
    )
    return Finding("hum", _stretches(audio, hum), hum.level_db, "dBFS", hum.sure, why)


def tell_noise(noise: Print, under_db: float) -> Finding:
    """Tell of noise.

    Parameters
    ----------
    noise : Print
        Not silent.
    under_db : float
        How far it lies under the loud parts.

    Returns
    -------
    Finding
        Its strength is the level of the noise, in dBFS.
    """
    source = _SOURCES[noise.how].format(seconds=noise.seconds)
    which = "Steady noise" if noise.swell_db < SWELLS_DB else "Noise that comes and goes"
    why = (
        f"{which} at {noise.level_db:.0f} dBFS, {under_db:.0f} dB under the loud parts, by"
        f" {source}."
    )
    return Finding("noise", (), noise.level_db, "dBFS", noise.confidence, why)


def tell_room(seconds: float) -> Finding:
    """Tell of a room.

    Parameters
    ----------
    seconds : float
        In which a voice falls by 60 dB in it, over `ROOM_SECONDS`.

    Returns
    -------
    Finding
        Its strength is that time.
    """
    sure = min(1.0, (seconds - ROOM_SECONDS) / (SURE_SECONDS - ROOM_SECONDS))
    why = f"A room is heard: the voice takes about {seconds:.1f} s to die away in it."
    return Finding("reverberation", (), seconds, "s", 0.5 + 0.5 * sure, why)


def tell_sibilance(audio: Audio, sibilance: Sibilance) -> Finding:
    """Tell of "s" that stands out.

    Parameters
    ----------
    audio : Audio
        The sound in which it was looked for.
    sibilance : Sibilance
        From `assistant.dsp.sibilance.find_sibilance`.

    Returns
    -------
    Finding
        Its strength is the level against loud vowels, in dB.
    """
    why = (
        f'{len(sibilance.places)} times an "s" is sharp: {_beside(sibilance.level_db)}, most of it'
        f" above {sibilance.corner_hz / 1000.0:.1f} kHz."
    )
    spans = _spans(audio, sibilance.places)
    return Finding("sibilance", spans, sibilance.level_db, "dB", sibilance.sure, why)


def tell_plosives(audio: Audio, plosives: Plosives) -> Finding:
    """Tell of bursts of air.

    Parameters
    ----------
    audio : Audio
        The sound in which they were looked for.
    plosives : Plosives
        From `assistant.dsp.plosives.find_plosives`.

    Returns
    -------
    Finding
        Its strength is the level of the loudest against loud vowels, in dB.
    """
    count = len(plosives.places)
    times = "Once" if count == 1 else f"{count} times"
    why = (
        f'{times} air hits the microphone, as with a "p": {_beside(plosives.level_db)} at its'
        " loudest, under all notes."
    )
    spans = _spans(audio, plosives.places)
    return Finding("plosives", spans, plosives.level_db, "dB", plosives.sure, why)


def _share(percent: float) -> str:
    return "under 0.01 %" if percent < 0.01 else f"{percent:.2g} %"


def _stretches(audio: Audio, hum: Hum) -> tuple[Span, ...]:
    """Join stretches that touch; none are told where there is hum all through."""
    spans: list[Span] = []
    for stretch in hum.stretches:
        start, stop = stretch.start / audio.rate, stretch.stop / audio.rate
        if spans and start <= spans[-1][1]:
            start = spans.pop()[0]
        spans.append((start, stop))
    if spans == [(0.0, audio.frames / audio.rate)]:
        return ()
    return tuple(spans[:MAX_SPANS])


def _beside(level_db: float) -> str:
    if abs(level_db) < 0.5:
        return "as loud as the loud vowels"
    return f"{abs(level_db):.0f} dB {'over' if level_db > 0.0 else 'under'} the loud vowels"


def _spans(audio: Audio, places: tuple[Burst, ...]) -> tuple[Span, ...]:
    return tuple(
        (place.start / audio.rate, place.stop / audio.rate) for place in places[:MAX_SPANS]
    )
