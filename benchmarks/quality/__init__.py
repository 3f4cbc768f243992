"""How well does it answer? Judged sets and the command that scores them."""
