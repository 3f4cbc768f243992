"""How can a query become a vector without a transformer? A static student of the index's encoder."""
