"""How good and how fast is it? Judged sets, latency suites, peers."""
