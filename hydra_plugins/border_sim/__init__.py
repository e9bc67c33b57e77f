"""The door to this project's sweeps for those who come by Hydra's own launcher."""
