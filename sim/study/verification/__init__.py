"""Verification: each link of the chain from a glimpse to an outcome, simulated and held against its closed form."""
