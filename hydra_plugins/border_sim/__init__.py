"""Sweeps of this project by Hydra's own launcher."""
