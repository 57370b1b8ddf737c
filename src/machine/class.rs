//! Classes: building them, making instances, and the built-in types when called.

use super::call::Arguments;
use super::frame::{After, FRAME_USER, Frame};
use super::object::{Attributes, Class, Hooks, Instance, Object};
use super::value::{Symbol, Value, View};
use super::{Context, Control, Outcome, symbols, types};

/// `__build_class__(body, name, *bases)`: runs the body with an empty namespace; `finish_class` makes the class.
pub fn build_class(cx: &mut Context<'_>, args: &[Value]) -> Outcome {
    let (body, name) = (args[0], args[1]);
    let bases = &args[2..];
    // The pieces wait on the stack: name, bases.
    cx.heap().retain(name);
    let bases = cx.tuple_of(bases);
    cx.thread.push(name);
    cx.thread.push(bases);
    let namespace = cx.heap().add(Object::Instance(Box::new(Instance {
        class: Value::NULL,
        attributes: Attributes::default(),
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
        namespace,
        after: After::BuildClass,
        ..Frame::default()
    };
    cx.push_frame(frame)
}

impl Context<'_> {
    /// The body has run: makes the class from its namespace (owned) and the name and bases on the stack.
    pub fn finish_class(&mut self, namespace: Value) -> Outcome<()> {
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
        let mut attributes = match self.machine.heap.object_mut(namespace) {
            Some(Object::Instance(i)) => std::mem::take(&mut i.attributes),
            _ => Attributes::default(),
        };
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
        let cell = attributes.remove(symbols::CLASS_CELL);
        let qualified = attributes.remove(symbols::QUALNAME);
        let qualified_name = qualified
            .and_then(|q| self.machine.heap.text(q).map(str::to_owned))
            .unwrap_or(text);
        if let Some(q) = qualified {
            self.heap().release(q);
        }
        let mut has = Hooks::default();
        for entry in &order {
            if let Some(Object::Class(c)) = self.machine.heap.object(*entry) {
                has.get_attribute |= c.has.get_attribute;
                has.get_missing |= c.has.get_missing;
                has.set_attribute |= c.has.set_attribute;
                has.delete_attribute |= c.has.delete_attribute;
                has.delete |= c.has.delete;
            }
        }
        let own = |n: Symbol| attributes.get(n).is_some();
        has.get_attribute |= own(symbols::GET_ATTRIBUTE);
        has.get_missing |= own(symbols::GET_ATTR);
        has.set_attribute |= own(symbols::SET_ATTR);
        has.delete_attribute |= own(symbols::DELETE_ATTR);
        has.delete |= own(symbols::DELETE);
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
        for (attribute, value) in names {
            if let Some(function) = self.special(value, symbols::SET_NAME) {
                let text = self.name(attribute).to_owned();
                let text = self.heap().str(&text);
                let result = self.call_now(function, &[value, class, text]);
                self.heap().release(text);
                let result = result?;
                self.heap().release(result);
            }
        }
        self.thread.push(class);
        self.call_init_subclass(class)
    }

    fn call_init_subclass(&mut self, class: Value) -> Outcome<()> {
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
                let result = self.call_now(function, &[class])?;
                self.heap().release(result);
                break;
            }
        }
        Ok(())
    }

    /// The C3 order of bases, without the class itself.
    fn linearize(&mut self, bases: &[Value], name: &str) -> Outcome<Vec<Value>> {
        let mut lists: Vec<Vec<Value>> = Vec::new();
        for base in bases {
            match base.view() {
                View::Type(mut number) => {
                    let mut list = vec![*base];
                    while number != types::OBJECT {
                        number = types::base(number);
                        list.push(types::value(number));
                    }
                    lists.push(list);
                }
                _ => match self.machine.heap.object(*base) {
                    Some(Object::Class(c)) => lists.push(c.order.to_vec()),
                    _ => {
                        let text = [name, ": bases must be types"].concat();
                        return self.error(types::TYPE_ERROR, &text);
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
                let names: Vec<&str> = bases.iter().map(|b| self.machine.class_name(*b)).collect();
                let text = [
                    "Cannot create a consistent method resolution\norder (MRO) for bases ",
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

    /// The built-in type under a class: object or an exception. Other built-in types cannot be derived from yet.
    fn layout(&mut self, order: &[Value]) -> Outcome<u16> {
        for entry in order {
            if let View::Type(number) = entry.view() {
                if number == types::OBJECT || types::is_exception(number) {
                    return Ok(number);
                }
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
        }
        Ok(types::OBJECT)
    }

    /// Makes an instance of a class of the program, or calls what stands for it.
    pub fn call_class(&mut self, class: Value, arguments: Arguments, after: After) -> Outcome {
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return Ok(Value::NONE);
        };
        let layout = c.layout;
        if let Some(new) = self.machine.class_attribute(class, symbols::NEW)
            && matches!(
                self.machine.heap.object(new),
                Some(Object::Function(_) | Object::StaticMethod(_))
            )
        {
            return self.call_own_new(class, new, arguments);
        }
        self.heap().retain(class);
        let instance = if layout == types::OBJECT {
            self.heap().add(Object::Instance(Box::new(Instance {
                class,
                attributes: Attributes::default(),
                deleted: false,
            })))
        } else {
            self.heap().release(class);
            let args: Vec<Value> =
                arguments.values[..arguments.values.len() - arguments.names.len()].to_vec();
            let args = self.tuple_of(&args);
            self.machine.exception(class, args)
        };
        self.initialize(class, instance, arguments, after)
    }

    /// Calls `__init__` on a new instance (owned).
    fn initialize(
        &mut self,
        class: Value,
        instance: Value,
        mut arguments: Arguments,
        after: After,
    ) -> Outcome {
        match self.machine.class_attribute(class, symbols::INIT) {
            Some(init) if matches!(self.machine.heap.object(init), Some(Object::Function(_))) => {
                self.heap().retain(instance);
                arguments.values.insert(0, instance);
                let result = self.call_function(init, arguments, After::Init(instance));
                match result {
                    Err(Control::Called) if after != After::Push => {
                        let depth = self.thread.frames.len() - 1;
                        self.finish_now(depth)
                    }
                    Err(Control::Called) => Err(Control::Called),
                    Err(other) => {
                        self.heap().release(instance);
                        Err(other)
                    }
                    Ok(value) => Ok(value),
                }
            }
            _ => {
                let exception = matches!(
                    self.machine.heap.object(instance),
                    Some(Object::Exception(_))
                );
                let count = arguments.values.len();
                self.machine.heap.release_all(arguments.values);
                if count > 0 && (!exception || !arguments.names.is_empty()) {
                    self.heap().release(instance);
                    let text = [self.machine.class_name(class), "() takes no arguments"].concat();
                    return self.error(types::TYPE_ERROR, &text);
                }
                Ok(instance)
            }
        }
    }

    fn call_own_new(&mut self, class: Value, new: Value, arguments: Arguments) -> Outcome {
        let function = match self.machine.heap.object(new) {
            Some(Object::StaticMethod(inner)) => *inner,
            _ => new,
        };
        for value in &arguments.values {
            self.machine.heap.retain(*value);
        }
        self.heap().retain(class);
        let mut values = vec![class];
        values.extend_from_slice(&arguments.values);
        let depth = self.thread.frames.len();
        let instance = match self.call_borrowed(
            function,
            Arguments {
                values,
                names: arguments.names.clone(),
            },
            After::Push,
        ) {
            Err(Control::Called) => self.finish_now(depth)?,
            other => other?,
        };
        if self.machine.is_instance(instance, class) {
            return self.initialize(class, instance, arguments, After::Push);
        }
        self.machine.heap.release_all(arguments.values);
        Ok(instance)
    }

    /// Calls a built-in type: its `__new__` native, or an exception.
    pub fn call_type(&mut self, number: u16, mut arguments: Arguments, after: After) -> Outcome {
        if types::is_exception(number) {
            if !arguments.names.is_empty() && number != types::IMPORT_ERROR {
                self.machine.heap.release_all(arguments.values);
                let text = [types::name(number), "() takes no keyword arguments"].concat();
                return self.error(types::TYPE_ERROR, &text);
            }
            let args = self.heap().tuple(arguments.values);
            let exception = self.machine.exception(types::value(number), args);
            return self.check_group(exception);
        }
        match self.machine.natives.method(number, symbols::NEW) {
            Some(native) => {
                arguments.values.insert(0, types::value(number));
                self.call_borrowed(Value::native(native), arguments, after)
            }
            None => {
                self.machine.heap.release_all(arguments.values);
                let text = ["cannot create '", types::name(number), "' instances"].concat();
                self.error(types::TYPE_ERROR, &text)
            }
        }
    }
}
