"""Signed networks of states: ties, balance, blocs, states between two enemies."""
