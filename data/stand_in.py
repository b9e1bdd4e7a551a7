"""Write the synthetic stand-in: invented data in the files and formats of MovieLens 100K."""
from pathlib import Path
STAND_IN = "stand-in-1"
def write_stand_in(folder: Path, seed: int = 0) -> Path:
    raise NotImplementedError
