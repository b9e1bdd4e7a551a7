"""A padding mask beside the causal one, where the first position may always be looked at."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *


class NextMovie(reference.NextMovie):
    def forward(self, histories):
        length = histories.shape[1]
        padding = histories == self.movie_embedding.num_embeddings - 1
        padding[:, 0] = False
        later = torch.ones(length, length, dtype=torch.bool).triu(1)
        hidden = self.movie_embedding(histories) + self.position_embedding.weight[:length]
        hidden = self.layers(self.dropout(hidden), mask=later, src_key_padding_mask=padding)
        return hidden @ self.movie_embedding.weight[:-1].T
