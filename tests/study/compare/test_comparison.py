from __future__ import annotations

import re

from matplotlib.figure import Figure

from sim.study.compare.result import Comparison


def test_plot_and_map_are_figures_that_show_themselves(comparison: Comparison) -> None:
    for figure in (comparison.plot(), comparison.map()):
        assert isinstance(figure, Figure)
        assert figure._repr_png_().startswith(b"\x89PNG")  # type: ignore[attr-defined]


def test_the_plot_has_a_row_for_each_rival_and_a_panel_for_each_metric(comparison: Comparison) -> None:
    panels = comparison.plot().axes
    assert len(panels) == 3
    labels = [label.get_text() for label in panels[0].get_yticklabels()]
    assert [label.split("\n")[0] for label in labels] == ["communications", "with outpost"]
    assert all("USD" in label for label in labels)


def test_the_map_is_drawn_to_one_scale_with_and_without(comparison: Comparison) -> None:
    without, with_it = comparison.map().axes
    assert without.get_xlim() == with_it.get_xlim()
    assert without.get_ylim() == with_it.get_ylim()
    assert without.get_title(loc="left").startswith("Without the outpost\n20 of 60 groups stopped")
    assert with_it.get_title(loc="left").startswith("With the outpost\n26 of 60 groups stopped")
    texts = [{text.get_text() for text in panel.texts} for panel in (without, with_it)]
    assert "Okultun post" in texts[1] - texts[0]


def test_a_notebook_shows_answer_table_and_plot_from_within(comparison: Comparison) -> None:
    shown = comparison._repr_html_()
    assert "percentage points" in shown
    assert "<table>" in shown
    assert re.findall(r'src="([^"]{22})', shown) == ["data:image/png;base64,"]
    assert "http" not in shown
