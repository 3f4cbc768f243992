"""Through which doors do people and programs come in? HTTP and the command line."""
