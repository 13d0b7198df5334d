"""`report`: the page stands alone, tells all it is told, escapes it, stays small."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from assistant.mixing.report import MixReport, TrackTold, page
from assistant.moves import Move
from tests.assistant.mixing.told import (
    BAND,
    GUITAR,
    KICK,
    ODD_NAMES,
    RING,
    SILENT,
    SOFT,
    TOLD,
    many,
    summed,
)

VOID = {"meta"}


class Reader(HTMLParser):
    """See that every element is closed, and keep elements, text, and the cells of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def read(told: MixReport) -> Reader:
    reader = Reader()
    reader.feed(page(told))
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_stands_alone_and_is_the_same_again() -> None:
    html = page(TOLD)
    assert html.startswith("<!doctype html>")
    for outside in ("http", "<script", "<link", "@import", "src=", "url(", "onload"):
        assert outside not in html
    assert page(replace(TOLD)) == html


def test_what_is_told_stays_text() -> None:
    harm = "</style><script>x</script>"
    tracks = [replace(one, role_why=harm, by=harm) for one in many(len(ODD_NAMES))]
    moves = tuple(Move(one.name, "send_db", -9.0, harm, group=harm) for one in tracks)
    faults = [
        replace(RING, targets=(one.name, harm), why=harm, listen_for=harm, unit=harm, moves=moves)
        for one in tracks
    ]
    reader = read(MixReport(harm, harm, tracks, faults, moves, facts={harm: harm}))
    assert not reader.tags & {"script", "b>"}
    assert reader.text.count(harm) > 3 * len(tracks)
    assert "\u202e" not in reader.text
    for name in ODD_NAMES[1:4]:
        assert f"<bdi>{name}</bdi>" in page(replace(TOLD, tracks=tracks))


def test_moves_are_told_by_track_as_they_are_dialled_in() -> None:
    rows = [one for one in read(TOLD).rows if one[0] in {"kick", "guitar"}]
    assert ["kick", "fader", "+2.0 dB", FADER_WHY] in rows
    band = ["guitar", "EQ bell (resonance 315 Hz)", "315 Hz, \u22126.4 dB, Q 4.30", RING.why]
    assert rows.index(["kick", "fader", "+2.0 dB", FADER_WHY]) < rows.index(band)


FADER_WHY = "The kick lies 2 dB under its place."


def test_a_track_called_mix_is_not_the_mix() -> None:
    drums = replace(KICK, name="mix")
    moves = (Move("mix", "gain_db", -1.0, "headroom", "change"), *BAND)
    rows = [one[:2] for one in read(replace(TOLD, tracks=(drums, GUITAR), moves=moves)).rows]
    assert rows.index(["guitar", "EQ bell (resonance 315 Hz)"]) < rows.index(["the mix", "fader"])


def test_the_cards_count() -> None:
    html = page(TOLD)
    for name, said in (("tracks", 2), ("faults", 2), ("matters of taste", 1), ("knobs to turn", 4)):
        assert f"<span>{name}</span><b>{said}</b>" in html
    assert "<span>style</span><b>&lt;rock&gt;</b>" in html
    louder = replace(SOFT, targets=("guitar",))
    several = page(replace(TOLD, faults=(RING, SOFT, louder)))
    assert "<span>matters of taste</span><b>1</b>" in several  # all faders are one
    assert page(replace(TOLD, facts={"tracks": "2 of 3"})).count("<span>tracks</span>") == 1


def test_an_unsure_role_is_told_with_how_to_override_it() -> None:
    text = read(TOLD).text
    assert "less than 70\u2009% sure what these tracks play" in text
    assert '--roles "guitar=guitar"' in text
    assert '--roles "kick=kick"' not in text
    assert "lead_vocal" in text
    assert "One finding above is less than 70\u2009% sure" in text
    sure = read(replace(TOLD, tracks=(KICK,), faults=(RING, SOFT))).text
    assert "at least 70\u2009% sure what each track plays" in sure
    assert '--roles "kick=kick"' in sure
    assert "above" not in sure.split("What is not certain")[1]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("it's $HOME", "--roles 'it'\\''s $HOME=guitar'"),
        ('the "loud" one', "--roles 'the \"loud\" one=guitar'"),
        ("it's", '--roles "it\'s=guitar"'),
    ],
)
def test_a_name_is_quoted_as_a_shell_takes_it(name: str, said: str) -> None:
    assert said in read(replace(TOLD, tracks=(replace(GUITAR, name=name),))).text


def test_nothing_found_is_said() -> None:
    nothing = replace(TOLD, faults=(), moves=(), spectrum_after=None, measured={})
    text = read(nothing).text
    for said in ("No fault was found", "Nothing stands out.", "None: the mix is left as it is."):
        assert said in text
    assert "before and after" not in text
    assert "Measured" not in text


def test_what_is_told_elsewhere_is_not_said_to_be_none() -> None:
    text = read(replace(TOLD, faults=None)).text
    for said in ("fault", "taste", "stands out", "listen first"):
        assert said not in text.lower()
    assert "Moves" in text


@pytest.mark.parametrize("tracks", [(), (SILENT,), (SILENT, SILENT), (KICK,), (KICK, SILENT)])
def test_few_tracks_and_silence_make_a_page(tracks: tuple[TrackTold, ...]) -> None:
    told = replace(TOLD, tracks=tracks, spectrum=np.full(31, -160.0), spectrum_after=None)
    assert ("There are no tracks." in read(told).text) == (not tracks)
    assert read(MixReport("Nothing", "No tracks.")).text.count("None") == 1


def test_forty_tracks_stay_small_and_ten_have_a_number() -> None:
    tracks = many(40)
    told = MixReport("Many", "Forty.", tracks, [RING] * 20, [*BAND] * 20, summed(tracks))
    html = page(told)
    assert len(html.encode()) < 400_000
    assert html.count('<li class="r-') == 10
    assert html.count('class="digit"') == 10 + 2 * 10  # in the key, before, after
