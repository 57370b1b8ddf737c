//! Long chains without recursion.
//!
//! `a + b + c` and `a.b().c()` are trees that lean to the left, one level for each operator. What walks them goes down
//! in a loop and comes back up, so that a chain of thousands of operators does not need a stack of thousands of calls.

use ruff_python_ast::Expr;

/// The part of an expression that is evaluated first and on the stack when the rest is, if it has one.
pub fn first_operand(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::BinOp(e) => Some(&e.left),
        Expr::Attribute(e) => Some(&e.value),
        Expr::Call(e) => Some(&e.func),
        Expr::Subscript(e) => Some(&e.value),
        Expr::Compare(e) => Some(&e.left),
        Expr::BoolOp(e) => e.values.first(),
        _ => None,
    }
}

/// The expression down to its first leaf: the leaf, then its ancestors, from the inside out.
pub fn unroll(expression: &Expr) -> (&Expr, impl Iterator<Item = &Expr>) {
    let mut ancestors = Vec::new();
    let mut leaf = expression;
    while let Some(inner) = first_operand(leaf) {
        ancestors.push(leaf);
        leaf = inner;
    }
    (leaf, ancestors.into_iter().rev())
}
