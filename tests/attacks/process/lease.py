"""Takes a lease on a file of the environment: who writes it waits for 45 seconds."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

file = os.open(np.__file__, os.O_RDONLY)
FCNTL, SET_LEASE, READ = 72 if X86 else 25, 1024, 0
expect_none(
    lease=(FCNTL, file, SET_LEASE, READ),
    high=(FCNTL, file, SET_LEASE | HIGH_BIT, READ),
    higher=(FCNTL, file, SET_LEASE | HIGH_BIT << 20, READ),
)
