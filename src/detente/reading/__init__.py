"""Reading: from documents and threads to claims with provenance; texts stay in a session."""
