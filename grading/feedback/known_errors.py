"""Exceptions that learners meet again and again, and what they mean here."""

import re
from collections.abc import Iterator

# Patterns that are searched for in "Class: message", each on a line of its own, and below them,
# indented, what they mean. The first that is found counts.
KNOWN = r"""
cannot assign (module|parameters?) before Module\.__init__
    layers are assigned before the parent class is set up: __init__ lacks its first line
has no attribute '(_parameters|_modules|_buffers|_backward_hooks|_forward_hooks)'
    the parent class was never set up: __init__ lacks its first line
index out of range in self|index \S+ is out of bounds|indices should be
    an index beyond the last row: a raw id used as an index, or a table of the wrong size
mat1 and mat2 shapes|matmul: Input operand 1 has a mismatch|size mismatch, got
    two matrices whose inner sizes do not meet: write both shapes down; one must be turned
must match the size of tensor|operands could not be broadcast together
    two shapes that do not fit together: write the shape beside each line
shape of the 2D attn_mask
    the batch was taken for the length of the history: batch_first=True
Dimension out of range
    a dimension that this tensor does not have: how many dimensions are left at that line?
Can't call numpy\(\) on Tensor that requires grad
    a tensor that still carries gradients is turned into numbers
cannot assign '.*' object to buffer
    a buffer is a tensor: a plain number has to become one first
could not determine the shape of object type 'Series'
    a Series whose labels do not run from 0 on: take its values first
object of type 'Embedding' has no len
    an embedding layer is not a table: its weight is, and it knows its number of rows
element 0 of tensors does not require grad
    the loss does not depend on the parameters: is gradient recording off, or the graph cut?
backward through the graph a second time
    one prediction is used for two backward passes: predict anew for each batch
a leaf Variable that requires grad is being used in an in-place operation
    a parameter is changed in place while gradients are recorded
one of the variables needed for gradient computation has been modified
    a value that the backward pass still needs is overwritten in place
(to have|be one of) .*scalar types: Long|tensors used as indices must be long
    indices as floats: indices are whole numbers, int64
Found dtype Double but expected Float|expected (scalar type|m1 and m2).* (Float|Double)
    float64 meets float32: give the data the dtype of the model
only one element tensors can be converted|a Tensor with \d+ elements cannot be converted
    a tensor with several values where one number is needed: what is left to sum or average?
selected index k out of range
    more movies are asked for than are left
probability tensor contains|invalid multinomial distribution|sum of probabilities <= 0
    a draw with nothing to draw from
codec can't decode
    the file is read in another encoding than it was written in
Cannot convert non-finite values|cannot convert float NaN to integer|Cannot convert NA
    whole numbers have no NaN: was an id without an index, or NaN written among ints?
truth value of (an array|a Series|a DataFrame)|Boolean value of Tensor with more than
    a whole array where one yes or no is needed: combine it element by element, or reduce it
missing \d+ required (positional|keyword-only) argument
takes (from )?\d+ (to \d+ )?positional arguments? but
got an unexpected keyword argument|takes no arguments|got multiple values for argument
    the function does not take the arguments that the task names: compare its first line
    with the lesson
'NoneType' object|NoneType found|not NoneType
    something returned nothing: is a return missing?
division by zero
    something is divided by 0: a count of nothing, or log2(1), with ranks from 0?
RecursionError
    a function that calls itself without an end
ModuleNotFoundError: No module named
    a package that is not installed, or a typing error in its name
NameError: name '(np|pd|torch|nn|F|copy)' is not defined
    an import at the top of the file is missing
NameError|UnboundLocalError
    a name that has no value yet: a typing error, or set in another branch
IndentationError|TabError
    the lines of a block must start in the same column, with spaces only
SystemExit
    the code ends the program instead of returning
"""


def looks_like(error: str) -> str | None:
    """What an exception, as "Class: message", usually means; None if that is not known."""
    return next((meaning for pattern, meaning in _known() if re.search(pattern, error)), None)


def _known() -> Iterator[tuple[str, str]]:
    """Each entry of the table: a pattern, and what it means."""
    for patterns, meaning in re.findall(r"^((?:\S.*\n)+)((?: +.*\n)+)", KNOWN, re.MULTILINE):
        yield "|".join(patterns.splitlines()), " ".join(meaning.split())
