"""Pitch correction of a voice while it is sung: a block in, a block out, two cycles behind.

A period every 5 ms, from what has already sounded (`live_hearing`); the nearest of the notes that
may be sung, held a little longer than it is nearest; the way there as slow as is asked; and the
voice, cycle by cycle, at its new pitch (`live_singing`). Two periods of the lowest note are all
that is looked ahead, so that they are the latency.
"""

from __future__ import annotations

from math import ceil, exp, log2

import numpy as np
from numpy.typing import NDArray

from assistant.dsp.live_hearing import FRAMES_PER_SECOND, RATE_HZ, REACH, WINDOW, bell, hear, slowed
from assistant.dsp.live_singing import TAPS, silent_until, sing

__all__ = ["HIGHEST_HZ", "LOWEST_HZ", "LivePitch", "Pull"]

Array = NDArray[np.float64]
Block = NDArray[np.float32]

LOWEST_HZ, HIGHEST_HZ = 80.0, 1_000.0
"""Of nearly all voices."""

_PERIODS = 2.0  # looked ahead, of the lowest note
_BLOCK_SECONDS = 0.1  # worked on at once
_SOUND_SECONDS = 0.5  # remembered
_FRAMES = 128  # remembered: 0.64 s
_SLOW = 8_192  # samples remembered at `RATE_HZ`: 0.51 s
_HOP = RATE_HZ // FRAMES_PER_SECOND

_CERTAIN, _DOUBTFUL = 0.9, 0.7  # repeats with which a voiced stretch begins, and goes on
_QUIETEST = 1e-6  # power: -60 dBFS
_STEADY = 0.5  # semitones from frame to frame, with which a voiced stretch begins
_HELD = 0.1  # semitones beyond the middle between two notes before the other is taken


class Pull:
    """Decides, frame by frame, by how much a voice is to be moved.

    Parameters
    ----------
    notes : ndarray of float, shape (notes,)
        What may be sung: MIDI numbers with fractions, ascending; where there are none, nothing is
        ever moved.
    strength : float
        How much of the way to the note is gone, 0.0 to 100.0 %.
    speed_ms : float
        After which most of the way is gone (all but 1/e), 0.0 or above.
    """

    def __init__(self, notes: Array, strength: float, speed_ms: float) -> None:
        frame_ms = 1_000.0 / FRAMES_PER_SECOND
        self._notes = np.asarray(notes, dtype=np.float64)
        self._share = strength / 100.0 if self._notes.size else 0.0
        self._step = 1.0 - exp(-frame_ms / speed_ms) if speed_ms > 0.0 else 1.0
        self.let_go()

    @property
    def idle(self) -> bool:
        """Whether nothing is ever moved."""
        return self._share == 0.0

    def let_go(self) -> None:
        """Forget the note: the voice has paused."""
        self._note: float | None = None
        self._semitones = 0.0

    def semitones(self, pitch: float) -> float:
        """Say by how much a frame of a voice is to be moved.

        Parameters
        ----------
        pitch : float
            MIDI number with a fraction.

        Returns
        -------
        float
            Semitones.
        """
        nearest = float(self._notes[np.abs(self._notes - pitch).argmin()])
        if self._note is None or abs(nearest - pitch) + 2.0 * _HELD < abs(self._note - pitch):
            self._note = nearest
        wish = self._share * (self._note - pitch)
        self._semitones += self._step * (wish - self._semitones)
        return self._semitones


class LivePitch:
    """Corrects the pitch of a stream.

    What comes out is what went in, `latency` samples later, bit for bit, wherever nothing is
    voiced, and everywhere at strength 0. It is the same however the stream is cut into blocks.

    Parameters
    ----------
    rate : int
        Of the stream, in Hz.
    notes : ndarray of float, shape (notes,)
        What may be sung: MIDI numbers with fractions, ascending.
    strength : float
        How much of the way to the note is gone, 0.0 to 100.0 %.
    speed_ms : float
        After which most of the way is gone (all but 1/e), 0.0 or above.
    lowest_hz, highest_hz : float
        What the voice can sing, 30.0 to 2000.0 Hz. The latency follows from the lowest.
    """

    def __init__(
        self,
        rate: int,
        notes: Array,
        *,
        strength: float = 100.0,
        speed_ms: float = 30.0,
        lowest_hz: float = LOWEST_HZ,
        highest_hz: float = HIGHEST_HZ,
    ) -> None:
        self._pull = Pull(notes, strength, speed_ms)
        self._rate, self._slower = float(rate), RATE_HZ / rate
        self._frames_per_sample = FRAMES_PER_SECOND / rate
        self._most = int(_BLOCK_SECONDS * rate)
        self._lags = int(RATE_HZ / highest_hz), ceil(RATE_HZ / lowest_hz)
        self._reach = max(ceil(REACH / self._slower) + 1, TAPS)
        self._ahead = ceil(_PERIODS * rate / lowest_hz)
        self._lead = 0.5 * WINDOW * rate / lowest_hz
        self._sound = np.zeros(1 << ceil(log2(_SOUND_SECONDS * rate)), dtype=np.float32)
        self._slow = np.zeros(_SLOW, dtype=np.float32)
        self._bell, self._repeats = bell(), np.zeros(self._lags[1] + 2)
        self._periods, self._ratios = np.zeros(_FRAMES), np.ones(_FRAMES)
        self._sung = silent_until(-self.latency)
        self._taken = self._slowed = self._heard = 0
        self._period = self._pitch = 0.0  # of the frame before, in samples at `RATE_HZ`, and MIDI

    @property
    def latency(self) -> int:
        """How many samples what comes out is behind what goes in."""
        return self._ahead + self._reach

    def push(self, block: Block) -> Block:
        """Take a block, return one of the same length.

        Parameters
        ----------
        block : ndarray of float32, shape (frames,)
            One channel.

        Returns
        -------
        ndarray of float32, shape (frames,)
            What was sung `latency` samples before, corrected.
        """
        out = np.empty_like(block)
        self.push_into(block, out)
        return out

    def push_into(self, block: Block, out: Block) -> None:
        """Take a block, and write one of the same length.

        Parameters
        ----------
        block, out : ndarray of float32, shape (frames,)
            As for `push`.
        """
        for start in range(0, block.size, self._most):
            part = slice(start, start + self._most)
            first = self._taken
            self._take(block[part])
            if not self._pull.idle:
                self._hear()
            sing(
                self._sound, self._periods, self._ratios, self._frames_per_sample,
                self._ahead, self._lead, first - self.latency, self._sung, out[part],
            )  # fmt: skip

    def _take(self, block: Block) -> None:
        """Write a block into the ring of sound."""
        at = self._taken % self._sound.size
        room = self._sound.size - at
        self._sound[at : at + block.size] = block[:room]
        self._sound[: max(block.size - room, 0)] = block[room:]
        self._taken += block.size

    def _hear(self) -> None:
        """Work out the frames that are whole by now."""
        until = max(int((self._taken - self._reach) * self._slower) + 1, 0)
        slowed(self._sound, self._rate, self._bell, self._slowed, until, self._slow)
        self._slowed = until
        while self._heard * _HOP <= until:
            place = self._heard % _FRAMES
            self._periods[place], self._ratios[place] = self._frame(self._heard * _HOP)
            self._heard += 1

    def _frame(self, end: int) -> tuple[float, float]:
        """Hear what ends at a sample: its period, 0.0 where it has none, and what becomes of it."""
        period, repeats, power = hear(self._slow, end, *self._lags, self._period, self._repeats)
        before, self._pitch = self._pitch, _pitch(period)
        goes_on = self._period > 0.0
        steady = goes_on or abs(self._pitch - before) < _STEADY
        if repeats < (_DOUBTFUL if goes_on else _CERTAIN) or power < _QUIETEST or not steady:
            self._pull.let_go()
            self._period = 0.0
            return 0.0, 1.0
        self._period = period
        moved = self._pull.semitones(self._pitch)
        return period / self._slower, 2.0 ** (moved / 12.0)


def _pitch(period: float) -> float:
    """Return a period in samples at `RATE_HZ` as a MIDI number; 0.0 where there is none."""
    return 69.0 + 12.0 * log2(RATE_HZ / 440.0 / period) if period > 0.0 else 0.0
