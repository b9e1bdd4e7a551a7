"""The two sizes are both whole numbers; nothing complains when they change places."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "numbers of users and movies are swapped"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        super().__init__(n_movies, n_users, n_factors)
