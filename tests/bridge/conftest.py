"""What the tests of the bridge share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.bridge.jack import Jackd


@pytest.fixture(scope="module")
def jack_server(request: pytest.FixtureRequest) -> Iterator[Jackd]:
    if not shutil.which("jackd") or not shutil.which("jack_lsp"):
        pytest.skip("jackd (Debian: jackd2) is not installed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
        patch.setenv("JACK_NO_START_SERVER", "1")
        patch.setenv("JACK_DEFAULT_SERVER", f"bandmate-test-{os.getpid()}")
        period = getattr(request.module, "JACK_PERIOD", 256)
        server = Jackd(os.environ["JACK_DEFAULT_SERVER"], period)
        yield server
        server.end()
