//! The special methods of built-in types, for programs that call them by name. Operators do not come here.

use super::super::native::{Definition, Group, Place, define};
use super::super::value::Value;
use super::super::{Context, Outcome, types};
use crate::bytecode::{Comparison, Instruction, Operator};

const fn group(of: u16, natives: &'static [Definition]) -> Group {
    Group {
        place: Place::Type(of),
        natives,
    }
}

pub const GROUPS: [&Group; 63] = [
    &group(types::INT, VALUE),
    &group(types::FLOAT, VALUE),
    &group(types::STR, VALUE),
    &group(types::BYTES, VALUE),
    &group(types::BYTEARRAY, VALUE),
    &group(types::LIST, VALUE),
    &group(types::TUPLE, VALUE),
    &group(types::DICT, VALUE),
    &group(types::SET, VALUE),
    &group(types::FROZENSET, VALUE),
    &group(types::RANGE, VALUE),
    &group(types::DEQUE, VALUE),
    &group(types::STR, CONTAINER),
    &group(types::BYTES, CONTAINER),
    &group(types::BYTEARRAY, CONTAINER),
    &group(types::LIST, CONTAINER),
    &group(types::TUPLE, CONTAINER),
    &group(types::DICT, CONTAINER),
    &group(types::SET, CONTAINER),
    &group(types::FROZENSET, CONTAINER),
    &group(types::RANGE, CONTAINER),
    &group(types::DEQUE, CONTAINER),
    &group(types::DICT_VIEW, CONTAINER),
    &group(types::STR, ITEMS),
    &group(types::BYTES, ITEMS),
    &group(types::BYTEARRAY, ITEMS),
    &group(types::LIST, ITEMS),
    &group(types::TUPLE, ITEMS),
    &group(types::DICT, ITEMS),
    &group(types::RANGE, ITEMS),
    &group(types::DEQUE, ITEMS),
    &group(types::LIST, OF_LIST),
    &group(types::LIST, CHANGING),
    &group(types::DICT, CHANGING),
    &group(types::BYTEARRAY, CHANGING),
    &group(types::DEQUE, CHANGING),
    &group(types::INT, NUMBER),
    &group(types::INT, WHOLE),
    &group(types::INT, FORMATTED),
    &group(types::FLOAT, FORMATTED),
    &group(types::STR, FORMATTED),
    &group(types::DEQUE, SEQUENCE),
    &group(types::INT, LOGIC),
    &group(types::SET, LOGIC),
    &group(types::FROZENSET, LOGIC),
    &group(types::STR, TEMPLATE),
    &group(types::BYTES, TEMPLATE),
    &group(types::FLOAT, NUMBER),
    &group(types::STR, SEQUENCE),
    &group(types::BYTES, SEQUENCE),
    &group(types::LIST, SEQUENCE),
    &group(types::TUPLE, SEQUENCE),
    &group(types::SET, ALGEBRA),
    &group(types::FROZENSET, ALGEBRA),
    &group(types::LIST, GENERIC),
    &group(types::TUPLE, GENERIC),
    &group(types::DICT, GENERIC),
    &group(types::SET, GENERIC),
    &group(types::FROZENSET, GENERIC),
    &group(types::DEQUE, GENERIC),
    &group(types::ENUMERATE, GENERIC),
    &group(types::FUTURE, GENERIC),
    &group(types::BASE_EXCEPTION_GROUP, GENERIC),
];

/// `list[int]`: CPython's `Py_GenericAlias`.
const GENERIC: &[Definition] = &[define("@__class_getitem__", "item /", |cx, args| {
    cx.call_library("types", "GenericAlias", args)
})];

const VALUE: &[Definition] = &[
    define("__repr__", "", |cx, args| {
        let text = cx.repr(args[0])?;
        Ok(cx.heap().str(&text))
    }),
    define("__str__", "", |cx, args| cx.str_value(args[0])),
    define("__hash__", "", |cx, args| {
        cx.hash(args[0]).map(|hash| Value::int(hash as i64))
    }),
    define("__eq__", "other /", |cx, args| {
        compare(cx, args, Comparison::Equal)
    }),
    define("__ne__", "other /", |cx, args| {
        compare(cx, args, Comparison::NotEqual)
    }),
    define("__lt__", "other /", |cx, args| {
        compare(cx, args, Comparison::Less)
    }),
    define("__le__", "other /", |cx, args| {
        compare(cx, args, Comparison::LessEqual)
    }),
    define("__gt__", "other /", |cx, args| {
        compare(cx, args, Comparison::Greater)
    }),
    define("__ge__", "other /", |cx, args| {
        compare(cx, args, Comparison::GreaterEqual)
    }),
];

const FORMATTED: &[Definition] = &[define("__format__", "spec /", |cx, args| {
    format(cx, args, |cx, value, spec| cx.format(value, spec))
})];

const CONTAINER: &[Definition] = &[
    define("__len__", "", |cx, args| {
        cx.length(args[0]).map(|length| Value::int(length as i64))
    }),
    define("__iter__", "", |cx, args| cx.iterator(args[0])),
    define("__contains__", "item /", |cx, args| {
        cx.contains(args[1], args[0]).map(Value::bool)
    }),
];

const CHANGING: &[Definition] = &[
    define("__setitem__", "key value /", |cx, args| {
        cx.set_item(args[0], args[1], args[2]).map(|()| Value::NONE)
    }),
    define("__delitem__", "key /", |cx, args| {
        cx.delete_item(args[0], args[1]).map(|()| Value::NONE)
    }),
];

const ITEMS: &[Definition] = &[define("__getitem__", "key /", |cx, args| {
    cx.get_item(args[0], args[1])
})];

const OF_LIST: &[Definition] = &[
    define("__iadd__", "other /", |cx, args| {
        cx.in_place(Operator::Add, args[0], args[1])
    }),
    define("__reversed__", "", |cx, args| {
        super::iterators::reversed(cx, &[args[0], args[0]])
    }),
];

const LOGIC: &[Definition] = &[
    define("__and__", "other /", |cx, args| {
        binary(cx, args, Operator::And)
    }),
    define("__or__", "other /", |cx, args| {
        binary(cx, args, Operator::Or)
    }),
    define("__xor__", "other /", |cx, args| {
        binary(cx, args, Operator::Xor)
    }),
];

const WHOLE: &[Definition] = &[
    define("__lshift__", "other /", |cx, args| {
        binary(cx, args, Operator::LeftShift)
    }),
    define("__rshift__", "other /", |cx, args| {
        binary(cx, args, Operator::RightShift)
    }),
    define("__invert__", "", |cx, args| {
        cx.unary(Instruction::UnaryInvert, args[0])
    }),
    define("__index__", "", |cx, args| match cx.number(args[0]) {
        Some(number) if !number.is_float() => cx.from_number(number),
        _ => cx.type_error("'", args[0], "' object has no attribute '__index__'"),
    }),
];

const NUMBER: &[Definition] = &[
    define("__add__", "other /", |cx, args| {
        binary(cx, args, Operator::Add)
    }),
    define("__radd__", "other /", |cx, args| {
        reflected(cx, args, Operator::Add)
    }),
    define("__sub__", "other /", |cx, args| {
        binary(cx, args, Operator::Subtract)
    }),
    define("__rsub__", "other /", |cx, args| {
        reflected(cx, args, Operator::Subtract)
    }),
    define("__mul__", "other /", |cx, args| {
        binary(cx, args, Operator::Multiply)
    }),
    define("__rmul__", "other /", |cx, args| {
        reflected(cx, args, Operator::Multiply)
    }),
    define("__truediv__", "other /", |cx, args| {
        binary(cx, args, Operator::TrueDivide)
    }),
    define("__rtruediv__", "other /", |cx, args| {
        reflected(cx, args, Operator::TrueDivide)
    }),
    define("__floordiv__", "other /", |cx, args| {
        binary(cx, args, Operator::FloorDivide)
    }),
    define("__mod__", "other /", |cx, args| {
        binary(cx, args, Operator::Remainder)
    }),
    define("__pow__", "other /", |cx, args| {
        binary(cx, args, Operator::Power)
    }),
    define("__neg__", "", |cx, args| cx.negative(args[0])),
    define("__pos__", "", |cx, args| cx.positive(args[0])),
    define("__abs__", "", |cx, args| cx.absolute(args[0])),
    define("__bool__", "", |cx, args| {
        cx.truth(args[0]).map(Value::bool)
    }),
    define("__int__", "", |cx, args| {
        super::numbers::new_int(cx, &[args[0], args[0], Value::NULL])
    }),
    define("__float__", "", |cx, args| {
        super::numbers::new_float(cx, &[args[0], args[0]])
    }),
    define("__round__", "ndigits= /", |cx, args| {
        super::numbers::round(cx, args)
    }),
];

const SEQUENCE: &[Definition] = &[
    define("__add__", "other /", |cx, args| {
        cx.binary(Operator::Add, args[0], args[1])
    }),
    define("__mul__", "count /", |cx, args| {
        cx.binary(Operator::Multiply, args[0], args[1])
    }),
    define("__rmul__", "count /", |cx, args| {
        cx.binary(Operator::Multiply, args[0], args[1])
    }),
];

const TEMPLATE: &[Definition] = &[define("__mod__", "values /", |cx, args| {
    binary(cx, args, Operator::Remainder)
})];

const ALGEBRA: &[Definition] = &[define("__sub__", "other /", |cx, args| {
    binary(cx, args, Operator::Subtract)
})];

/// `__format__`: `made` formats the value.
pub fn format(
    cx: &mut Context<'_>,
    args: &[Value],
    made: fn(&mut Context<'_>, Value, &str) -> Outcome<String>,
) -> Outcome {
    let Some(spec) = cx.shared_text(args[1]) else {
        return cx.type_error("__format__() argument must be str, not ", args[1], "");
    };
    let text = made(cx, args[0], &spec)?;
    Ok(cx.heap().str(&text))
}

/// NotImplemented where the other operand is of a type that does not go with this one.
fn compare(cx: &mut Context<'_>, args: &[Value], op: Comparison) -> Outcome {
    let args = &[args[0], cx.machine.heap.plain(args[1])];
    let numbers = cx.number(args[0]).is_some() && cx.number(args[1]).is_some();
    let sets = cx.is_set_like(args[0]) && cx.is_set_like(args[1]);
    if numbers || sets || cx.type_number(args[0]) == cx.type_number(args[1]) {
        return cx.compare(op, args[0], args[1]);
    }
    Ok(Value::NOT_IMPLEMENTED)
}

fn binary(cx: &mut Context<'_>, args: &[Value], op: Operator) -> Outcome {
    let (a, b) = (
        cx.machine.heap.plain(args[0]),
        cx.machine.heap.plain(args[1]),
    );
    Ok(cx
        .binary_builtin(op, a, b)?
        .unwrap_or(Value::NOT_IMPLEMENTED))
}

fn reflected(cx: &mut Context<'_>, args: &[Value], op: Operator) -> Outcome {
    binary(cx, &[args[1], args[0]], op)
}
