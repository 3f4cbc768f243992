"""What is somebody about to type? Names, words of the lexicon and earlier queries, completed as they are typed."""
