import sys

from solutions.part3 import model as reference
from solutions.part3.model import *


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, user_idx, movie_idx):
        sys.exit()
