"""Land cover: how each kind of ground walks, drives and hides."""

from __future__ import annotations

from typing import Any

from sim.scenario.base import Section, fraction, quantity


def _foot(default: float, low: float, high: float) -> Any:
    doc = "Walking pace here as a share of the pace on open ground; 0 = cannot be walked"
    return quantity(default, doc, assumed=(low, high), ge=0, le=1.5)


def _drive(default: float, low: float, high: float) -> Any:
    doc = "Driving speed here; 0 = cannot be driven"
    return quantity(default, doc, unit="km/h", assumed=(low, high), ge=0, le=150)


def _hide(default: float, low: float, high: float) -> Any:
    doc = "Share of a person's detectability that the cover takes away; 0 = none"
    return fraction(default, doc, assumed=(low, high))


class CoverKind(Section):
    """How one kind of land cover walks, drives and hides."""

    foot_factor: float = _foot(1.0, 0.8, 1.0)
    vehicle_kmh: float = _drive(15.0, 8, 25)
    concealment: float = _hide(0.0, 0.0, 0.2)


class Rough(CoverKind):
    """Broken, stony or steep ground: slow beyond what its slope alone costs."""

    foot_factor: float = _foot(0.85, 0.6, 1.0)
    vehicle_kmh: float = _drive(5.0, 0, 10)
    concealment: float = _hide(0.2, 0.0, 0.4)


class ReedBed(CoverKind):
    """Reed forest (tugai), four to six metres high."""

    foot_factor: float = _foot(0.6, 0.3, 0.8)
    vehicle_kmh: float = _drive(0.0, 0, 5)
    concealment: float = _hide(0.7, 0.4, 0.9)


class InlandWater(CoverKind):
    """An inland river: waded or rafted at a cost (`crossing_min` of the river), never driven."""

    foot_factor: float = _foot(0.4, 0.2, 0.6)
    vehicle_kmh: float = _drive(0.0, 0, 0)


class BorderWater(CoverKind):
    """The border river: crossed only at crossing points, which are no part of ordinary travel."""

    foot_factor: float = _foot(0.0, 0, 0)
    vehicle_kmh: float = _drive(0.0, 0, 0)


class BuiltUp(CoverKind):
    """Streets, gardens and walls of a town or a village."""

    foot_factor: float = _foot(1.0, 0.8, 1.2)
    vehicle_kmh: float = _drive(30.0, 20, 40)
    concealment: float = _hide(0.5, 0.2, 0.8)


class TrackBed(CoverKind):
    """An unmade track, which counts as a path on foot."""

    foot_factor: float = _foot(1.0, 0.9, 1.0)
    vehicle_kmh: float = _drive(25.0, 15, 35)


class RoadBed(CoverKind):
    """A made road, which counts as a path on foot and bridges inland rivers."""

    foot_factor: float = _foot(1.0, 0.9, 1.0)
    vehicle_kmh: float = _drive(60.0, 40, 80)


class CoverTable(Section):
    """Every kind of land cover; the order of the fields is the code in the raster, from 0."""

    open: CoverKind = CoverKind()
    rough: Rough = Rough()
    reeds: ReedBed = ReedBed()
    river: InlandWater = InlandWater()
    border_river: BorderWater = BorderWater()
    settlement: BuiltUp = BuiltUp()
    track: TrackBed = TrackBed()
    road: RoadBed = RoadBed()
