"""What does `lifestyle demo` show? A small world written by us, with its truth beside it."""
