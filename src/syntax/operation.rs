//! What a piece of a program does last, for the marks below a traceback's lines.

use std::ops::Range;

use ruff_python_ast::{Expr, Stmt, UnaryOp};
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextSize};

use super::Tree;

/// What an expression does last, with places in its text in bytes.
pub enum Operation {
    /// An operator stands between the two.
    Binary {
        left_end: usize,
        right_start: usize,
    },
    Subscript {
        value_end: usize,
        slice_end: usize,
    },
    Call {
        function_end: usize,
    },
}

/// A text as one expression, and what comes of it. The tree's places are `BEFORE` bytes too high.
fn with_expression<T>(text: &str, see: impl FnOnce(&Expr) -> Option<T>) -> Option<T> {
    // In brackets it may go over several lines.
    let tree = parse(&["(\n", text, "\n)"].concat())?;
    match &tree.module.body[..] {
        [Stmt::Expr(statement)] => see(&statement.value),
        _ => None,
    }
}

const BEFORE: usize = 2;

fn place(place: TextSize) -> usize {
    place.to_usize() - BEFORE
}

/// An expression's operation and where it ends. None for everything else.
pub fn operation(expression: &str) -> Option<(Operation, usize)> {
    with_expression(expression, |it| {
        Some((last_operation(it)?, place(it.end())))
    })
}

fn last_operation(expression: &Expr) -> Option<Operation> {
    Some(match expression {
        Expr::BinOp(it) => Operation::Binary {
            left_end: place(it.left.end()),
            right_start: place(it.right.start()),
        },
        Expr::Subscript(it) => Operation::Subscript {
            value_end: place(it.value.end()),
            slice_end: place(it.slice.end()),
        },
        Expr::Call(it) => Operation::Call {
            function_end: place(it.func.end()),
        },
        _ => return None,
    })
}

/// The comparison that a test's jumps end with.
pub fn last_comparison(test: &str) -> Option<Range<usize>> {
    fn last(test: &Expr) -> Option<Range<usize>> {
        match test {
            Expr::Compare(_) => Some(place(test.start())..place(test.end())),
            Expr::UnaryOp(it) if it.op == UnaryOp::Not => last(&it.operand),
            Expr::BoolOp(it) => it.values.iter().rev().find_map(last),
            _ => None,
        }
    }
    with_expression(test, last)
}

/// The call that is all a statement assigns to one name, or all that it returns; for `return` a call of a plain name. None if it is no such statement.
/// Some(None): there is no statement at all.
pub fn whole_call(statement: &str) -> Option<Option<Range<usize>>> {
    let tree = parse(statement)?;
    let value = match tree.module.body.first() {
        None => return Some(None),
        Some(Stmt::Return(it)) => match it.value.as_deref() {
            Some(Expr::Call(call)) if call.func.is_name_expr() => call.range(),
            _ => return None,
        },
        Some(Stmt::Assign(it)) => match (&it.targets[..], &*it.value) {
            ([Expr::Name(_)], Expr::Call(call)) => call.range(),
            _ => return None,
        },
        _ => return None,
    };
    Some(Some(value.into()))
}

fn parse(text: &str) -> Option<Tree> {
    let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module)).try_into_module()?;
    let (tokens, fits) = (parsed.tokens().len(), parsed.errors().is_empty());
    let tree = Tree::new(parsed.into_syntax(), tokens as u32);
    fits.then_some(tree)
}
