"""Every door: command line and web pages."""
