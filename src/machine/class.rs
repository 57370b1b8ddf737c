//! Class statements: the order of bases, the layout, the hooks.

use super::call::Arguments;
use super::frame::{After, FRAME_USER, Frame};
use super::object::{Attributes, Class, Hooks, Instance, Object};
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};
use crate::bytecode::CodeKind;

/// `__build_class__(body, name, *bases)`: runs the body with an empty namespace; `finish_class` makes the class.
pub fn build_class(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (args, keywords) = super::library::keywords(args);
    let is_body = |cx: &mut Context<'_>, body: Value| {
        let code = cx.function(body).map(|f| f.code as usize);
        code.is_some_and(|code| cx.machine.program.codes[code].code.kind == CodeKind::Class)
    };
    let [body, name, bases @ ..] = args else {
        return cx.error(types::TYPE_ERROR, "__build_class__: not enough arguments");
    };
    let (body, name) = (*body, *name);
    if !is_body(cx, body) {
        return cx.reject(
            "calling `__build_class__` is not supported",
            "write a class statement",
        );
    }
    // The pieces wait on the stack: name, bases, keywords.
    let mut attributes = Attributes::default();
    let given = cx.tuple_of(bases);
    let mut resolved = given;
    if !bases.iter().all(|base| cx.machine.is_class(*base)) {
        resolved = cx.resolve_bases(given)?;
        let original = cx.symbol("__orig_bases__");
        attributes.set(original, given);
    }
    let bases = resolved;
    cx.heap().retain(name);
    cx.thread.push(name);
    cx.thread.push(bases);
    let keywords = cx.heap().retain(keywords.unwrap_or(Value::NULL));
    cx.thread.push(keywords);
    let namespace = cx.heap().add(Object::Instance(Box::new(Instance {
        class: Value::NULL,
        attributes,
        base: Value::NULL,
        deleted: false,
    })));
    let Some(f) = cx.function(body) else {
        return cx.error(
            types::TYPE_ERROR,
            "__build_class__: func must be a function",
        );
    };
    let (code, module) = (f.code, f.module);
    let closure = f.closure.to_vec();
    let base = cx.thread.stack.len();
    let linked = cx.machine.program.codes[code as usize].clone();
    let first_free = (linked.code.first_free as usize).min(linked.slots.len());
    cx.thread.stack.resize(base + first_free, Value::NULL);
    for cell in closure {
        let cell = cx.heap().retain(cell);
        cx.thread.push(cell);
    }
    cx.thread
        .stack
        .resize(base + linked.slots.len(), Value::NULL);
    cx.heap().retain(body);
    let flags = if linked.user { FRAME_USER } else { 0 };
    let frame = Frame {
        code,
        base: base as u32,
        module,
        flags,
        function: body,
        object: namespace,
        after: After::BuildClass,
        ..Frame::default()
    };
    cx.push_frame(frame)
}

impl Context<'_> {
    /// The bases of a class (owned): what is no class says itself what it stands for. CPython 3.12, Python/bltinmodule.c, update_bases.
    fn resolve_bases(&mut self, given: Value) -> Outcome {
        let entries = self.symbol("__mro_entries__");
        let mut resolved = Vec::new();
        for base in self.items(given)? {
            if !self.machine.is_class(base)
                && let Some(found) = self.call_special(base, entries, &[given])
            {
                self.heap().release(base);
                let found = found?;
                resolved.extend(self.items(found)?);
                self.heap().release(found);
            } else {
                resolved.push(base);
            }
        }
        Ok(self.heap().tuple(resolved))
    }

    /// The body has run: makes the class from its namespace (owned) and the name, bases and keywords on the stack.
    pub fn finish_class(&mut self, namespace: Value) -> Outcome<()> {
        let keywords = self.thread.pop();
        let bases_tuple = self.thread.pop();
        let name_value = self.thread.pop();
        let text = self.machine.heap.text(name_value).unwrap_or("?").to_owned();
        let name = self.symbol(&text);
        let mut bases: Vec<Value> = match self.machine.heap.object(bases_tuple) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        if bases.is_empty() {
            bases.push(types::value(types::OBJECT));
        }
        // A traceback may refer to the body's frame: then that keeps what the body bound.
        let kept = self.machine.heap.count(namespace) > 1;
        let mut attributes = match self.machine.heap.object_mut(namespace) {
            Some(Object::Instance(i)) if kept => i.attributes.clone(),
            Some(Object::Instance(i)) => std::mem::take(&mut i.attributes),
            _ => Attributes::default(),
        };
        if kept {
            for (_, value) in &attributes.0 {
                self.machine.heap.retain(*value);
            }
        }
        self.heap().release(namespace);
        let order = match self.linearize(&bases, &text) {
            Ok(order) => order,
            Err(e) => {
                self.heap().release(bases_tuple);
                self.heap().release(name_value);
                self.machine
                    .heap
                    .release_all(attributes.0.into_iter().map(|(_, v)| v));
                return Err(e);
            }
        };
        let layout = self.layout(&order)?;
        if types::derives(layout, types::FUTURE) {
            self.check_future_class(&attributes, &order)?;
        }
        let meta = self.meta(keywords, &order)?;
        let cell = attributes.remove(symbols::CLASS_CELL);
        let qualified = attributes.remove(symbols::QUALNAME);
        let qualified_name = qualified
            .and_then(|q| self.machine.heap.text(q).map(str::to_owned))
            .unwrap_or(text);
        if let Some(q) = qualified {
            self.heap().release(q);
        }
        self.make_implicit_methods(&mut attributes);
        let mut has = Hooks::default();
        for entry in &order {
            if let Some(Object::Class(c)) = self.machine.heap.object(*entry) {
                has.get_attribute |= c.has.get_attribute;
                has.get_missing |= c.has.get_missing;
                has.set_attribute |= c.has.set_attribute;
                has.delete_attribute |= c.has.delete_attribute;
                has.delete |= c.has.delete;
                has.subclass_hook |= c.has.subclass_hook;
            }
        }
        let own = |n: Symbol| attributes.get(n).is_some();
        has.get_attribute |= own(symbols::GET_ATTRIBUTE);
        has.get_missing |= own(symbols::GET_ATTR);
        has.set_attribute |= own(symbols::SET_ATTR);
        has.delete_attribute |= own(symbols::DELETE_ATTR);
        has.delete |= own(symbols::DELETE);
        has.subclass_hook |= own(symbols::SUBCLASS_HOOK)
            && order
                .iter()
                .any(|c| self.machine.is_of_library(*c) && self.machine.class_name(*c) == "ABC");
        if has.delete {
            self.heap().keep_order(MOST_IN_ORDER);
        }
        has.slotted = self.is_slotted(&attributes, &order);
        let slots = attributes.get(symbols::SLOTS).unwrap_or(Value::NULL);
        let slots = match self.machine.heap.object(slots) {
            Some(Object::Tuple(items)) => items.to_vec(),
            Some(Object::List(items)) => items.clone(),
            _ => vec![slots],
        };
        for slot in slots {
            let Some(slot) = self.machine.heap.text(slot).map(str::to_owned) else {
                continue;
            };
            let symbol = self.symbol(&slot);
            if !matches!(symbol, symbols::QUALNAME | symbols::DICT)
                && attributes.get(symbol).is_some()
            {
                let text = ["'", &slot, "' in __slots__ conflicts with class variable"];
                return self.error(types::VALUE_ERROR, &text.concat());
            }
        }
        for base in bases.iter().chain(&order) {
            self.machine.heap.retain(*base);
        }
        let module = self.thread.frames.last().map_or(0, |f| f.module);
        let names: Vec<(Symbol, Value)> = attributes.0.clone();
        let class = self.heap().add(Object::Class(Box::new(Class {
            name,
            qualified_name: qualified_name.into(),
            module,
            bases: bases.into(),
            order: order.into(),
            layout,
            meta,
            attributes,
            has,
        })));
        // The class leads its own order, uncounted.
        if let Some(Object::Class(c)) = self.machine.heap.object_mut(class) {
            let mut order = vec![class];
            order.extend_from_slice(&c.order);
            c.order = order.into();
        }
        self.heap().release(bases_tuple);
        self.heap().release(name_value);
        if let Some(cell) = cell {
            self.heap().retain(class);
            if let Some(Object::Cell(slot)) = self.machine.heap.object_mut(cell) {
                *slot = class;
            }
            self.heap().release(cell);
        }
        // One of them may replace or delete another.
        for (_, value) in &names {
            self.machine.heap.retain(*value);
        }
        let mut named = Ok(());
        for (attribute, value) in names {
            if named.is_ok() {
                named = self.set_name(class, attribute, value);
            }
            self.heap().release(value);
        }
        self.thread.push(class);
        let result = named.and_then(|()| self.call_init_subclass(class, keywords));
        self.heap().release(keywords);
        result
    }

    /// Tells a value of a new class what it is called there. What that raises is said to come from there: CPython 3.12,
    /// Objects/typeobject.c, type_new_set_names; before 3.12 a RuntimeError says so.
    fn set_name(&mut self, class: Value, attribute: Symbol, value: Value) -> Outcome<()> {
        let Some(function) = self.special(value, symbols::SET_NAME) else {
            return Ok(());
        };
        let name = self.name(attribute).to_owned();
        let text = self.heap().str(&name);
        let result = self.call_special(value, symbols::SET_NAME, &[class, text]);
        self.heap().release(text);
        let exception = match result.unwrap_or(Ok(function)) {
            Ok(result) => {
                self.heap().release(result);
                return Ok(());
            }
            Err(Control::Raise(exception)) => exception,
            Err(other) => return Err(other),
        };
        let message = format!(
            "Error calling __set_name__ on '{}' instance '{name}' in '{}'",
            self.type_name(value),
            self.machine.class_name(class)
        );
        if self.machine.version.at_least(3, 12) {
            let note = self.heap().str(&message);
            let natives = self.machine.natives.clone();
            let added = match natives.method(types::BASE_EXCEPTION, symbols::ADD_NOTE) {
                Some(native) => self.call_now(Value::native(native), &[exception, note]),
                None => Ok(Value::NONE),
            };
            self.heap().release(note);
            let added = added?;
            self.heap().release(added);
            return Err(Control::Raise(exception));
        }
        let text = self.heap().str(&message);
        let args = self.heap().tuple(vec![text]);
        let kind = types::value(types::RUNTIME_ERROR);
        let wrapped = self.machine.exception(kind, args);
        self.heap().retain(exception);
        if let Some(Object::Exception(e)) = self.machine.heap.object_mut(wrapped) {
            (e.cause, e.context, e.suppress_context) = (exception, exception, true);
        }
        Err(Control::Raise(wrapped))
    }

    /// A class that compares its instances, but does not hash them, makes them unhashable.
    /// `__new__` is a static method, `__init_subclass__` and `__class_getitem__` are class methods without saying so.
    fn make_implicit_methods(&mut self, attributes: &mut Attributes) {
        if attributes.get(symbols::EQUAL).is_some() && attributes.get(symbols::HASH).is_none() {
            attributes.set(symbols::HASH, Value::NONE);
        }
        for (name, value) in &mut attributes.0 {
            if !matches!(self.machine.heap.object(*value), Some(Object::Function(_))) {
                continue;
            }
            match *name {
                symbols::NEW => *value = self.machine.heap.add(Object::StaticMethod(*value)),
                symbols::INIT_SUBCLASS | symbols::CLASS_GET_ITEM => {
                    *value = self.machine.heap.add(Object::ClassMethod(*value));
                }
                _ => {}
            }
        }
    }

    /// The class of the class (owned): `metaclass=`, which only the library may write, or that of a base.
    fn meta(&mut self, keywords: Value, order: &[Value]) -> Outcome<Value> {
        if keywords.given().is_some() {
            let key = self.heap().str("metaclass");
            let found = self.take_key(keywords, key);
            self.heap().release(key);
            if let Some((key, meta)) = found? {
                self.heap().release(key);
                return Ok(meta);
            }
        }
        let inherited = order
            .iter()
            .find_map(|entry| match self.machine.heap.object(*entry) {
                Some(Object::Class(c)) => c.meta.given(),
                _ => None,
            });
        Ok(self.heap().retain(inherited.unwrap_or(Value::NULL)))
    }

    fn call_init_subclass(&mut self, class: Value, keywords: Value) -> Outcome<()> {
        let order: Vec<Value> = match self.machine.heap.object(class) {
            Some(Object::Class(c)) => c.order[1..].to_vec(),
            _ => Vec::new(),
        };
        for entry in order {
            let Some(Object::Class(c)) = self.machine.heap.object(entry) else {
                continue;
            };
            if let Some(hook) = c.attributes.get(symbols::INIT_SUBCLASS) {
                let function = match self.machine.heap.object(hook) {
                    Some(Object::ClassMethod(inner)) => *inner,
                    _ => hook,
                };
                let mut arguments = Arguments {
                    values: vec![self.machine.heap.retain(class)],
                    names: Vec::new(),
                };
                self.add_keywords(keywords, &mut arguments);
                let depth = self.thread.frames.len();
                let result = match self.call_borrowed(function, arguments, After::Push) {
                    Err(Control::Called) => self.finish_now(depth),
                    other => other,
                }?;
                self.heap().release(result);
                return Ok(());
            }
        }
        if keywords.given().is_some() && self.builtin_length(keywords) != Some(0) {
            let name = match self.machine.heap.object(class) {
                Some(Object::Class(c)) => c.qualified_name.clone(),
                _ => "".into(),
            };
            return self.fail(
                types::TYPE_ERROR,
                &[&name, ".__init_subclass__() takes no keyword arguments"],
            );
        }
        Ok(())
    }

    /// A dict's entries as named arguments.
    pub fn add_keywords(&mut self, keywords: Value, arguments: &mut Arguments) {
        let mut place = 0;
        while let Some((entry, next)) = self.entry_from(keywords, place) {
            place = next;
            let Some(text) = self.machine.heap.text(entry.key).map(str::to_owned) else {
                continue;
            };
            let name = self.symbol(&text);
            arguments.names.push(name);
            arguments.values.push(self.machine.heap.retain(entry.value));
        }
    }

    /// The C3 order of bases, without the class itself.
    fn linearize(&mut self, bases: &[Value], name: &str) -> Outcome<Vec<Value>> {
        let mut lists: Vec<Vec<Value>> = Vec::new();
        for base in bases {
            match base.view() {
                View::Type(number) => lists.push(types::order(number)),
                _ => match self.machine.heap.object(*base) {
                    Some(Object::Class(c)) => lists.push(c.order.to_vec()),
                    _ => {
                        // Its type makes the class, if it can.
                        let meta = self.type_of(*base);
                        let pieces = [self.heap().str(name), self.tuple_of(bases), self.new_dict()];
                        let made = self.call_now(meta, &pieces);
                        self.heap().release_all(pieces);
                        made?;
                        return self.reject("a base that is no class", "derive from its class");
                    }
                },
            }
        }
        lists.push(bases.to_vec());
        let mut order = Vec::new();
        loop {
            lists.retain(|l| !l.is_empty());
            if lists.is_empty() {
                return Ok(order);
            }
            let next = lists
                .iter()
                .map(|l| l[0])
                .find(|head| lists.iter().all(|l| !l[1..].iter().any(|v| v.is(*head))));
            let Some(next) = next else {
                if let Some(at) =
                    (1..bases.len()).find(|at| bases[..*at].iter().any(|b| b.is(bases[*at])))
                {
                    let name = self.machine.class_name(bases[at]);
                    let text = ["duplicate base class ", name].concat();
                    return self.error(types::TYPE_ERROR, &text);
                }
                let names: Vec<&str> = bases.iter().map(|b| self.machine.class_name(*b)).collect();
                let text = [
                    "Cannot create a consistent method resolution",
                    match self.machine.version.at_least(3, 13) {
                        true => " ",
                        false => "\n",
                    },
                    "order (MRO) for bases ",
                    &names.join(", "),
                ]
                .concat();
                return self.error(types::TYPE_ERROR, &text);
            };
            order.push(next);
            for list in &mut lists {
                if list[0].is(next) {
                    list.remove(0);
                }
            }
        }
    }

    /// The built-in type under a class: the first of the order that instances are made of.
    fn layout(&mut self, order: &[Value]) -> Outcome<u16> {
        let mut found = types::OBJECT;
        for entry in order {
            let View::Type(number) = entry.view() else {
                continue;
            };
            if number == types::OBJECT || types::derives(found, number) {
                continue;
            }
            if found != types::OBJECT {
                let members = |number| self.machine.members(types::value(number)).0;
                let both = types::is_exception(found) && types::is_exception(number);
                if both && [members(found), 0].contains(&members(number)) {
                    continue;
                }
                // Only one of two with members of their own can be below.
                if both && members(found) == 0 {
                    found = number;
                    continue;
                }
                return self.error(
                    types::TYPE_ERROR,
                    "multiple bases have instance lay-out conflict",
                );
            }
            if FINAL.contains(&number) {
                let name = types::name(number);
                return self.fail(
                    types::TYPE_ERROR,
                    &["type '", name, "' is not an acceptable base type"],
                );
            }
            if !types::is_exception(number) && !DERIVABLE.contains(&number) {
                let message = [
                    "deriving a class from '",
                    types::name(number),
                    "' is not supported",
                ]
                .concat();
                return self.reject(
                    &message,
                    "derive from object and hold the value in an attribute",
                );
            }
            found = number;
        }
        Ok(found)
    }
}

/// With so many slots of the heap they are used again, even where the order of finalizers depends on what is older.
pub const MOST_IN_ORDER: usize = 1 << 18;

/// Built-in types that classes may derive from, beside `object` and the exceptions.
const DERIVABLE: &[u16] = &[
    types::INT,
    types::FLOAT,
    types::STR,
    types::BYTES,
    types::BYTEARRAY,
    types::LIST,
    types::TUPLE,
    types::DICT,
    types::SET,
    types::FROZENSET,
    types::DEQUE,
    types::FUTURE,
    types::TASK,
];

/// Those that CPython lets nothing derive from.
const FINAL: &[u16] = &[
    types::BOOL,
    types::RANGE,
    types::SLICE,
    types::NONE,
    types::ELLIPSIS,
    types::NOT_IMPLEMENTED,
    types::FUNCTION,
    types::NATIVE,
    types::METHOD,
    types::GENERATOR,
    types::COROUTINE,
    types::ASYNC_GENERATOR,
    types::LOCK,
];
