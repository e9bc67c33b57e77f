def write_sweep_report(result, folder, facts): return folder / "report.html"
