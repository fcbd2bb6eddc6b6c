"""History as judge: forecasts of crises whose ending is known, and their scores."""
