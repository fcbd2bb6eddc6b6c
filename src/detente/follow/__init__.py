"""Following a crisis as it unfolds: events, what they say, and what may come next."""
