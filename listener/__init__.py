"""Trapline, the catcher half: a front that faces the internet, a back that thinks."""
