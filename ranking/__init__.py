"""How do candidates become an order, and how does that order learn?"""
