"""The study `replay`: one replication of an earlier run again."""
