"""Recipes: how a person signs up in an application of the operator's own, is looked for there, and is removed."""
