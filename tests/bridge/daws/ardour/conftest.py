from collections.abc import Iterator

import numpy as np
import pytest
import soundfile

from tests.bridge.daw import daemon
from tests.bridge.daws.ardour.program import HERE, ardour
from tests.bridge.daws.ardour.studio import RATE, Studio, voice


@pytest.fixture(scope="package")
def _studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    root = tmp_path_factory.mktemp("studio")
    soundfile.write(root / "take.wav", voice(), RATE)
    soundfile.write(root / "wide.wav", np.stack([voice(), 0.5 * voice()], axis=1), RATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BANDMATE_HOME", str(root / "state"))
        with (
            daemon(root=root) as running,
            ardour(root / "daw", root / "bandmate", BANDMATE_CHOOSE="1") as program,
        ):
            made = Studio(program, running, root)
            program.lua((HERE / "session.lua").read_text())
            program.lua(f"TEST.import ('{root}/take.wav', 'Vocal', 1)")
            program.lua(f"TEST.import ('{root}/wide.wav', 'Guitar', 0)")
            yield made


@pytest.fixture
def studio(_studio: Studio) -> Studio:
    """One Ardour for all tests; every test begins with an open way to the daemon."""
    _studio.open_way()
    return _studio
