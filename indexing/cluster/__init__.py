"""What is done past one machine? Builds by steps and shards, one index over shards, snapshots in object stores."""
