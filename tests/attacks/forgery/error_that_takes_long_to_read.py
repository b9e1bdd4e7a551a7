"""Sends an error text on which a search with many repeats takes long."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "crashed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    error = {"reason": "crashed", "error": "takes " + "to 1 " * 20_000, "line": 1}
    told = json.dumps({"number": asked(), "printed": "", "error": error})
    os.write(3, message(told) + message("null"))
    os._exit(0)
