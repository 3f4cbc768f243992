"""Which rows keep a constraint? One definition per slot, for the filter and for the judge alike.

values.py   tags: category, amenity, brand, dish     regions.py  names of cities and districts in both languages
ranges.py   numbers and sizes                         hours.py    opening hours as the bits of a week
geo.py      distances                                 where.py    the slots about places
mined.py    evidence of notes, and the rule that merges it with merchants' data
scales.py   centres, price and popularity quantiles   words.py    the lexicon as columns need it
build.py    items -> Columns (data.py)                judge.py    constraint -> Ruling (verdicts.py)
"""
