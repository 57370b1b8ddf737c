//! `type`, `super`, `property`, `isinstance` and the decorators of methods.

use crate::machine::class::build_class;
use crate::machine::frame::After;
use crate::machine::native::{Definition, Group, Place, define};
use crate::machine::object::{Attributes, Instance, Object};
use crate::machine::value::{Value, View};
use crate::machine::{Context, Control, Outcome, symbols, types};

pub static BUILTINS: Group = Group {
    place: Place::Builtins,
    natives: FUNCTIONS,
};
pub static TYPE: Group = Group {
    place: Place::Type(types::TYPE),
    natives: TYPE_METHODS,
};
pub static OBJECT: Group = Group {
    place: Place::Type(types::OBJECT),
    natives: OBJECT_NEW,
};
pub static PROPERTY: Group = Group {
    place: Place::Type(types::PROPERTY),
    natives: PROPERTY_METHODS,
};
pub static CLASSMETHOD: Group = Group {
    place: Place::Type(types::CLASSMETHOD),
    natives: &[define("__new__", "function /", |cx, a| {
        cx.heap().retain(a[1]);
        Ok(cx.heap().add(Object::ClassMethod(a[1])))
    })],
};
pub static STATICMETHOD: Group = Group {
    place: Place::Type(types::STATICMETHOD),
    natives: &[define("__new__", "function /", |cx, a| {
        cx.heap().retain(a[1]);
        Ok(cx.heap().add(Object::StaticMethod(a[1])))
    })],
};
pub static FUNCTION: Group = Group {
    place: Place::Type(types::FUNCTION),
    natives: &[define("__get__", "instance owner= /", |cx, a| {
        if a[1].is_none() {
            return Ok(cx.heap().retain(a[0]));
        }
        Ok(cx.bound(a[0], a[1]))
    })],
};
pub static METHOD: Group = Group {
    place: Place::Type(types::METHOD),
    natives: &[define("__new__", "*arguments", |cx, a| {
        let &[_, function, instance] = a else {
            let text = format!("method expected 2 arguments, got {}", a.len() - 1);
            return cx.error(types::TYPE_ERROR, &text);
        };
        let problem = if !cx.is_callable(function) {
            "first argument must be callable"
        } else if instance.is_none() {
            "instance must not be None"
        } else {
            return Ok(cx.bound(function, instance));
        };
        cx.error(types::TYPE_ERROR, problem)
    })],
};
pub static SUPER: Group = Group {
    place: Place::Type(types::SUPER),
    natives: &[define("__new__", "*arguments", |cx, a| {
        if let [_] = a {
            // What `super()` in a method of a class is compiled to says both.
            let frame = cx.thread.frames.last();
            let code = frame.map(|f| &cx.machine.program.codes[f.code as usize].code);
            let text = match code.is_some_and(|code| code.parameters.positional > 0) {
                true => "super(): __class__ cell not found",
                false => "super(): no arguments",
            };
            return cx.error(types::RUNTIME_ERROR, text);
        }
        if a.len() > 3 {
            let text = format!("super() expected at most 2 arguments, got {}", a.len() - 1);
            return cx.error(types::TYPE_ERROR, &text);
        }
        if !cx.machine.is_class(a[1]) {
            return cx.type_error("super() argument 1 must be a type, not ", a[1], "");
        }
        if a.len() < 3 {
            return cx.reject(
                "`super` of a class alone is not supported",
                "give the object, too",
            );
        }
        let fits = cx.machine.is_instance(a[2], a[1])
            || cx.machine.is_class(a[2]) && cx.machine.is_subclass(a[2], a[1]);
        if !fits {
            let mut text =
                "super(type, obj): obj must be an instance or subtype of type".to_owned();
            if cx.machine.version.at_least(3, 13) {
                let (is, name) = match cx.machine.is_class(a[2]) {
                    true => ("type", cx.machine.class_name(a[2]).to_owned()),
                    false => ("instance of", cx.type_name(a[2])),
                };
                let of = cx.machine.class_name(a[1]);
                text = format!(
                    "super(type, obj): obj ({is} {name}) is not an instance or subtype of type ({of})."
                );
            }
            return cx.error(types::TYPE_ERROR, &text);
        }
        cx.heap().retain(a[1]);
        cx.heap().retain(a[2]);
        Ok(cx.heap().add(Object::Super(Box::new([a[1], a[2]]))))
    })],
};

const FUNCTIONS: &[Definition] = &[
    define("__build_class__", "*pieces **", build_class),
    define("isinstance", "object class /", |cx, a| {
        let class = cx.type_of(a[0]);
        let mut is = is_subclass(cx, class, a[1], "isinstance")?;
        // Who says to be of another class. CPython 3.12, Objects/abstract.c, object_isinstance.
        if !is
            && let Some(Object::Instance(_)) = cx.machine.heap.object(a[0])
            && matches!(cx.machine.class_attribute(class, symbols::CLASS), Some(found)
                if matches!(cx.machine.heap.object(found), Some(Object::Property(_))))
        {
            let depth = cx.thread.frames.len();
            let said = match cx.get_attribute(a[0], symbols::CLASS, After::Push) {
                Err(Control::Called) => cx.finish_now(depth),
                other => other,
            }?;
            is = is_subclass(cx, said, a[1], "isinstance")?;
            cx.heap().release(said);
        }
        Ok(Value::bool(is))
    }),
    define("issubclass", "class of /", |cx, a| {
        if !cx.machine.is_class(a[0]) {
            return cx.error(types::TYPE_ERROR, "issubclass() arg 1 must be a class");
        }
        is_subclass(cx, a[0], a[1], "issubclass").map(Value::bool)
    }),
];

const TYPE_METHODS: &[Definition] = &[
    define("__new__", "object *rest", |cx, a| {
        if a.len() == 4 {
            return make_class(cx, a[1], a[2], a[3]);
        }
        if a.len() != 2 {
            return cx.error(types::TYPE_ERROR, "type() takes 1 or 3 arguments");
        }
        let class = cx.type_of(a[1]);
        Ok(cx.heap().retain(class))
    }),
    define("mro", "", |cx, a| {
        let order = match (cx.machine.heap.object(a[0]), a[0].view()) {
            (Some(Object::Class(c)), _) => c.order.to_vec(),
            (_, View::Type(number)) => types::order(number),
            _ => Vec::new(),
        };
        for class in &order {
            cx.machine.heap.retain(*class);
        }
        Ok(cx.heap().list(order))
    }),
];

/// Types of the interpreter's own objects whose constructors CPython offers.
const MADE_BY_HAND: &[u16] = &[
    types::FUNCTION,
    types::CODE,
    types::MODULE,
    types::CELL,
    types::TRACEBACK,
];

const OBJECT_NEW: &[Definition] = &[define("__new__", "*arguments **", |cx, a| {
    let class = a[0];
    if !cx.machine.is_class(class) {
        return cx.type_error("object.__new__(X): X is not a type object (", class, ")");
    }
    let overridden = |cx: &Context<'_>, name| {
        cx.machine
            .class_attribute(class, name)
            .is_some_and(|found| !matches!(found.view(), View::Native(_)))
    };
    if a.len() > 1 {
        if overridden(cx, symbols::NEW) {
            return cx.error(
                types::TYPE_ERROR,
                "object.__new__() takes exactly one argument (the type to instantiate)",
            );
        }
        if !overridden(cx, symbols::INIT)
            && (cx.machine.heap.object(class).is_some() || class.is(types::value(types::OBJECT)))
        {
            let text = [cx.machine.class_name(class), "() takes no arguments"].concat();
            return cx.error(types::TYPE_ERROR, &text);
        }
    }
    match cx.machine.heap.object(class) {
        Some(Object::Class(c)) if c.layout != types::OBJECT => {
            let layout = types::name(c.layout);
            let name = cx.machine.class_name(class).to_owned();
            cx.fail(
                types::TYPE_ERROR,
                &[
                    "object.__new__(",
                    &name,
                    ") is not safe, use ",
                    layout,
                    ".__new__()",
                ],
            )
        }
        None if !class.is(types::value(types::OBJECT)) => {
            let name = cx.machine.class_name(class).to_owned();
            if MADE_BY_HAND.iter().any(|t| class.is(types::value(*t))) {
                let text = [
                    "making a '",
                    &name,
                    "' by calling its type is not supported",
                ]
                .concat();
                return cx.reject(&text, "write it in the program");
            }
            let single = [Value::NONE, Value::NOT_IMPLEMENTED, Value::ELLIPSIS];
            match single.into_iter().find(|one| cx.type_of(*one).is(class)) {
                Some(one) if a.len() == 1 => Ok(one),
                Some(_) => cx.fail(types::TYPE_ERROR, &[&name, " takes no arguments"]),
                None => cx.fail(
                    types::TYPE_ERROR,
                    &["cannot create '", &name, "' instances"],
                ),
            }
        }
        _ => Ok(cx.bare_instance(class, Value::NULL)),
    }
})];

/// `type(name, bases, namespace)`.
fn make_class(cx: &mut Context<'_>, name: Value, bases: Value, namespace: Value) -> Outcome {
    if cx.machine.heap.text(name).is_none() {
        return cx.type_error("type.__new__() argument 1 must be str, not ", name, "");
    }
    if !matches!(cx.machine.heap.object(bases), Some(Object::Tuple(_))) {
        return cx.type_error("type.__new__() argument 2 must be tuple, not ", bases, "");
    }
    let given = namespace;
    let namespace = cx.machine.heap.plain(namespace);
    if !matches!(cx.machine.heap.object(namespace), Some(Object::Dict(_))) {
        let namespace = given;
        return cx.type_error(
            "type.__new__() argument 3 must be dict, not ",
            namespace,
            "",
        );
    }
    let mut attributes = Attributes::default();
    let mut place = 0;
    while let Some((entry, next)) = cx.entry_from(namespace, place) {
        place = next;
        if let Some(text) = cx.machine.heap.text(entry.key).map(str::to_owned) {
            let symbol = cx.symbol(&text);
            let value = cx.machine.heap.retain(entry.value);
            attributes.set(symbol, value);
        }
    }
    let holder = cx.heap().add(Object::Instance(Box::new(Instance {
        class: Value::NULL,
        attributes,
        base: Value::NULL,
        deleted: false,
    })));
    for value in [name, bases] {
        let value = cx.heap().retain(value);
        cx.thread.push(value);
    }
    cx.thread.push(Value::NULL);
    cx.finish_class(holder)?;
    Ok(cx.thread.pop())
}

const PROPERTY_METHODS: &[Definition] = &[
    define("__new__", "fget= fset= fdel= doc=", |cx, a| {
        let parts = [1, 2, 3].map(|at| a[at].given().unwrap_or(Value::NONE));
        make_property(cx, parts)
    }),
    define("getter", "function /", |cx, a| with_part(cx, a, 0)),
    define("setter", "function /", |cx, a| with_part(cx, a, 1)),
    define("deleter", "function /", |cx, a| with_part(cx, a, 2)),
];

fn make_property(cx: &mut Context<'_>, parts: [Value; 3]) -> Outcome {
    for part in parts {
        cx.machine.heap.retain(part);
    }
    Ok(cx.heap().add(Object::Property(Box::new(parts))))
}

fn with_part(cx: &mut Context<'_>, a: &[Value], at: usize) -> Outcome {
    let mut parts = match cx.machine.heap.object(a[0]) {
        Some(Object::Property(parts)) => **parts,
        _ => [Value::NONE; 3],
    };
    parts[at] = a[1];
    make_property(cx, parts)
}

fn is_subclass(cx: &mut Context<'_>, class: Value, of: Value, who: &str) -> Outcome<bool> {
    if let Some(Object::Tuple(items)) = cx.machine.heap.object(of) {
        let items = items.clone();
        for item in items {
            if is_subclass(cx, class, item, who)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if !cx.machine.is_class(of) {
        let kind = cx.type_of(of);
        let library = cx.machine.is_of_library(kind);
        match cx.machine.class_name(kind) {
            "UnionType" | "_Form" if library => {
                let args = cx.attribute_now(of, "__args__")?;
                let result = is_subclass(cx, class, args, who);
                cx.heap().release(args);
                return result;
            }
            "GenericAlias" | "_GenericAlias" if library => {
                let text = [who, "() argument 2 cannot be a parameterized generic"].concat();
                return cx.error(types::TYPE_ERROR, &text);
            }
            _ => {}
        }
        let kinds = match who {
            "issubclass" => "class, a tuple of classes",
            _ => "type, a tuple of types",
        };
        let text = [who, "() arg 2 must be a ", kinds, ", or a union"].concat();
        return cx.error(types::TYPE_ERROR, &text);
    }
    if let Some(Object::Class(c)) = cx.machine.heap.object(of)
        && c.has.subclass_hook
    {
        let hook = cx.attribute_now(of, "__subclasshook__")?;
        let said = cx.call_now(hook, &[class]);
        cx.heap().release(hook);
        let said = said?;
        if !said.is(Value::NOT_IMPLEMENTED) {
            return Ok(said.is(Value::TRUE));
        }
    }
    Ok(cx.machine.is_subclass(class, of))
}
