"""The registered data sets. A new file here adds a data set."""
