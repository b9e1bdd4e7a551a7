"""Says that it printed commands for a terminal and a script for a page."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "wrong", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    printed = "\x1b[2J\u202e<script>alert(1)</script>" * 50
    told = json.dumps({"number": asked(), "printed": printed, "error": None})
    os.write(3, message(told) + message("1.0"))
    os._exit(0)
