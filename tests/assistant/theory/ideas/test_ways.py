from __future__ import annotations

from dataclasses import dataclass

import pytest

from assistant.errors import SettingError
from assistant.material import Note
from assistant.settings import Bars
from assistant.theory.harmony.change import Change
from assistant.theory.harmony.form import Ending
from assistant.theory.harmony.key import read_key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.song import Song
from assistant.theory.ideas.ways import Way, gaps_of, way_of

C_MAJOR = read_key("C")
CHORDS = Song(read_bars("I | V"), C_MAJOR)
TUNE = Song((), C_MAJOR, melody=(Note(60, 0, 1),))
BOTH = Song(read_bars("I | V"), C_MAJOR, melody=(Note(60, 0, 1),))


@dataclass(frozen=True)
class Asked:
    do: Way = "auto"
    within: Bars | None = None
    change: Change = "none"
    ending: Ending = "auto"
    complexity: float | None = None
    keep: tuple[str, ...] = ()
    keep_bars: Bars | None = None


@pytest.mark.parametrize(
    ("song", "asked", "way"),
    [
        (None, Asked(), "new"),
        (None, Asked(change="darker"), "new"),
        (CHORDS, Asked(), "continue"),
        (CHORDS, Asked(change="darker"), "vary"),
        (CHORDS, Asked(ending="close"), "vary"),
        (CHORDS, Asked(within=Bars(2, 2)), "replace"),
        (CHORDS, Asked(keep_bars=Bars(2, 2)), "replace"),
        (CHORDS, Asked(keep_bars=Bars(2, 2), ending="loop"), "replace"),
        (CHORDS, Asked(within=Bars(2, 2), ending="close"), "replace"),
        (CHORDS, Asked(keep=("chords",)), "voice"),
        (CHORDS, Asked(keep=("rhythm",)), "vary"),
        (CHORDS, Asked(keep=("key",)), "continue"),
        (CHORDS, Asked(within=Bars(1, 1), keep=("rhythm", "chords")), "replace"),
        (TUNE, Asked(), "harmonise"),
        (BOTH, Asked(), "continue"),
        (BOTH, Asked(keep=("melody",)), "harmonise"),
    ],
)
def test_the_song_and_what_is_kept_call_for_what_is_done(
    song: Song | None, asked: Asked, way: Way
) -> None:
    assert way_of(asked, song) == way


@pytest.mark.parametrize(
    ("song", "asked", "said"),
    [
        (None, Asked("continue"), "no chords are known"),
        (TUNE, Asked("vary"), "no chords are known"),
        (TUNE, Asked("voice"), "no chords are known"),
        (CHORDS, Asked("replace"), "say which bars"),
        (CHORDS, Asked("replace", Bars(2, 3)), "the chords end with bar 2"),
        (CHORDS, Asked(keep_bars=Bars(2, 3)), "keep_bars is 2-3, but the chords end with bar 2"),
        (CHORDS, Asked(keep_bars=Bars(1, 2)), "keep_bars is 1-2, which is the whole song"),
        (CHORDS, Asked(within=Bars(1, 1), keep_bars=Bars(2, 2)), "say one of them"),
        (CHORDS, Asked("vary", keep_bars=Bars(2, 2)), "do is 'vary', but keep_bars names bars"),
        (None, Asked(keep_bars=Bars(2, 2)), "no chords are known"),
        (CHORDS, Asked(keep_bars=Bars(2, 2), ending="close"), "bar 2, where your song ends"),
        (CHORDS, Asked(within=Bars(1, 1), ending="close"), "ending is close, but bar 2"),
        (CHORDS, Asked("harmonise"), "there is no melody"),
        (CHORDS, Asked("continue", Bars(1, 1)), "do is 'continue', but within names bars"),
        (None, Asked(keep=("key", "chords")), "keep is key, chords, but there is no song"),
        (CHORDS, Asked(keep=("melody",)), "keep names the melody, but none was heard"),
        (BOTH, Asked("vary", keep=("melody",)), "the melody, but 'vary' .* do harmonise does"),
        (CHORDS, Asked("vary", keep=("chords",)), "do continue or replace or voice does"),
        (CHORDS, Asked("continue", keep=("rhythm",)), "the rhythm, but 'continue'"),
        (CHORDS, Asked("voice", change="darker"), "change is darker, which would change them"),
        (CHORDS, Asked("voice", ending="close"), "ending is close"),
        (CHORDS, Asked(keep=("chords",), complexity=0.0), "complexity is 0.0"),
    ],
)
def test_what_cannot_be_done_is_refused(song: Song | None, asked: Asked, said: str) -> None:
    with pytest.raises(SettingError, match=said):
        way_of(asked, song)


@pytest.mark.parametrize(
    ("asked", "gaps"),
    [(Asked(within=Bars(3, 4)), ((3, 4),)), (Asked(keep_bars=Bars(3, 4)), ((1, 2), (5, 8))),
     (Asked(keep_bars=Bars(1, 4)), ((5, 8),)), (Asked(keep_bars=Bars(3, 8)), ((1, 2),)),
     (Asked(keep_bars=Bars(1, 8)), ()), (Asked(), ())],
)  # fmt: skip
def test_the_bars_that_do_not_stay_are_written_anew(
    asked: Asked, gaps: tuple[tuple[int, int], ...]
) -> None:
    assert gaps_of(asked, 8) == gaps
