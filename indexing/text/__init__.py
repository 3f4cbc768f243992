"""Which rows hold the words of a query, and which of their characters are those words?"""
