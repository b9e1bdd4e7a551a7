"""The whole tutorial, from files to a printed list, on the solutions or on a student's code."""
