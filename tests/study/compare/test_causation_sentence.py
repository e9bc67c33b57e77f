from __future__ import annotations

from sim.report.words import NARROW
from sim.study.compare.result import Comparison
from sim.study.compare.sentences import causation_in_words


def test_pn_ps_and_pns_with_interval_and_bounds(comparison: Comparison) -> None:
    """From the cells 18, 8, 2, 32: PN 8/26, PS 8/40, PNS 8/60; margins 26/60 and 20/60 bound PN by 6/26 and 1."""
    pn, ps, pns = (words.replace(NARROW, " ") for words in causation_in_words(comparison.summary()))
    assert pn.startswith("Necessary (PN): 30.8 %")
    assert "lies between 23.1 and 100.0 %" in pn
    assert ps.startswith("Sufficient (PS): 20.0 %")
    assert pns.startswith("Necessary and sufficient (PNS): 13.3 %")
    assert all("95 % interval" in words for words in (pn, ps, pns))


def test_what_is_undefined_is_called_so(comparison: Comparison) -> None:
    summary = comparison.summary()
    summary["causation"]["with_outpost"] |= {"pn": None, "pn_ci95": None, "pn_bounds": None}
    assert causation_in_words(summary)[0].startswith("Necessary (PN): undefined")


def test_nothing_to_say_without_a_rival(comparison: Comparison) -> None:
    assert causation_in_words(comparison.summary() | {"effects": {}}) == []
