"""The course's main job, from files to a printed list: with the reference or a student's code."""
