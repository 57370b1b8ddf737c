"""What a built-in function takes from a generator, taken here: between two items its thread can be preempted or wait."""


def gather(function, items, /, *more, **named):
    return function([x for x in items], *more, **named)
