"""The study `season`: an adversary that learns, season after season."""
