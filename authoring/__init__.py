"""What makes the course: stubs, notebooks, figures, numbers, releases, and the audit of checks."""
