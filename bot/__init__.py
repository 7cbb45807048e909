"""Telegram and the running process: the only code that knows Telegram."""
