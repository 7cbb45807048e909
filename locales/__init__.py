"""The bot's own texts: one gettext catalogue a language, keyed by what is said."""
