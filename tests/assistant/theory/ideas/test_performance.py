from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.errors import SettingError
from assistant.material import Meter, Tempo
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import read_bars
from assistant.theory.ideas.arrange import Playing
from assistant.theory.ideas.choice import Wish
from assistant.theory.ideas.idea import Idea
from assistant.theory.ideas.library import open_library
from assistant.theory.ideas.performance import Player, performance
from assistant.theory.ideas.plan import Plan
from assistant.theory.ideas.song import Song
from assistant.theory.prompt.words import Reading
from bridge.presets import data

LIBRARY = open_library(data)
IDEA = Idea(read_bars("I | V | vi | IV"), Key(0), "folk", "folk", "as in folk", place=(0.0, 1.0))
KEYS = Player("keys", 52, 76, "standard", None)
PLAN = Plan(Wish(), Key(0), 0, None, None, 1.0, None, None, Reading(), None)


def played(player: Player = KEYS, plan: Plan = PLAN, song: Song | None = None) -> Playing:
    return performance(IDEA, player, plan, LIBRARY, song, np.random.default_rng(0))


def test_a_style_gives_tempo_metre_and_sound() -> None:
    playing = played()
    style = LIBRARY.styles["folk"]
    assert (playing.bpm, playing.program, playing.swing) == (style.quick, style.program, 0.5)
    assert len(playing.rhythms[4, 4]) == 4
    assert len(set(playing.rhythms[4, 4])) > 1  # bars are not all alike
    assert playing.guitar is None


def test_what_is_asked_for_goes_first() -> None:
    plan = replace(PLAN, bpm=77.0, meter=Meter(0.0, 3, 4), feel="jazz")
    playing = played(plan=plan)
    assert (playing.bpm, playing.meter.numerator) == (77.0, 3)
    assert playing.swing == LIBRARY.styles["jazz"].swing


def test_a_song_keeps_its_bars_and_tempos() -> None:
    grid = (Meter(0.0, 4, 4), Meter(4.0, 7, 8))
    song = Song(IDEA.bars, Key(0), grid, (Tempo(0.0, 91.0),))
    playing = played(song=song)
    assert playing.grid == grid
    assert playing.tempos == song.tempos
    assert {(4, 4), (7, 8)} <= set(playing.rhythms)


def test_a_guitar_has_its_lines_in_every_metre() -> None:
    song = Song(IDEA.bars, Key(0), (Meter(0.0, 4, 4), Meter(4.0, 3, 4)), (Tempo(0.0, 91.0),))
    playing = played(replace(KEYS, instrument="guitar", tuning="drop D", capo=2), song=song)
    assert playing.guitar is not None
    assert playing.guitar.tuning.strings[0] == 38
    assert playing.guitar.capo == 2
    assert {(4, 4), (3, 4)} <= set(playing.guitar.lines)
    assert playing.program in range(24, 32)


def test_a_tuning_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="tuning"):
        played(replace(KEYS, instrument="guitar", tuning="banana"))
