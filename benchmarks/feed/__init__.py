"""How good is the feed? Recommendations held against what people turned to later (README of the command: run.py)."""
