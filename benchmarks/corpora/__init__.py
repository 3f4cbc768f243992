"""Which seeded corpora do the benchmarks run on?"""
