from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.theory.harmony.key import read_key
from assistant.theory.ideas.chart import read_chart, read_played


def said(text: str, key: str | None = None) -> tuple[str, str]:
    chart = read_chart(text, read_key(key) if key else None)
    bars = " | ".join(" ".join(str(chord) for chord in bar) for bar in chart.bars)
    return bars, str(chart.key)


@pytest.mark.parametrize(
    ("text", "key", "bars"),
    [
        ("Am F C G", "C", "vi | IV | I | V"),
        ("Am - F - C - G", "C", "vi | IV | I | V"),
        ("Am, F, C, G", "A minor", "i | VI | III | VII"),
        ("| Am F | C G |", "C", "vi IV | I V"),
        ("i VI III VII", "A minor", "i | VI | III | VII"),
        ("Cmaj7 | % | Dm7 G7 | C", "C", "Imaj7 | Imaj7 | ii7 V7 | I"),
        ("C | / | F / | G", "C", "I | I | IV | V"),
        ("Bb/D Ebmaj7", "Bb", "I6 | IVmaj7"),
        ("C-G-Am-F", "C", "I | V | vi | IV"),
        ("C-7 F-7", "C", "i7 | iv7"),
        ("||: C G | Am F :||", "C", "I V | vi IV"),
        ("1 5 6m 4", "C", "I | V | vi | IV"),
        ("6m 4 | 1 5/7", "A minor", "i VI | III VII6"),
        ("I-V-vi-IV", "C", "I | V | vi | IV"),
    ],
)
def test_chords_are_read_by_bar(text: str, key: str, bars: str) -> None:
    assert said(text, key)[0] == bars


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("C Am F G", "C major"),
        ("Am Dm E Am", "A minor"),
        ("D A Bm G", "D major"),
        ("Gb Db Ebm Cb", "Gb major"),
    ],
)
def test_chords_tell_their_key(text: str, key: str) -> None:
    assert said(text)[1] == key


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("", None, "it takes chords, such as"),
        (" | | ", "C", "it takes chords, such as"),
        ("% C", "C", "it takes chords, such as"),
        ("C Xm G", None, "'Xm', which is no chord"),
        ("I V vi IV", None, "say the key they count from"),
        ("1 5 6m 4", None, "say the key they count from"),
        ("C 9", "C", "'9', which is no chord"),
        ("C | F G C | G", "C", "chords has 3 in bar 2; a bar holds one or two"),
        ("C " * 65, "C", "chords has 65 bars; it takes 64"),
    ],
)
def test_what_is_no_chart_is_refused(text: str, key: str | None, message: str) -> None:
    with pytest.raises(SettingError, match=message):
        said(text, key)


@pytest.mark.parametrize("text", ["Am | N.C. | F | G", "Am | - | F | G", "Am NC F G"])
def test_pauses_are_read_where_chords_are_played_and_refused_where_they_are_made(text: str) -> None:
    bars, _ = read_played(text, None)
    assert [bar[0] is None for bar in bars] == [False, True, False, False]
    with pytest.raises(SettingError, match="bars of no chord"):
        read_chart(text, None)
