"""Adversaries that learn and a state that redeploys, shared by studies."""
