"""How does the server behave under load?"""
