"""The rates of the record, one file per subject: a file that defines a `RecordRate` adds a rate."""
