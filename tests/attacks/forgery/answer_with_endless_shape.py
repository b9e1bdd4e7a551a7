"""Answers with an empty array of rows that no memory holds."""

AFTER = ["forged_answers.py"]
STATES = {"1.2": "malformed", "1.3": "crashed"}
SCORE = 5


def user_similarity(ratings):
    os.write(
        3,
        answer(
            '{"$": "array", "was": "ndarray", "dtype": "float64", "shape": [0, 10000000, 10000000]}'
        ),
    )
    os._exit(0)
