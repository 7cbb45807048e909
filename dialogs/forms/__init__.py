"""Forms: surveys and applications as data, and how one is answered."""
