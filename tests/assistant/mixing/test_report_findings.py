"""`report_findings`: faults first, tastes apart from them, each with what to do."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import get_args

import pytest

from assistant.mixing.fault import FaultKind, Reading
from assistant.mixing.report_findings import findings, target_words
from tests.assistant.mixing.told import CLIPPED, RING, SOFT


def test_faults_and_tastes_are_apart_and_in_order() -> None:
    html = "".join(findings((SOFT, RING, CLIPPED)))
    assert re.findall(r'class="finding (\w+)"', html) == ["fault", "fault", "taste"]
    assert re.findall(r'class="tag">([^<]+)<', html) == ["fault 1", "fault 2", "taste 1"]
    faults, tastes = html.split("<h2>Matters of taste</h2>")
    assert RING.why in faults
    assert SOFT.why in tastes
    assert faults.index(RING.why) < faults.index(CLIPPED.why)


def test_a_card_tells_numbers_sound_and_knobs() -> None:
    html = "".join(findings((RING,)))
    for said in (
        "resonance: <bdi>guitar</bdi>",
        "size <b>315 Hz</b>",
        "weighs <b>50\u2009%</b>",
        "sure <b>90\u2009%</b>",
        "<dt>listen for</dt><dd>a boom on some notes</dd>",
        '<span class="n">\u22126.4 dB</span>, <span class="n">Q 4.30</span></b>',
        "over its neighbours <b>9.0 dB</b>",
    ):
        assert said in html


def test_evidence_that_no_musician_reads_is_left_out() -> None:
    weighed = {"smoother without it": Reading(0.3, "nats")}
    html = "".join(findings((replace(RING, evidence={**RING.evidence, **weighed}),)))
    assert "over its neighbours <b>9.0 dB</b>" in html
    assert "smoother" not in html
    assert "nats" not in html
    assert "<dt>measured</dt>" not in "".join(findings((replace(RING, evidence=weighed),)))


def test_faders_are_one_matter_of_taste_with_one_number() -> None:
    boxy = replace(RING, kind="boxiness", is_taste=True)
    louder = replace(SOFT, targets=("guitar",))
    html = "".join(findings((RING, boxy, SOFT, boxy, louder, boxy)))
    tags = re.findall(r'class="tag">([^<]+)<', html)
    assert tags == ["fault 1", "taste 1", "taste 2", "taste 3", "taste 2", "taste 4"]
    assert "All faders together are one of them" in html
    assert "All faders together" not in "".join(findings((RING, boxy, SOFT)))
    several = "".join(findings((replace(SOFT, is_taste=False), replace(louder, is_taste=False))))
    assert re.findall(r'class="tag">([^<]+)<', several) == ["fault 1", "fault 2"]


def test_a_minus_in_a_sentence_is_that_of_the_numbers_beside_it() -> None:
    why = "With -2.4 dB there (-3 dB at most), take-2 goes to 2-4 kHz, 31% and 20 % of it."
    html = "".join(findings((replace(RING, why=why),)))
    assert "31\u2009% and 20\u2009% of it" in html
    assert "With \u22122.4 dB there (\u22123 dB at most), take-2 goes to 2-4 kHz, " in html


def test_what_no_knob_cures_is_said() -> None:
    html = "".join(findings((CLIPPED,)))
    assert "another take" in html
    assert "<bdi>kick</bdi>, <bdi>guitar</bdi>" in html
    assert "<dt>measured</dt>" not in html
    assert "size" not in html  # 112 of what is said in words


def test_nothing_found_is_said_of_both() -> None:
    html = "".join(findings(()))
    assert "No fault was found" in html
    assert "Nothing stands out." in html
    assert "No fault was found" in "".join(findings((SOFT,)))
    assert "Nothing stands out." in "".join(findings((RING,)))


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_every_kind_has_a_name_in_words(kind: FaultKind) -> None:
    html = "".join(findings((replace(RING, kind=kind),)))
    words = re.findall(r"</span>([^<]+): <bdi>", html)[0]
    assert "_" not in words


def test_the_mix_is_called_so() -> None:
    assert target_words("mix") == "the mix"
    assert target_words("<b>") == "<bdi>&lt;b&gt;</bdi>"
    assert "no name" in target_words(" ")
