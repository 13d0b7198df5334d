from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.third_octaves import listen
from assistant.errors import MaterialError
from assistant.mastering.heard import hear, mean_spectrum
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, record, song, zeros


def test_a_mix_is_heard_in_all_its_readings_and_progress_rises() -> None:
    work, shares = hear(song()), []
    while True:
        try:
            shares.append(next(work))
        except StopIteration as done:
            heard = done.value
            break
    assert shares == sorted(shares)
    assert heard.crest == pytest.approx(heard.loudness.true_peak - heard.loudness.integrated)
    assert heard.flat_tops == 0
    assert heard.image.channels == 2


def test_limiting_is_told_before_it_is_done() -> None:
    heard = result(hear(song()))
    at = heard.loudness.integrated
    assert heard.limiting_at(at, heard.loudness.true_peak) == 0.0
    assert heard.limiting_at(at + 3.0, heard.loudness.true_peak) == pytest.approx(3.0)
    assert heard.limiting_at(at - 3.0, heard.loudness.true_peak) == 0.0


@pytest.mark.parametrize(
    ("audio", "told"),
    [
        (Audio(zeros((2, RATE)), RATE), "silent"),
        (Audio(zeros((2, 0)), RATE), "lasts 0.000 s"),
        (Audio(song(0.3).samples, RATE), "lasts 0.300 s"),
        (Audio(song(1.0, level=1e-6).samples, RATE), "nowhere louder than -70 LUFS"),
    ],
)
def test_what_has_no_loudness_is_refused(audio: Audio, told: str) -> None:
    with pytest.raises(MaterialError, match=told):
        result(hear(audio))


def test_a_mean_lies_between_and_counts_by_length() -> None:
    loud, quiet = record(6.0), Audio(0.1 * record(3.0).samples, RATE)
    spectra = [result(listen(each)) for each in (loud, quiet)]
    mean = mean_spectrum(spectra)
    assert mean.seconds == pytest.approx(sum(each.seconds for each in spectra))
    middle = slice(60, 120)
    assert np.all(mean.mid_steps_db[middle] < spectra[0].mid_steps_db[middle])
    assert np.all(mean.mid_steps_db[middle] > spectra[1].mid_steps_db[middle])
    alone = mean_spectrum(spectra[:1])
    np.testing.assert_allclose(alone.mid_steps_db, spectra[0].mid_steps_db, atol=1e-6)
