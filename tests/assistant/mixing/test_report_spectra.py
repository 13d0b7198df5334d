"""`report_spectra`: the key, and the numbers beside the pictures."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from assistant.mixing.report_spectra import spectra, sum_spectra
from assistant.mixing.report_told import MixReport
from tests.assistant.mixing.told import GUITAR, KICK, SILENT, TOLD, hidden, many, summed


def test_the_key_names_ten_and_counts_the_others() -> None:
    tracks = many(40)
    html = "".join(spectra(MixReport("x", "y", tracks, spectrum=summed(tracks))))
    assert html.count("(kick)") + html.count("(snare)") >= 1
    more = sum(int(count) for count in re.findall(r"\((\d+) more\)", html))
    assert html.count('<li class="r-') + more == 40


def test_silence_is_in_no_key() -> None:
    html = "".join(spectra(replace(TOLD, tracks=(KICK, SILENT))))
    assert html.count('<li class="r-') == 1
    assert "more)" not in html


def test_octaves_add_up_three_bands() -> None:
    flat = replace(KICK, spectrum=np.full(31, -40.0))
    html = "".join(spectra(replace(TOLD, tracks=(flat,), spectrum=None)))
    assert html.count("<td>\u221235.2</td>") == 10  # 10 log10(3) over one of them
    assert '<th scope="col">16 kHz</th></tr>' in html


def test_hidden_places_are_told_in_words() -> None:
    html = "".join(spectra(TOLD))
    assert "under <bdi>kick</bdi> (95\u2009% lost)" in html
    free = "".join(spectra(replace(TOLD, tracks=(replace(GUITAR, hidden=hidden(1.0, 1.0, "")),))))
    assert "No track is hidden" in free
    unknown = "".join(spectra(replace(TOLD, tracks=(KICK,))))
    assert "hidden" not in unknown.replace('aria-hidden="true"', "")


def test_the_sum_is_told_in_numbers() -> None:
    html = "".join(sum_spectra(TOLD))
    assert html.count("<td>+1.0</td>") == 31
    assert "".join(sum_spectra(replace(TOLD, spectrum_after=None))) == ""
    alone = "".join(sum_spectra(replace(TOLD, spectrum=None)))
    assert "<table>" not in alone
    assert alone.count("<figure>") == 1


def test_with_the_moves_is_drawn_where_it_is_known() -> None:
    assert "".join(spectra(TOLD)).count("<figure>") == 2
    came = [replace(one, spectrum_after=None) for one in TOLD.tracks]
    assert "".join(spectra(replace(TOLD, tracks=came))).count("<figure>") == 1
    assert list(spectra(MixReport("x", "y"))) == []
