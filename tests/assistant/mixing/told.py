"""Something for the report of a mix to tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.contract import Quantity
from assistant.dsp.ear import BAND_HZ, BANDS
from assistant.dsp.third_octaves import CENTRES_HZ, FLOOR_DB, Levels, levels_of, power_of
from assistant.mixing.fault import Fault, Reading
from assistant.mixing.report_told import Hidden, MixReport, TrackTold
from assistant.mixing.role_names import Role
from assistant.moves import Move

ODD_NAMES = (
    '<script>alert("1")</script>', "קיק פנימי 01", "صوت", "\U0001f941 DRUMZ", "", "mix",
    "it's $HOME `rm`", "\u202eevil",
    "A very long name of a track which somebody typed, take 27, final (comp) (edit)",
    "with_no_space_in_it_anywhere_at_all_0123456789_0123456789",
)  # fmt: skip


def hump(hertz: float, level_db: float, slope_db: float = 9.0) -> Levels:
    """A spectrum that falls to both sides, by so much an octave."""
    return level_db - slope_db * np.abs(np.log2(np.array(CENTRES_HZ) / hertz))


def hidden(low_hz: float, high_hz: float, by: str, lost: float = 0.95) -> Hidden:
    """Hidden between two frequencies, and half lost elsewhere."""
    inside = (low_hz <= BAND_HZ) & (high_hz >= BAND_HZ)
    takers = [by if one else "" for one in inside]
    return Hidden(np.ones(BANDS), np.where(inside, lost, 0.5), takers)


def summed(tracks: Sequence[TrackTold]) -> Levels:
    """The sum of all tracks as they came."""
    powers = [power_of(one.spectrum) for one in tracks if one.spectrum is not None]
    return levels_of(np.sum(powers, axis=0))


def many(count: int) -> list[TrackTold]:
    """As many tracks as anybody has, of all roles, some with names that do harm."""
    roles = list(Role)
    return [
        TrackTold(
            ODD_NAMES[n] if n < len(ODD_NAMES) else f"track {n}",
            roles[n % len(roles)],
            n / count,
            "its name says so",
            -20.0 - 0.5 * n,
            place=-25.0,
            gain_db=float(n % 3),
            pan=(n % 5 - 2) / 2.0,
            panned=0.5 if n % 4 == 0 else None,
            peak_db=-3.0,
            lost=0.5,
            lost_after=0.25,
            by=ODD_NAMES[n % len(ODD_NAMES)],
            spectrum=hump(60.0 * 1.15**n, -20.0 - 0.5 * n),
            spectrum_after=hump(60.0 * 1.15**n, -20.0 - 0.5 * n + n % 3),
            hidden=hidden(200.0, 900.0, "track 12") if n % 2 else None,
        )
        for n in range(count)
    ]


WHY = "Guitar rings at 315 Hz: 9.0 dB over its neighbours."
BAND = (
    Move("guitar", "eq.freq_hz", 315.0, WHY, group="resonance 315 Hz"),
    Move("guitar", "eq.gain_db", -6.4, WHY, "change", "resonance 315 Hz"),
    Move("guitar", "eq.q", 4.3, WHY, group="resonance 315 Hz"),
)
FADER = Move("kick", "gain_db", 2.0, "The kick lies 2 dB under its place.", "change")
RING = Fault(
    "resonance", ("guitar",), 0.5, 315.0, "Hz", 0.9, WHY, "a boom on some notes",
    evidence={"over its neighbours": Reading(9.0, "dB")}, moves=BAND,
)  # fmt: skip
CLIPPED = Fault("clipping", ("kick", "guitar"), 0.4, 112.0, "", 0.55, "It is clipped.", "a crackle")
SOFT = Fault(
    "gain", ("kick",), 0.2, -2.0, "dB", 0.8, "The kick is soft.", "the beat",
    is_taste=True, moves=(FADER,),
)  # fmt: skip
GUITAR = TrackTold(
    "guitar", Role.GUITAR, 0.4, "no name tells", -24.0, place=-24.0, pan=-0.3, panned=0.3,
    peak_db=0.4, lost=0.38, lost_after=0.21, by="kick", spectrum=hump(500.0, -30.0),
    spectrum_after=hump(500.0, -31.0), hidden=hidden(200.0, 900.0, "kick"),
)  # fmt: skip
KICK = TrackTold(
    "kick", Role.KICK, 0.99, "its name says kick", -20.0, place=-18.0, gain_db=2.0, peak_db=-6.0,
    lost=0.1, spectrum=hump(60.0, -20.0), spectrum_after=hump(60.0, -18.0),
)  # fmt: skip
SILENT = TrackTold(
    "empty", Role.OTHER, 0.0, "it is silent", -np.inf, spectrum=np.full(31, FLOOR_DB)
)
TOLD = MixReport(
    "Natural",
    "The kick comes up & a ring goes.",
    tracks=(GUITAR, KICK),
    faults=(RING, SOFT, CLIPPED),
    moves=(*BAND, FADER),
    spectrum=summed((GUITAR, KICK)),
    spectrum_after=summed((GUITAR, KICK)) + 1.0,
    measured={"true_peak": Quantity(-3.0, -1.0, "dBTP")},
    facts={"style": "<rock>"},
)
