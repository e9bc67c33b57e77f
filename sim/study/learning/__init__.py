"""Adversaries that learn over seasons and a state that redeploys, shared by studies."""
