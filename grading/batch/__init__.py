"""A class: submissions in, records out."""
