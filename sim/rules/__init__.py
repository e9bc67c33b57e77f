"""What happens, as pure functions of plain numbers: both ways to run call these and nothing else."""
