"""The functions that jobs call; each is a generator whose items can be pickled."""
