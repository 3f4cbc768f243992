"""What goes onto a page that nobody asked a question for?"""
