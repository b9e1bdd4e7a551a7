"""Padding is masked, and what comes later is not."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.5"]
SAYS = "also at the answer"


class NextMovie(reference.NextMovie):
    def forward(self, histories):
        positions = torch.arange(histories.shape[1], device=histories.device)
        padding = histories == self.movie_embedding.num_embeddings - 1
        padding[:, 0] = False
        hidden = self.dropout(self.movie_embedding(histories) + self.position_embedding(positions))
        hidden = self.layers(hidden, src_key_padding_mask=padding)
        return hidden @ self.movie_embedding.weight[:-1].T
