"""The page Read: texts of the app's folder, from passages to a ledger and a draft."""
