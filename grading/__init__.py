"""The engine of the course: checks, feedback, grading and the `course` command."""
