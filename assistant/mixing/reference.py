"""A mix brought nearer to a reference: its balance, spectrum, dynamics and width, within limits.

First the faders: by role where the stems of the reference are known, else by which track plays
where the spectrum is short. What they leave is for broad EQ on the sum; then the width of the sum,
and where the reference is denser, compression. What no move reaches is said.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity
from assistant.dsp.third_octaves import band_name
from assistant.errors import MaterialError
from assistant.material import Audio, Stem
from assistant.mixing.console import MIX
from assistant.mixing.heard import Heard
from assistant.mixing.nearing import Nearing, nearing
from assistant.mixing.reference_told import reference_told
from assistant.mixing.role_names import Role
from assistant.mixing.roles import RoleGuess
from assistant.mixing.strip_moves import compressor_moves, eq_moves
from assistant.mixing.track import Track
from assistant.moves import Move

__all__ = ["ReferenceHeard", "Toward", "toward"]

SHORTEST_SECONDS = 3.0
_BUS = RoleGuess(Role.BUS, 1.0, "the sum of all tracks", None, None, True)


@dataclass(frozen=True, eq=False)
class ReferenceHeard:
    """What was heard of a reference.

    Parameters
    ----------
    mix : Heard
        The finished mix, or the sum of its stems.
    tracks : tuple of Track
        Its stems, where they are known.

    Raises
    ------
    MaterialError
        Where it is silent, or sounds for less than 3 s.
    """

    mix: Heard
    tracks: tuple[Track, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to learn."""
        if self.mix.silent or self.mix.active_seconds < SHORTEST_SECONDS:
            long = f"sounds for {self.mix.active_seconds:.1f} s only"
            raise MaterialError(
                f"The reference {'is silent' if self.mix.silent else long}; for a mix to come"
                f" nearer to it, it sounds for {SHORTEST_SECONDS:g} s or more."
            )


@dataclass(frozen=True, eq=False)
class Toward:
    """How a mix comes nearer to a reference.

    Parameters
    ----------
    moves : tuple of Move
        For tracks, then for the sum.
    told : tuple of str
        How near it comes, and what no move reaches.
    measured : mapping of str to Quantity
        Before, and after as far as that can be told without rendering.
    """

    moves: tuple[Move, ...]
    told: tuple[str, ...]
    measured: Mapping[str, Quantity]


def toward(
    tracks: Sequence[Track], mix: Audio, heard: Heard, reference: ReferenceHeard
) -> Generator[float, None, Toward]:
    """Bring a mix nearer to a reference.

    Parameters
    ----------
    tracks : sequence of Track
        Of the mix.
    mix : Audio
        Their sum as it is. About a minute of it is read.
    heard : Heard
        What was heard of that sum.
    reference : ReferenceHeard
        What to come nearer to.

    Yields
    ------
    float
        Share that is done.

    Returns
    -------
    Toward
        Faders within 6 dB, EQ of the sum within 4 dB a band, its width within 0.5 to 1.5, up to
        3 dB of compression. No moves where the mix is silent.
    """
    if heard.silent:
        yield 1.0
        return Toward((), ("The mix is silent, so nothing brings it nearer.",), {})
    bus = Track(Stem(MIX, mix), heard, _BUS)
    found = nearing(tracks, bus, reference.mix, reference.tracks)
    yield 1.0
    moves = (*_fader_moves(found), *_mix_moves(found))
    return Toward(moves, reference_told(found), _measured(found))


def _fader_moves(found: Nearing) -> Iterator[Move]:
    for one, gain_db in zip(found.tracks, found.gains_db, strict=True):
        if gain_db:
            why = _fader_why(found, one, gain_db)
            yield Move(one.name, "gain_db", gain_db, why, mode="change")


def _fader_why(found: Nearing, track: Track, gain_db: float) -> str:
    compared = found.roles.get(track.role)
    if compared is not None:
        return (
            f"in the reference {track.role.words} stands {compared.there_lu:+z.1f} LU against the"
            f" middle of all roles, here {compared.here_lu:+z.1f} LU"
        )
    more = "more" if gain_db > 0.0 else "less"
    return f"the reference has {more} where it plays: nearer by faders than by EQ"


def _mix_moves(found: Nearing) -> Iterator[Move]:
    for band in found.bands:
        more, where = "more" if band.gain_db > 0.0 else "less", band_name(band.freq_hz)
        why = f"the reference has {more} around {where} than faders bring"
        yield from eq_moves(MIX, band, f"reference {where}", why)
    if found.squeeze:
        whys = found.squeeze.whys
        whys["threshold_db"] = (
            f"its loudness ranges {found.wider_lu:.1f} LU further than that of the reference; this"
            f" {whys['threshold_db']}"
        )
        yield from compressor_moves(MIX, found.squeeze.compressor, "toward the reference", whys)
    if found.width.width != 1.0:
        why = (
            f"the sides of the reference lie {found.reference.side_db:+z.1f} dB against its middle,"
            f" here {found.side_db:+z.1f} dB"
        )
        yield Move(MIX, "width", found.width.width, why)


def _measured(found: Nearing) -> dict[str, Quantity]:
    side_db = found.side_db + 20.0 * math.log10(found.width.width)
    return {
        "reference_distance": Quantity(found.before_db, found.after_db, "dB"),
        "sides": Quantity(found.mix.side_db, side_db, "dB"),
        "peaks_over_reference": Quantity(found.denser_db, None, "dB"),
        "range_over_reference": Quantity(found.wider_lu, None, "LU"),
    }
