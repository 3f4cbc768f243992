"""How many machines does a corpus need? Costs measured at several sizes, a model of them, a simulated fan-out."""
