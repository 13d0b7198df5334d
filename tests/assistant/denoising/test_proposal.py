"""The suggestions of a cleaning: their order, their numbers, their progress."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assistant.contract import Context, Progress, Suggestion
from assistant.denoising import proposal
from assistant.denoising.asked import Asked
from assistant.denoising.findings import Finding
from assistant.denoising.listening import Listened
from assistant.denoising.material_class import Heard
from assistant.denoising.routes import Taken
from assistant.denoising.ways import Removable
from assistant.dsp.noise_print import print_of
from assistant.material import Audio, Samples

RATE = 8000
NOISE = Audio((0.01 * np.random.default_rng(1).standard_normal((2, RATE))).astype(np.float32), RATE)
LOUD = np.float32(0.3) * np.sin(np.arange(RATE) * 0.3, dtype=np.float32)
TAKE = Audio(np.where(np.arange(RATE) < RATE // 2, LOUD, 0.0) + NOISE.samples, RATE)
SHARES = ("declip", "declick", "dehum", "deess", "deplosive", "dereverb")


def ask(
    monkeypatch: pytest.MonkeyPatch, removable: Removable, *, report: bool = False, **changed: Any
) -> tuple[list[Suggestion], list[Progress]]:
    """Clean a take of which all is known."""
    usual: dict[str, Any] = {
        "amount": 1.0, "reduction_db": 18.0, "material": "auto", "print": None,
        "pause_seconds": None, "keep_print": "", "residual": True,
        "shares": dict.fromkeys(SHARES, 1.0),
    }  # fmt: skip
    told = Asked(**{**usual, **changed})

    def listen(*_: object) -> Any:
        yield Progress(0.75, "listened")
        finding = Finding("noise", (), -40.0, "dBFS", 0.8, "Steady noise.")
        taken = Taken(NOISE, "instrument", "") if removable.noise else None
        heard = Heard("mix", 1.0, "No voice is heard.")
        return Listened(removable, (finding,), heard, print_of(NOISE, 0.0, 1.0), (), taken)

    monkeypatch.setattr(proposal, "listen", listen)
    answers = list(proposal.proposals(TAKE, told, Context(0, 3, report=report)))
    suggestions = [one for one in answers if isinstance(one, Suggestion)]
    return suggestions, [one for one in answers if isinstance(one, Progress)]


def sound(one: Suggestion, role: str) -> Samples:
    made = one.material[role]
    assert isinstance(made, Audio)
    return made.samples


def test_more_noise_is_gone_from_gentle_over_balanced_to_strong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (balanced, gentle, strong), _ = ask(monkeypatch, Removable(TAKE, NOISE))
    reduced = [one.measured["noise_reduction"].after or 0.0 for one in (gentle, balanced, strong)]
    assert reduced == pytest.approx([9.0, 18.0, 27.0], abs=0.2)
    quiet = [one.measured["quiet_parts"].after or 0.0 for one in (gentle, balanced, strong)]
    assert quiet == sorted(quiet, reverse=True)
    for one in (balanced, gentle, strong):
        assert one.measured["loud_parts"].after == pytest.approx(-13.5, abs=0.2)
        assert one.measured["noise"].before == -40.0


@pytest.mark.parametrize("report", [False, True])
def test_progress_rises_also_while_reports_are_drawn(
    monkeypatch: pytest.MonkeyPatch, *, report: bool
) -> None:
    suggestions, progress = ask(monkeypatch, Removable(TAKE, NOISE), report=report)
    fractions = [one.fraction for one in progress]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert sum(fraction < 0.9 for fraction in fractions) > 3
    assert all(("report" in one.material) == report for one in suggestions)


def test_repairs_alone_make_one_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    mended = Audio(TAKE.samples * np.float32(0.5), RATE)
    (only,), _ = ask(monkeypatch, Removable(mended))
    assert only.title == "Mended"
    assert np.allclose(sound(only, "main") + sound(only, "residual"), TAKE.samples, atol=1e-7)
    (only,), _ = ask(monkeypatch, Removable(TAKE))
    assert only.title == "Nothing to remove"
    assert only.material["main"] is TAKE


def test_what_goes_over_full_scale_is_told_and_kept_as_floats(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (loud,), _ = ask(monkeypatch, Removable(Audio(TAKE.samples * np.float32(4.0), RATE)))
    assert loud.bits == 32
    assert "over full scale" in loud.why
    (soft,), _ = ask(monkeypatch, Removable(Audio(TAKE.samples * np.float32(0.5), RATE)))
    assert soft.bits is None


def test_the_print_is_kept_once_also_where_nothing_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told, _ = ask(monkeypatch, Removable(TAKE, NOISE), keep_print="booth")
    assert ["print.booth" in one.material for one in told] == [True, False, False]
    (only,), _ = ask(monkeypatch, Removable(TAKE, NOISE), keep_print="booth", amount=0.0)
    assert only.title == "Untouched"
    assert only.material["main"] is TAKE
    assert "print.booth" in only.material
