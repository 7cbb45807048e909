"""Broadcasts: what coordinators write to many, and how it is corrected."""
