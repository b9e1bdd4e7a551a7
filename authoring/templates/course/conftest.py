"""Loads the course's pytest plugin: the `student` fixture and the feedback in plain words."""

pytest_plugins = ["grading.feedback.plugin"]
