"""Starts processes by flags that a filter may not think of."""

AFTER = ["system_calls.py"]
STATES = {}
SCORE = 5

VM, FILES, SIGHAND, THREAD, PARENT, NEW_USER = 0x100, 0x400, 0x800, 0x10000, 0x8000, 0x10000000
CLONE = 56 if X86 else 220
expect_none(
    fork=(CLONE, 17, 0, 0, 0, 0),
    quiet=(CLONE, 0, 0, 0, 0, 0),
    high=(CLONE, 17 | HIGH_BIT, 0, 0, 0, 0),
    sibling=(CLONE, PARENT | 17, 0, 0, 0, 0),
    namespace=(CLONE, NEW_USER | 17, 0, 0, 0, 0),
    bare_thread_in_a_namespace=(CLONE, VM | SIGHAND | THREAD | NEW_USER, 0, 0, 0, 0),
    by_structure=(435, ctypes.create_string_buffer(88), 88),
    fork_of_old=(57 if X86 else -1,),
    vfork=(58 if X86 else -1,),
)
