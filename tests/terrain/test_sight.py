"""Line of sight: hand-worked ground, the horizon formula, an exact tracer, and the faults of published code."""

from __future__ import annotations

from fractions import Fraction
from math import floor, gcd, hypot, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sight_pairs import line_of_sight

from sim.terrain.sight import EARTH_RADIUS_M, GRAZING_M, sight_table, viewshed

KM = 1000.0


def sees(z: np.ndarray, a: tuple[int, int], b: tuple[int, int], ha: float, hb: float, cell_m: float = 10.0) -> bool:
    return bool(line_of_sight(z, cell_m, [a], ha, [b], hb)[0])


def exact_sees(
    z: np.ndarray, cell_m: int, a: tuple[int, int], b: tuple[int, int], ha: int, hb: int, refraction: bool
) -> bool:
    """Trace in fractions: gather the crossings of both families by their share of the way, then lower all heights."""
    (r0, c0), (r1, c1) = a, b
    shares = {Fraction(k, abs(d)) for d in (r1 - r0, c1 - c0) for k in range(1, abs(d))}
    curve = (Fraction(6, 7) if refraction else Fraction(1)) / (2 * int(EARTH_RADIUS_M))
    squared = ((r1 - r0) ** 2 + (c1 - c0) ** 2) * cell_m**2
    eye, top = Fraction(int(z[a])) + ha, Fraction(int(z[b])) + hb - curve * squared
    for t in sorted(shares):
        row, col = r0 + t * (r1 - r0), c0 + t * (c1 - c0)
        corners = {(i, j) for i in (floor(row), -floor(-row)) for j in (floor(col), -floor(-col))}
        ground = sum(Fraction(int(z[i, j])) * (1 - abs(row - i)) * (1 - abs(col - j)) for i, j in corners)
        if ground - curve * squared * t * t > eye + t * (top - eye):
            return False
    return True


def test_a_wall_on_an_8_by_8_field_hides_what_lies_behind_it() -> None:
    z = np.zeros((8, 8))
    z[:, 4] = 10.0
    seen = viewshed(z, 10.0, 3, 1, 2.0, 0.0, 1.0)
    assert seen[:, :5].all()
    assert not seen[:, 5:].any()


def test_a_gap_in_the_wall_opens_a_fan() -> None:
    z = np.zeros((8, 8))
    z[:, 4] = 10.0
    z[3, 4] = 0.0
    seen = viewshed(z, 10.0, 3, 1, 2.0, 0.0, 1.0)
    # Through the gap the ray's height falls from 2 m at column 1 to 0 m; the wall beside it rises 10 m a cell from
    # row 3. Cell (4, 7) is crossed at row 3.5 in column 4, where the ground stands at 5 m: hidden. Straight on: seen.
    assert seen[3].all()
    assert not seen[4, 5:].any()
    assert not seen[2, 5:].any()


def test_heights_worked_by_hand() -> None:
    z = np.zeros((8, 8))
    z[3, 3] = 3.0
    # Along row 3, from 4 m at column 0 to the ground at column 7: at column 3 the ray stands at 4 * 4/7 = 2.29 m.
    assert not sees(z, (3, 0), (3, 7), 4.0, 0.0)
    assert sees(z, (3, 0), (3, 7), 6.0, 0.0)  # 3.43 m
    # From (2, 0) to (4, 6) the ray crosses column 3 at row 3 exactly; from (2, 0) to (3, 6) at row 2.5: half of 3 m.
    assert not sees(z, (2, 0), (4, 6), 2.0, 2.0)
    assert sees(z, (2, 0), (3, 6), 2.0, 2.0)
    z[2, 3] = 3.0
    assert not sees(z, (2, 0), (3, 6), 2.0, 2.0)


def test_grazing_is_clear() -> None:
    z = np.zeros((1, 5))
    z[0, 2] = 2.0
    # The bulge of the Earth over 40 m is 3e-5 m: 2 m of eye and target graze but for that, and are blocked by it.
    assert not sees(z, (0, 0), (0, 4), 2.0, 2.0)
    assert sees(z, (0, 0), (0, 4), 2.00005, 2.00005)
    assert sees(np.zeros((5, 5)), (0, 0), (4, 3), 0.0, 0.0, cell_m=1.0)


def test_a_cell_sees_itself_and_its_neighbours() -> None:
    z = np.random.default_rng(3).uniform(0, 500, (3, 3))
    assert viewshed(z, 100.0, 1, 1, 0.0, 0.0, 0.2).all()


@pytest.mark.parametrize(("km", "plain_m", "refracted_m"), [(15, 8.4, 6.7), (20, 18.5, 15.1)])
def test_the_eye_that_sees_a_person_far_off(km: int, plain_m: float, refracted_m: float) -> None:
    z = np.zeros((1, km * 100 + 1))
    for refraction, needed_m in ((False, plain_m), (True, refracted_m)):
        eyes = np.array([needed_m - 0.1, needed_m + 0.1])
        ends = [(0, km * 100)] * 2
        assert line_of_sight(z, 10.0, (0, 0), eyes, ends, 1.7, refraction).tolist() == [False, True]


@pytest.mark.parametrize("refraction", [False, True])
@pytest.mark.parametrize(("eye_m", "top_m"), [(2.0, 0.5), (10.0, 1.7), (1.7, 30.0)])
def test_horizons_add_on_flat_ground(eye_m: float, top_m: float, refraction: bool) -> None:
    share = 6 / 7 if refraction else 1.0
    horizon_km = sum(sqrt(2 * EARTH_RADIUS_M * h / share) for h in (eye_m, top_m)) / KM
    if not refraction:
        assert horizon_km == pytest.approx(3.57 * (sqrt(eye_m) + sqrt(top_m)), rel=1e-3)
    z = np.zeros((1, 1000))
    seen = viewshed(z, 50.0, 0, 0, eye_m, top_m, 49.9, refraction)[0]
    # The ground is sampled every 50 m, so the tangent point may be missed by 25 m at either end.
    assert np.flatnonzero(seen).max() * 0.05 == pytest.approx(horizon_km, abs=0.06)
    assert seen[: np.flatnonzero(seen).max()].all()


def test_curvature_is_not_ignored_along_diagonals_either() -> None:
    z = np.zeros((300, 300))
    assert not sees(z, (0, 0), (299, 299), 1.7, 1.7, cell_m=100.0)
    assert sees(z, (0, 0), (60, 60), 1.7, 1.7, cell_m=100.0)


def test_the_targets_height_stays_out_of_the_horizon() -> None:
    z = np.zeros((1, 9))
    # On level ground a man at each cell would hide the next one, were his height counted as ground.
    assert viewshed(z, 10.0, 0, 0, 1.8, 1.7, 1.0).all()
    z[0, 4] = 3.0
    ridge, behind = line_of_sight(z, 10.0, (0, 0), 5.0, [(0, 4), (0, 8)], [50.0, 1.7])
    assert ridge
    assert behind


def test_diagonals_are_not_skipped() -> None:
    z = np.zeros((9, 9))
    z[4, 4] = 10.0
    assert not sees(z, (0, 0), (8, 8), 1.7, 1.7)
    assert not sees(z, (0, 8), (8, 0), 1.7, 1.7)
    z[4, 4] = 0.0
    z[3, 4] = z[4, 3] = z[5, 4] = z[4, 5] = 10.0
    assert sees(z, (0, 0), (8, 8), 1.7, 1.7)  # the ray runs between their centres, over cells of height 0


@pytest.mark.parametrize("refraction", [False, True])
def test_agreement_with_the_exact_tracer(refraction: bool) -> None:
    rng = np.random.default_rng(11)
    for trial in range(6):
        z = rng.integers(0, 12 * (trial + 1), (14, 17)).astype(float)
        ends = rng.integers(0, (14, 17), (2, 120, 2))
        heights = rng.integers(0, 25, (2, 120))
        got = line_of_sight(z, 500, ends[0], heights[0], ends[1], heights[1], refraction)
        for i in range(120):
            a, b = tuple(ends[0, i].tolist()), tuple(ends[1, i].tolist())
            wanted = exact_sees(z, 500, a, b, int(heights[0, i]), int(heights[1, i]), refraction)
            assert got[i] == wanted, (trial, a, b, gcd(a[0] - b[0], a[1] - b[1]))
        assert 0.02 < got.mean() < 0.98


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.floats(0, 50), st.floats(0, 50))
def test_seeing_is_mutual(seed: int, low_m: float, high_m: float) -> None:
    rng = np.random.default_rng(seed)
    z = rng.uniform(0, 40, (12, 12))
    a, b = rng.integers(0, 12, (2, 80, 2))
    there = line_of_sight(z, 30.0, a, low_m, b, high_m)
    assert np.array_equal(there, line_of_sight(z, 30.0, b, high_m, a, low_m))
    taller = line_of_sight(z, 30.0, a, low_m + 5, b, high_m)
    assert np.all(taller | ~there)


def test_a_viewshed_is_its_pairs_and_ends_at_its_range() -> None:
    z = np.random.default_rng(4).uniform(0, 60, (40, 30))
    seen = viewshed(z, 100.0, 5, 20, 10.0, 1.7, 1.5)
    for row in range(40):
        for col in range(30):
            near = hypot(row - 5, col - 20) <= 15
            assert seen[row, col] == (near and sees(z, (5, 20), (row, col), 10.0, 1.7, cell_m=100.0))


def by_numpy(z: np.ndarray, cell_m: float, ends: np.ndarray, heights: np.ndarray, refraction: bool) -> np.ndarray:
    """All rays at once, step by step, in numpy; ends (n, 4), heights (n, 2)."""
    swap = (ends[:, 2] < ends[:, 0]) | ((ends[:, 2] == ends[:, 0]) & (ends[:, 3] < ends[:, 1]))
    ends = np.where(swap[:, None], ends[:, [2, 3, 0, 1]], ends)
    heights = np.where(swap[:, None], heights[:, ::-1], heights)
    start, way = ends[:, :2], ends[:, 2:] - ends[:, :2]
    from_m, to_m = z[tuple(start.T)] + heights[:, 0], z[tuple(ends[:, 2:].T)] + heights[:, 1]
    bulge_m = (6 / 7 if refraction else 1.0) * (way**2).sum(axis=1) * cell_m**2 / (2 * EARTH_RADIUS_M)
    clear = np.ones(len(ends), dtype=bool)
    for main, cross in ((0, 1), (1, 0)):
        total = np.abs(way[:, main])
        for step in range(1, int(total.max())):
            on = np.flatnonzero(total > step)
            whole, rest = np.divmod(step * way[on, cross], total[on])
            at = start[on].copy()
            at[:, main] += step * np.sign(way[on, main])
            at[:, cross] += whole
            beside = at.copy()
            beside[:, cross] += rest > 0
            share, t = rest / total[on], step / total[on]
            ground_m = z[tuple(at.T)] * (1 - share) + z[tuple(beside.T)] * share
            ray_m = from_m[on] * (1 - t) + to_m[on] * t - bulge_m[on] * t * (1 - t)
            clear[on] &= ground_m <= ray_m + GRAZING_M
    return clear


@pytest.mark.parametrize("refraction", [False, True])
@pytest.mark.parametrize(("rough_m", "cell_m"), [(1.0, 50.0), (30.0, 123.4), (90.0, 250.0)])
def test_agreement_with_numpy_to_the_last_ray(rough_m: float, cell_m: float, refraction: bool) -> None:
    rng = np.random.default_rng(8)
    z = np.round(rng.uniform(0, rough_m, (60, 80)), 1)
    ends = np.hstack([rng.integers(0, z.shape, (5000, 2)) for _ in "ab"])
    heights = rng.uniform(0, rough_m, (5000, 2))
    got = line_of_sight(z, cell_m, ends[:, :2], heights[:, 0], ends[:, 2:], heights[:, 1], refraction)
    assert np.array_equal(got, by_numpy(z, cell_m, ends, heights, refraction))
    assert 0.1 < got.mean() < 0.9


def test_a_table_is_its_pairs_and_ends_at_its_range() -> None:
    rng = np.random.default_rng(5)
    z = rng.uniform(0, 60, (40, 30))
    stands, spots = (rng.integers(0, z.shape, (n, 2)) for n in (7, 200))
    seen = sight_table(z, 100.0, stands, 10.0, spots, 1.7, 1.5)
    for stand, row in zip(stands, seen, strict=True):
        near = np.hypot(*(spots - stand).T) <= 15
        assert np.array_equal(row, near & line_of_sight(z, 100.0, stand, 10.0, spots, 1.7))
    assert 0 < seen.mean() < 1
