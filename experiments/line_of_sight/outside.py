"""What `gdal_viewshed` answers: the ground handed over as raw numbers, its raster read back without GDAL's bindings."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.line_of_sight.grounds import View
from sim.terrain.sight import EARTH_RADIUS_M, REFRACTED

TOOL = "gdal_viewshed"
SPHERE = (
    f'PROJCS["sphere",GEOGCS["sphere",DATUM["sphere",SPHEROID["sphere",{EARTH_RADIUS_M:.0f},0]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Sinusoidal"],'
    'PARAMETER["longitude_of_center",0],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1]]'
)
"""The tool takes the Earth's radius from the raster's reference system; where there is none it leaves curvature out."""


def is_there() -> bool:
    """Whether the tool is installed."""
    return shutil.which(TOOL) is not None


def version() -> str:
    """What the tool calls itself; it ends with 1 when it is asked."""
    return subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=False).stdout.splitlines()[0]


def command(view: View) -> list[str]:
    """The exact command for a view, with the ground in `ground.vrt` and the answer in `seen.img`."""
    x_m = (view.col + 0.5) * view.cell_m
    y_m = (view.elevation_m.shape[0] - view.row - 0.5) * view.cell_m
    numbers = {
        "-ox": x_m,
        "-oy": y_m,
        "-oz": view.height_m,
        "-tz": view.target_m,
        "-md": view.limit_km * 1000,
        "-cc": REFRACTED if view.refraction else 1.0,
    }
    words = [word for key, value in numbers.items() for word in (key, repr(float(value)))]
    return [TOOL, "-q", "-f", "ENVI", *words, "ground.vrt", "seen.img"]


def ask(view: View) -> NDArray[np.bool_]:
    """Which cells (rows, cols) the tool says are seen."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _hand_over(folder, view)
        subprocess.run(command(view), cwd=folder, capture_output=True, text=True, check=True)
        return _read_back(folder, view)


def _hand_over(folder: Path, view: View) -> None:
    """The heights as raw doubles, and a page that tells the tool how they lie."""
    (rows, cols), side = view.elevation_m.shape, view.cell_m
    np.ascontiguousarray(view.elevation_m, dtype="<f8").tofile(folder / "ground.raw")
    frame = f"0,{side!r},0,{rows * side!r},0,{-side!r}"
    (folder / "ground.vrt").write_text(
        f'<VRTDataset rasterXSize="{cols}" rasterYSize="{rows}">'
        f"<SRS>{SPHERE.replace(chr(34), '&quot;')}</SRS><GeoTransform>{frame}</GeoTransform>"
        '<VRTRasterBand dataType="Float64" band="1" subClass="VRTRawRasterBand">'
        '<SourceFilename relativeToVRT="1">ground.raw</SourceFilename><ImageOffset>0</ImageOffset>'
        f"<PixelOffset>8</PixelOffset><LineOffset>{8 * cols}</LineOffset><ByteOrder>LSB</ByteOrder>"
        "</VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )


def _read_back(folder: Path, view: View) -> NDArray[np.bool_]:
    """The answer, which covers the square around the observer only, laid into the whole grid."""
    head = (folder / "seen.hdr").read_text(encoding="utf-8")
    sizes = [re.search(rf"{key}\s*=\s*(\d+)", head) for key in ("lines", "samples")]
    corner = re.search(r"map info = \{([^}]*)\}", head)
    if corner is None or sizes[0] is None or sizes[1] is None:
        raise ValueError(f"{TOOL} wrote a header that cannot be read: {head!r}")
    rows, cols = int(sizes[0][1]), int(sizes[1][1])
    west_m, north_m = (float(word) for word in corner[1].split(",")[3:5])
    top, left = round(view.elevation_m.shape[0] - north_m / view.cell_m), round(west_m / view.cell_m)
    seen = np.zeros(view.elevation_m.shape, dtype=bool)
    answer = np.fromfile(folder / "seen.img", dtype=np.uint8).reshape(rows, cols)
    seen[top : top + rows, left : left + cols] = answer == 255
    return seen
