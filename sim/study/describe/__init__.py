"""The study `describe`: every key of the configuration."""
