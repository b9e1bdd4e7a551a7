"""from_pretrained takes a tensor of the learner's own making, but it freezes it."""

from solutions.part3 import model as reference
from solutions.part3.model import *

FAILS = ["3.1"]
SAYS = "freezes a table unless told not to"


class MatrixFactorization(reference.MatrixFactorization):
    def __init__(self, n_users, n_movies, n_factors=32):
        nn.Module.__init__(self)
        self.user_embedding = nn.Embedding.from_pretrained(0.1 * torch.randn(n_users, n_factors))
        self.movie_embedding = nn.Embedding.from_pretrained(0.1 * torch.randn(n_movies, n_factors))
