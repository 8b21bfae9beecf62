"""What is known and how it is found."""
