"""Pictures of a study, and the one HTML page of `compare`; what is drawn has been computed elsewhere."""
