"""Which URLs are there? One file per subject; app.py mounts them all."""
