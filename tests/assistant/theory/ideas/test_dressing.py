from __future__ import annotations

from assistant.theory.harmony.change import any_suits
from assistant.theory.harmony.key import Key
from assistant.theory.harmony.progression import Bar, read_bars
from assistant.theory.ideas.dressing import dressed

BARS = read_bars("I | IV V | vi")


def said(bars: tuple[Bar, ...]) -> str:
    return " | ".join(" ".join(map(str, bar)) for bar in bars)


def test_chords_are_dressed_where_nothing_speaks_against_it() -> None:
    assert said(dressed(BARS, Key(0), "sevenths", any_suits)) == "Imaj7 | IVmaj7 V7 | vi7"
    assert said(dressed(BARS, Key(0), "ninths", any_suits)) == "Imaj9 | IVmaj9 V9 | vi9"


def test_what_does_not_suit_is_dressed_less() -> None:
    def no_ninths(_place: int, _was: Bar, instead: Bar) -> bool:
        return not any("9" in chord.kind for chord in instead)

    def no_sevenths(_place: int, _was: Bar, instead: Bar) -> bool:
        return not any("7" in chord.kind or "9" in chord.kind for chord in instead)

    def nothing_in_bar_two(place: int, _was: Bar, _instead: Bar) -> bool:
        return place != 1

    assert said(dressed(BARS, Key(0), "ninths", no_ninths)) == "Imaj7 | IVmaj7 V7 | vi7"
    assert said(dressed(BARS, Key(0), "ninths", no_sevenths)) == "Iadd6 | IVadd6 V | vi"
    assert said(dressed(BARS, Key(0), "sevenths", nothing_in_bar_two)) == "Imaj7 | IV V | vi7"
