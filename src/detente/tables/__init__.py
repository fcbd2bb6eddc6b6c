"""Tables of cells in text files: one reader for every command.

`text` reads a file into cells and names their places. `kinds` decides what each column holds, by a
stated rule, and refuses doubtful cells.
"""
