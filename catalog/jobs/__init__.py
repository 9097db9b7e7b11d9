"""Imports that somebody handed in and does not wait for: their queue, and what works it off."""
