"""`frame`: what is text stays text, what is told is in its place."""

from __future__ import annotations

from assistant.reports.frame import figure, frame, key, row, table

BAD = '"><script>'


def test_a_page_has_its_head_its_cards_and_its_body() -> None:
    html = frame("A", "B", cards=[("C", "<i>1</i>")], style="p{}", body=["<p>D</p>", "<p>E</p>"])
    assert html.startswith("<!doctype html>")
    assert "<title>A</title><style>p{}</style>" in html
    assert "<h1>A</h1><p>B</p>" in html
    assert "<li><span>C</span><b><i>1</i></b></li>" in html
    assert html.index("<p>D</p>") < html.index("<p>E</p>")
    assert "cards" not in frame("A", "B", cards=[], style="", body=[])


def test_plain_text_stays_text() -> None:
    made = (
        frame(BAD, BAD, cards=[(BAD, "")], style="", body=[]),
        figure(BAD, "<svg/>", BAD),
        key([("<path/>", BAD)]),
        table(BAD, [("", BAD)], []),
    )
    for html in made:
        assert BAD not in html
        assert "&quot;&gt;&lt;script&gt;" in html


def test_a_table_has_classes_where_they_are_given() -> None:
    html = table("x", [("t", "a"), ("", "b")], [row("1", [("w", "<b>2</b>")], "n1"), row("3", [])])
    assert '<th scope="col" class="t">a</th><th scope="col">b</th>' in html
    assert '<tr id="n1"><th scope="row">1</th><td class="w"><b>2</b></td></tr>' in html
    assert '<tr><th scope="row">3</th></tr>' in html
