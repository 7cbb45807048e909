"""Pure conversation: what a resident meets, decided from what is known and what happened."""
