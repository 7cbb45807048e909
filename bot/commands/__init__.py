"""The errands of the `raati` command, a file each family: its words, its help, what it does."""
