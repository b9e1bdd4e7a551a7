"""The reference as an editor saves it that begins every file with a byte order mark."""

from solutions.part1.neighbours import *

# ½ – a word beyond ASCII, so that the encoding matters
