"""The ground: raster, line of sight, and least-cost travel."""
