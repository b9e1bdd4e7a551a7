"""Sends an error with commands for a terminal and a script for a page."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "crashed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    error = {"reason": "crashed", "error": "\x1b[2J\x1b]0;owned\x07<script>alert(1)</script>"}
    told = json.dumps({"number": asked(), "printed": "", "error": error})
    os.write(3, message(told) + message("null"))
    os._exit(0)
