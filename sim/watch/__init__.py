"""One run to be watched: its minutes in words, in pictures and as a log. It needs no browser; `sim.app` shows it in one."""
