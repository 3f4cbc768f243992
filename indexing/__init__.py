"""How do items become a published snapshot, and how does it come back into memory?"""
