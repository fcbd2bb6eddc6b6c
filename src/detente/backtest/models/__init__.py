"""The forecasters, one file each. Each file has ``make(argument, find)`` and ``ABOUT``."""
