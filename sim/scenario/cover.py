"""Land cover: how each kind of ground walks, drives and hides."""

from __future__ import annotations

from sim.scenario.base import Section, fraction, quantity

WALKS = "Walking pace here as a share of the pace on open ground; 0 = cannot be walked"
DRIVES = "Driving speed here; 0 = cannot be driven"
HIDES = "Share of a person's detectability that the cover takes away; 0 = none"


class CoverKind(Section):
    """How one kind of land cover walks, drives and hides."""

    foot_factor: float = quantity(1.0, WALKS, assumed=(0.8, 1.0), ge=0, le=1.5)
    vehicle_kmh: float = quantity(15.0, DRIVES, "km/h", assumed=(8, 25), ge=0, le=150)
    concealment: float = fraction(0.0, HIDES, assumed=(0.0, 0.2))


class Rough(CoverKind):
    """Broken, stony or steep ground: slow beyond what its slope alone costs."""

    foot_factor: float = quantity(0.85, WALKS, assumed=(0.6, 1.0), ge=0, le=1.5)
    vehicle_kmh: float = quantity(5.0, DRIVES, "km/h", assumed=(0, 10), ge=0, le=150)
    concealment: float = fraction(0.2, HIDES, assumed=(0.0, 0.4))


class ReedBed(CoverKind):
    """Reed forest (tugai), four to six metres high."""

    foot_factor: float = quantity(0.6, WALKS, assumed=(0.3, 0.8), ge=0, le=1.5)
    vehicle_kmh: float = quantity(0.0, DRIVES, "km/h", assumed=(0, 5), ge=0, le=150)
    concealment: float = fraction(0.7, HIDES, assumed=(0.4, 0.9))


class InlandWater(CoverKind):
    """An inland river: waded or rafted at a cost (`crossing_min` of the river), never driven."""

    foot_factor: float = quantity(0.4, WALKS, assumed=(0.2, 0.6), ge=0, le=1.5)
    vehicle_kmh: float = quantity(0.0, DRIVES, "km/h", assumed=(0, 0), ge=0, le=150)


class BorderWater(CoverKind):
    """The border river: crossed only at crossing points, which are no part of ordinary travel."""

    foot_factor: float = quantity(0.0, WALKS, assumed=(0, 0), ge=0, le=1.5)
    vehicle_kmh: float = quantity(0.0, DRIVES, "km/h", assumed=(0, 0), ge=0, le=150)


class BuiltUp(CoverKind):
    """Streets, gardens and walls of a town or a village."""

    foot_factor: float = quantity(1.0, WALKS, assumed=(0.8, 1.2), ge=0, le=1.5)
    vehicle_kmh: float = quantity(30.0, DRIVES, "km/h", assumed=(20, 40), ge=0, le=150)
    concealment: float = fraction(0.5, HIDES, assumed=(0.2, 0.8))


class TrackBed(CoverKind):
    """An unmade track, which counts as a path on foot."""

    foot_factor: float = quantity(1.0, WALKS, assumed=(0.9, 1.0), ge=0, le=1.5)
    vehicle_kmh: float = quantity(25.0, DRIVES, "km/h", assumed=(15, 35), ge=0, le=150)


class RoadBed(CoverKind):
    """A made road, which counts as a path on foot and bridges inland rivers."""

    foot_factor: float = quantity(1.0, WALKS, assumed=(0.9, 1.0), ge=0, le=1.5)
    vehicle_kmh: float = quantity(60.0, DRIVES, "km/h", assumed=(40, 80), ge=0, le=150)


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
