"""Forms of exchanges, one file each: how a text is divided into turns with authors and replies."""
