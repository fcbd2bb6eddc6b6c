"""Strategic models estimated on data, with results in the manner of statsmodels."""
