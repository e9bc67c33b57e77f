"""The study `sweep`: the comparison over a design of points."""
