"""The parts of a crisis file, one file each."""
