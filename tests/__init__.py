"""Facts about Raati, told against the real bot on a real database."""
