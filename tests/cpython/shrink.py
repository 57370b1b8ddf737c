"""Reduces a program to what still shows a difference: statements are left out and blocks unwrapped as long as it stays."""

import ast
import copy

BLOCKS = ("body", "orelse", "finalbody", "handlers")
SHOWING = ("now", "log", "outcome", "shown", "in_order")
PARTS = (ast.Call, ast.List, ast.Tuple)


def shrink(text, differs):
    """A small program for which differs(text) holds, as it does for `text`."""
    tree = ast.parse(text)

    def accept(smaller):
        nonlocal tree
        if smaller is None:
            return False
        try:
            source = ast.unparse(ast.fix_missing_locations(smaller))
            compile(source, "program.py", "exec")
        except (SyntaxError, ValueError, TypeError, RecursionError):
            return False
        if len(source) >= len(ast.unparse(tree)) or not differs(source):
            return False
        tree = ast.parse(source)
        return True

    before = None
    while before != (before := ast.unparse(tree)):
        for size in (8, 3, 1):
            sweep(lambda: tree, size, accept)
        number = 0
        while number < sum(isinstance(node, PARTS) for node in walk(tree)):
            if not any(accept(fewer_parts(tree, number, part)) for part in range(5)):
                number += 1
    return ast.unparse(tree)


def sweep(tree, size, accept):
    """Tries every place once, from the last block to the first."""
    number = len(places(tree())) - 1
    while number >= 0:
        if number >= len(places(tree())):
            number -= 1
            continue
        node, field = places(tree())[number]
        start = len(getattr(node, field)) - 1
        while start >= 0:
            first = max(0, start - size + 1)
            if not accept(without(tree(), number, first, size)) and size == 1:
                accept(unwrapped(tree(), number, start))
            start -= size
        number -= 1


def walk(tree):
    """The nodes that may be changed: those that show results stay as they are."""
    nodes = [tree]
    while nodes:
        node = nodes.pop(0)
        yield node
        nodes += [child for child in ast.iter_child_nodes(node) if getattr(child, "name", None) not in SHOWING]


def places(tree):
    """All blocks of statements: the node and its field."""
    return [(node, field) for node in walk(tree) for field in BLOCKS
            if isinstance(getattr(node, field, None), list) and getattr(node, field)]


def without(tree, number, start, size):
    tree = copy.deepcopy(tree)
    blocks = places(tree)
    if number >= len(blocks):
        return None
    node, field = blocks[number]
    block = getattr(node, field)
    if start >= len(block):
        return None
    del block[start:start + size]
    if not block and field == "body":
        if isinstance(node, ast.Module):
            return None
        block.append(ast.Pass())
    if isinstance(node, (ast.Try, ast.TryStar)) and not node.handlers and not node.finalbody:
        return None
    return tree


def unwrapped(tree, number, start):
    """With a statement replaced by the block in it."""
    tree = copy.deepcopy(tree)
    blocks = places(tree)
    if number >= len(blocks):
        return None
    block = getattr(*blocks[number])
    if start >= len(block):
        return None
    inner = getattr(block[start], "body", None)
    if not isinstance(inner, list) or isinstance(block[start], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
        return None
    block[start:start + 1] = inner
    return tree


def fewer_parts(tree, number, part):
    """With one argument or item left out."""
    tree = copy.deepcopy(tree)
    node = [node for node in walk(tree) if isinstance(node, PARTS)][number]
    parts = [*node.args, *node.keywords] if isinstance(node, ast.Call) else node.elts
    if part >= len(parts):
        return None
    gone = parts[part]
    if isinstance(node, ast.Call):
        node.args = [each for each in node.args if each is not gone]
        node.keywords = [each for each in node.keywords if each is not gone]
    else:
        node.elts = [each for each in node.elts if each is not gone]
    return tree
