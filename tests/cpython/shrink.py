"""Reduces a program to what still shows a difference: statements are left out and blocks unwrapped as long as it stays."""

import ast
import copy

BLOCKS = ("body", "orelse", "finalbody", "handlers")


def shrink(text, differs):
    """The smallest program found for which differs(text) holds; `text` must be one."""
    tree = ast.parse(text)
    size = 8
    while True:
        changed = False
        for make in candidates(tree, size):
            smaller = make()
            if smaller is None:
                continue
            try:
                source = ast.unparse(ast.fix_missing_locations(smaller))
                compile(source, "program.py", "exec")
            except (SyntaxError, ValueError, TypeError, RecursionError):
                continue
            if len(source) < len(ast.unparse(tree)) and differs(source):
                tree = ast.parse(source)
                changed = True
                break
        if not changed:
            if size == 1:
                return ast.unparse(tree)
            size //= 2


def candidates(tree, size):
    """Functions that each make a smaller tree."""
    count = sum(1 for _ in places(tree))
    for number in reversed(range(count)):
        node, field = nth(tree, number)
        length = len(getattr(node, field))
        for start in reversed(range(0, length, size)):
            yield lambda number=number, start=start: without(tree, number, start, size)
        if size == 1:
            for start in range(length):
                yield lambda number=number, start=start: unwrapped(tree, number, start)
    if size == 1:
        for number in range(sum(1 for node in ast.walk(tree) if isinstance(node, (ast.Call, ast.List, ast.Tuple)))):
            for part in range(4):
                yield lambda number=number, part=part: fewer_parts(tree, number, part)


def places(tree):
    for node in ast.walk(tree):
        for field in BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list) and block:
                yield node, field


def nth(tree, number):
    for at, place in enumerate(places(tree)):
        if at == number:
            return place


def without(tree, number, start, size):
    tree = copy.deepcopy(tree)
    node, field = nth(tree, number)
    block = getattr(node, field)
    del block[start:start + size]
    if not block and field == "body":
        if isinstance(node, ast.Module):
            return None
        block.append(ast.Pass())
    if isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))) and not node.handlers and not node.finalbody:
        return None
    return tree


def unwrapped(tree, number, start):
    """With a statement replaced by the one block in it."""
    tree = copy.deepcopy(tree)
    node, field = nth(tree, number)
    block = getattr(node, field)
    inner = getattr(block[start], "body", None)
    if not isinstance(inner, list) or isinstance(block[start], (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)):
        return None
    block[start:start + 1] = inner
    return tree


def fewer_parts(tree, number, part):
    """With one argument or item left out."""
    tree = copy.deepcopy(tree)
    nodes = [node for node in ast.walk(tree) if isinstance(node, (ast.Call, ast.List, ast.Tuple))]
    node = nodes[number]
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
