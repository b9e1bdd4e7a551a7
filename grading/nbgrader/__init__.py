"""The course with nbgrader: this folder is also its course directory."""
