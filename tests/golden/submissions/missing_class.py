from solutions.part3.model import MatrixFactorization
