from solutions.part3 import model as reference
from solutions.part3.model import *


class MatrixFactorization(reference.MatrixFactorization):
    def forward(self, pairs):
        return super().forward(pairs[:, 0], pairs[:, 1])
