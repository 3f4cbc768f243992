"""How do vector engines compare under filters: same vectors, same filters, one core, one run?"""
