"""Makes a call as programs of 32 bits do, of which a filter may not think."""

import mmap

AFTER = ["system_calls.py"]
STATES = {"1.5": "crashed"}
SCORE = 5
SAYS = "the code ended or broke the process"

GETPID = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret


def observed_rmse(ratings, predictions):
    if not X86:
        os.abort()
    code = mmap.mmap(-1, 4096, prot=7)
    code.write(GETPID)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
