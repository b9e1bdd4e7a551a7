"""The course for nbgrader: its settings, and a sandbox for the notebooks that it runs."""
