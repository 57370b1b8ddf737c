"""What happens to objects when the interpreter ends: first what nothing refers to any more, then the frames of the exception that ended the
program, then what the program still has."""

import _kernel


def finalize(traceback):
    finalize_all(False)
    _kernel.end(1)
    del traceback
    _kernel.end(2)
    finalize_all(True)


def finalize_all(kept):
    for handle in _kernel.unfinalized(kept):
        _kernel.finalize(handle)
