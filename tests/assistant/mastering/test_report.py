"""`report`: the page stands alone, tells all it is told, escapes it, stays small."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from assistant.contract import Quantity
from assistant.dsp.third_octaves import BANDS
from assistant.mastering.codec_loop import Heard
from assistant.mastering.lossy import Lossy
from assistant.mastering.over_time import STEPS, OverTime
from assistant.mastering.playback import as_measured, load_platforms, play
from assistant.mastering.report import MasterReport, page
from bridge import presets
from tests.assistant.mastering.sketches import sketch_of
from tests.assistant.mastering.spectra import CURVES, spectrum

VOID = {"meta", "br", "link"}
AAC, OPUS = Lossy("aac", 128), Lossy("opus", 96)
TOLD = MasterReport(
    "Transparent",
    "6.0 LU up.",
    sketch_of(-20.0),
    sketch_of(-14.0),
    -14.0,
    -1.0,
    measured={
        "integrated": Quantity(-20.04, -14.0, "LUFS"),
        "mono_loss": Quantity(1.0, 1.0, "LU"),
        "limited": Quantity(None, 12.5, "%"),
        "aac_128_true_peak": Quantity(1.24, -0.06, "dBTP"),
    },
    facts={"genre": "folk"},
    gain=OverTime(np.arange(60.0), np.full(60, -2.0)),
    aim=CURVES["folk"],
    moves=("2.1 dB less at 250 Hz: 3.4 dB over the curve for folk.",),
    codecs=(
        (Heard(AAC, 1.24), Heard(OPUS, None, "no ffmpeg")),
        (Heard(AAC, -0.06), Heard(OPUS, None, "no ffmpeg")),
    ),
    played=play(load_platforms(presets.data), -16.0, -4.0),
)


class Balance(HTMLParser):
    """See that every element is closed, and keep the cells of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in VOID

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


def rows(html: str) -> dict[str, list[str]]:
    """Return what stands beside each name in all tables."""
    parser = Balance()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return {first: rest for first, *rest in parser.rows}


def test_the_page_stands_alone() -> None:
    html = page(TOLD)
    assert html.startswith("<!doctype html>")
    for outside in ("http", "<script", "<link", "@import", "src=", "url(", "onload"):
        assert outside not in html
    assert page(TOLD) == html


def test_all_that_was_measured_is_told() -> None:
    told = rows(page(TOLD))
    assert told["loudness, integrated"] == ["\u221220.04", "\u221214.00", "+6.04", "LUFS"]
    assert told["lost in mono"] == ["1.00", "1.00", "0.00", "LU"]
    assert told["time that is limited"] == ["", "12.50", "", "%"]
    assert "measured" in told
    again = replace(TOLD, measured={**TOLD.measured, **as_measured(TOLD.played)})
    assert page(again) == page(TOLD)  # platforms have a table of their own
    assert "measured" not in rows(page(replace(TOLD, measured={})))


def test_moves_facts_and_pictures_are_there() -> None:
    html = page(TOLD)
    assert "<li>2.1 dB less at 250 Hz: 3.4 dB over the curve for folk.</li>" in html
    assert "<span>genre</span><b>folk</b>" in html
    assert "drawn 6.0 dB up" in html
    assert "Loudness, LUFS (target \u221214.00)" in html
    assert "True peak, dBTP (ceiling \u22121.00)" in html
    assert html.count("<figure>") == 5


def test_a_codec_is_told_with_what_it_was_and_why_not() -> None:
    html = page(TOLD)
    told = rows(html)
    assert told["AAC 128"] == ["1.24", "\u22120.06", ""]
    assert told["Opus 96"] == ["", "", "not checked: no ffmpeg"]
    over = replace(TOLD, codecs=((Heard(AAC, 1.0),), (Heard(AAC, 0.3),)))
    assert '<td class="warn">0.30</td>' in page(over)
    assert "codecs" not in page(replace(TOLD, codecs=((), ())))


def test_every_platform_is_told() -> None:
    told = rows(page(TOLD))
    assert told["Spotify"][:3] == ["+2.0 dB", "\u221214.0", "\u22122.0"]
    assert told["YouTube"][0] == "0.0 to +2.0 dB"
    assert told["Tidal"][-1] == "measurements of Tidal, third party (3)"
    assert len(TOLD.played) == sum(one.platform.title in told for one in TOLD.played)


def test_what_was_not_done_is_said() -> None:
    html = page(replace(TOLD, moves=(), gain=None, after=TOLD.before))
    assert "Nothing but the level was changed." in html
    assert "The limiter took nothing away." in html
    assert "Both are drawn at the loudness they have" in html
    idle = OverTime(np.arange(60.0), np.zeros(60))
    assert "The limiter took nothing away." in page(replace(TOLD, gain=idle))


def test_a_sound_too_short_for_a_picture_has_none() -> None:
    short = sketch_of(steps=0, seconds=0.2)
    html = page(replace(TOLD, before=short, after=short, gain=None))
    assert "too short for loudness over time" in html
    rows(html)


def test_a_reference_is_named_and_so_is_silence() -> None:
    reference = replace(TOLD, aim=spectrum(np.zeros(BANDS)))
    assert "</svg>the reference</li>" in page(reference)
    assert "</svg>the curve for" not in page(reference)
    assert "</svg>the curve for folk</li>" in page(TOLD)
    silent = replace(TOLD.after, spectrum=spectrum(np.full(BANDS, -160.0), None))
    assert "<h2>Tone</h2>" not in page(replace(TOLD, after=silent, before=silent))


@pytest.mark.parametrize("bad", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "a\x07&b"])
def test_whatever_it_is_told_stays_text(bad: str) -> None:
    platform = replace(TOLD.played[0].platform, title=bad, source=bad)
    hostile = replace(
        TOLD,
        title=bad,
        why=bad,
        measured={bad: Quantity(1.0, 2.0, bad)},
        facts={bad: bad},
        aim=replace(CURVES["folk"], title=bad),
        moves=(bad,),
        codecs=((Heard(OPUS, None, bad),), (Heard(OPUS, None, bad),)),
        played=(replace(TOLD.played[0], platform=platform, why=bad),),
    )
    html = page(hostile)
    assert bad not in html
    assert "<script" not in html
    assert "<img" not in html
    assert bad.replace("\x07", " ") in rows(html)


def test_ten_hours_of_the_roughest_sound_stay_small() -> None:
    dice = np.random.default_rng(3)
    times = (np.arange(STEPS) + 0.5) * 36_000.0 / STEPS
    rough = [OverTime(times, dice.uniform(-30.0, 0.0, STEPS)) for _ in range(3)]
    sound = replace(TOLD.before, seconds=36_000.0, loudness=rough[0], peaks=rough[1])
    html = page(replace(TOLD, before=sound, after=sound, gain=rough[2]))
    assert len(html.encode()) < 400_000
    rows(html)


def test_a_codec_has_one_name_and_one_table() -> None:
    told = rows(page(TOLD))
    assert "AAC 128" in told
    assert not any("aac" in name for name in told)


def test_a_rounded_zero_has_no_sign() -> None:
    html = page(replace(TOLD, measured={"gain": Quantity(None, -0.001, "dB")}))
    assert "\u22120.00" not in html
    assert "0.00" in html
