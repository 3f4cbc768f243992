"""What is search here? The vocabulary, the four ports, and the story from query to page."""
