"""How is a query read? Text -> Intent, with spans, in under a millisecond and without a language model."""
