from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path

import pytest

from assistant import engine
from bridge.batch import task
from bridge.batch.task import perform
from bridge.order import Order

engine.add_stages(str(Path(__file__).parents[2] / "dummies"))


def order(do: str, **others: object) -> dict[str, object]:
    return asdict(Order("dummy", "", {"do": do, **others}, count=2))


def test_what_was_suggested_comes_back_in_words() -> None:
    said = perform(order("answer"))
    assert json.loads(json.dumps(said)) == said
    assert said["error"] is None
    assert [one["n"] for one in said["suggestions"]] == [1, 2]
    assert set(said["suggestions"][0]) == {
        *("n", "title", "why", "confidence", "file", "files", "measured")
    }


def test_whatever_goes_wrong_comes_back_in_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(task, "_logged", set())
    with caplog.at_level(logging.ERROR):
        assert perform(order("refuse"))["error"] == ["material", "This cannot be worked on."]
        assert caplog.records == []
        for _ in range(3):
            code, text = perform(order("bug"))["error"]
            assert (code, text) == (
                "bug",
                "ValueError: nobody thought of this. This is a bug of bandmate's.",
            )
    (logged,) = caplog.records
    assert logged.exc_info
