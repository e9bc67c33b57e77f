def sweep_in_words(r): return [repr(r)]
