"""Model files: a crisis whose numbers depend on covariates, estimated on a table of crises."""
