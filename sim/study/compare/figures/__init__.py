"""The figures of this study's report."""
