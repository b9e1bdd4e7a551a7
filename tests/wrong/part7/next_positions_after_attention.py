"""Positions are added to what attention gives, which has lost the order by then."""

from solutions.part7 import deep as reference
from solutions.part7.deep import *

FAILS = ["7.5"]
SAYS = "attention by itself takes a history for a set"


class NextMovie(reference.NextMovie):
    def forward(self, histories):
        positions = torch.arange(histories.shape[1], device=histories.device)
        later = positions > positions[:, None]
        hidden = self.dropout(self.movie_embedding(histories))
        hidden = self.layers(hidden, mask=later) + self.position_embedding(positions)
        return hidden @ self.movie_embedding.weight[:-1].T
