"""One run to be watched: its minutes in words, in pictures and as a log. No browser is needed; `sim.app` uses one."""
