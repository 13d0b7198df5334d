"""What the tests of tunes share: a frame over four chords, and a song to work on."""

from __future__ import annotations

from assistant.material import Meter, Note, Score, Track
from assistant.theory.harmony.chord import read_chord
from assistant.theory.harmony.key import read_key
from assistant.theory.tune.frame import Frame, Stretch, bar_lines, make_frame, measures
from assistant.theory.tune.proposals import Proposals
from bridge.presets import weights

TABLES = Proposals.read(weights("proposals-pop"))


def framed(
    key: str = "C major",
    chords: str = "C Am F G",
    bars: int = 8,
    meter: tuple[int, int] = (4, 4),
    span: tuple[float, float] = (60.0, 79.0),
) -> Frame:
    """Lay out a frame: a chord a bar, round and round."""
    lines = measures(bar_lines((Meter(0.0, *meter),), 0, bars))
    names = chords.split()
    over = [
        Stretch(line.start, line.end, read_chord(names[place % len(names)]))
        for place, line in enumerate(lines)
    ]
    return make_frame(lines, read_key(key), over, *span)


TUNE = (
    (64, 0, 1), (67, 1, 1), (69, 2, 1.5), (67, 3.5, 0.5), (64, 4, 1), (62, 5, 1), (60, 6, 2),
    (62, 8, 1), (64, 9, 1), (65, 10, 1.5), (64, 11.5, 0.5), (62, 12, 1), (59, 13, 1), (60, 14, 2),
)  # fmt: skip
LEAD = Track("lead", tuple(Note(float(pitch), start, length) for pitch, start, length in TUNE))
KEYS = Track(
    "keys",
    tuple(
        Note(float(pitch), 4.0 * place, 4.0)
        for place, chord in enumerate(((48, 52, 55), (45, 48, 52), (41, 45, 48), (43, 47, 50)))
        for pitch in chord
    ),
)
SONG = Score((LEAD, KEYS))
