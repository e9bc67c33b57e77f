from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.transforms import Bbox

from sim.report.map_layers import Label, place_labels
from sim.report.style import new_picture

FRAME = Bbox.from_extents(0.0, 0.0, 72.0, 72.0)
spots = st.floats(8.0, 64.0)


def boxes(labels: list[Label]) -> list[tuple[str, float, float]]:
    ax = new_picture(4, 4, layout=None).add_subplot()
    place_labels(ax, labels, FRAME, km_per_inch=72 / 7)
    return [(text.get_text(), *text.get_position()) for text in ax.texts]


@settings(max_examples=25)
@given(st.lists(st.tuples(spots, spots), min_size=1, max_size=6))
def test_every_name_is_written_once_near_its_point_and_inside(points: list[tuple[float, float]]) -> None:
    labels = [Label(f"p{index}", x, y) for index, (x, y) in enumerate(points)]
    placed = boxes(labels)
    assert [name for name, _, _ in placed] == [label.text for label in labels]
    for label, (_, x, y) in zip(labels, placed, strict=True):
        assert abs(x - label.x_km) < 8
        assert abs(y - label.y_km) < 8
        assert 0 < x < 72
        assert 0 < y < 72


def test_two_names_at_one_place_stand_apart() -> None:
    (_, x1, y1), (_, x2, y2) = boxes([Label("Ayvaj", 30, 30), Label("Ayvaj post", 30, 30)])
    assert abs(x1 - x2) > 3 or abs(y1 - y2) > 1.4


def test_a_name_at_the_eastern_edge_is_written_to_the_west() -> None:
    ((_, x, _),) = boxes([Label("somewhere", 71.5, 30)])
    assert x < 69
