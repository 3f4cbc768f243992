"""What may one ask about the places of Munich, and which places are right? Queries and an oracle over OSM tags."""
