"""How does an index answer from a Qdrant cluster? Vectors and words lie there; each answer is held to our own filter.

index.py: the Index. port.py: what is asked of Qdrant. client.py, edge.py: who answers it. payload.py, words.py: what a
point holds. conditions.py: what a filter becomes. feeding.py: how points come there and stay as they should be.
"""
