"""Which rows keep a constraint? One definition per slot, for the filter and for the judge alike.

values.py   tags: category, amenity, brand, dish     regions.py  names of cities and districts in both languages
ranges.py   numbers and sizes                        hours.py    opening hours as the bits of a week
order.py    numbers in their order, for ranges       grid.py     positions in cells, for circles
geo.py      distances                                where.py    the slots about places
when.py     the slots about time                     scales.py   centres, price and popularity quantiles
mined.py    evidence of notes, and the rule that merges it with merchants' data
words.py    the lexicon as columns need it           build.py    items -> Columns (data.py)
bits.py     sets of rows, packed                     memo.py     what is remembered
judge.py    constraint -> Judgement (judgement.py): for some rows a Ruling (verdicts.py), for all a set of rows
choices.py  what a facet offers
sieve.py    many constraints -> the rows that keep them all, the cheapest first
"""
