"""The bass line: one note below each chord, in a register of its own."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.theory.harmony import spelling
from assistant.theory.harmony.chord import Chord
from assistant.theory.harmony.voicing import Voicing

__all__ = ["LOWEST", "bass_line"]

LOWEST = 24
"""C1: no bass note is lower."""

_HOME = range(28, 46)  # E1, the lowest string of a bass, to A2
_AWAY_COST = 2.0  # a semitone outside its home
_OCTAVE_COST = 6.0
_FIRST_CENTRE = 36


def bass_line(chords: Sequence[Chord], voicings: Sequence[Voicing]) -> tuple[int, ...]:
    """Choose the bass notes: the shortest way that stays under the chords.

    Parameters
    ----------
    chords : sequence of Chord
        Their `Chord.bass` is what is played.
    voicings : sequence of Voicing
        What is played above; the lowest pitch of each is 36 or higher.

    Returns
    -------
    tuple of int
        A MIDI note a chord, each below its voicing.
    """
    pairs = zip(chords, voicings, strict=True)
    choices = [_choices(chord, voicing[0]) for chord, voicing in pairs]
    ways: dict[int, tuple[float, tuple[int, ...]]] = {}
    for pitch in choices[0]:
        ways[pitch] = (_away(pitch) + abs(pitch - _FIRST_CENTRE) / 2, (pitch,))
    for pitches in choices[1:]:
        ways = {
            pitch: min(
                (total + _leap(line[-1], pitch) + _away(pitch), (*line, pitch))
                for total, line in ways.values()
            )
            for pitch in pitches
        }
    return min(ways.values())[1]


def _choices(chord: Chord, ceiling: int) -> range:
    low = LOWEST + (spelling.pitch_class(chord.bass) - LOWEST) % 12
    return range(low, max(min(ceiling, _HOME.stop + 6), low + 1), 12)


def _away(pitch: int) -> float:
    """Rate a note by how far it lies outside the home of a bass."""
    return _AWAY_COST * max(_HOME.start - pitch, pitch - _HOME.stop + 1, 0)


def _leap(before: int, after: int) -> float:
    return abs(after - before) + (_OCTAVE_COST if abs(after - before) >= 12 else 0.0)
