"""Strategic models estimated on data, with result tables similar to those of statsmodels."""
