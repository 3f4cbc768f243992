"""Which rows keep a constraint? One definition per slot, for the filter and for the judge alike.

values.py tags (category, amenity, brand, dish ...)   ranges.py numbers   hours.py opening hours   geo.py positions
mined.py evidence from notes, merged with merchants' data   build.py items -> Columns   judge.py constraint -> Judged
"""
