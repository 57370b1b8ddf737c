//! What every operation needs: types of values, lookups in classes, calls that run to their end.

use super::asyncio::object::Future;
use super::call::Arguments;
use super::frame::After;
use super::object::{AsyncStepKind, GeneratorKind, Instance, Object};
use super::symbols;
use super::value::{Symbol, Value, View};
use super::{Context, Control, Machine, Outcome, types};

impl Machine {
    pub fn symbol(&mut self, name: &str) -> Symbol {
        match self.program.names.find(name) {
            Some(symbol) => symbol,
            None => std::rc::Rc::make_mut(&mut self.program).names.intern(name),
        }
    }
    pub fn text(&self, symbol: Symbol) -> &str {
        self.program.names.text(symbol)
    }

    /// The type: a built-in type or a class (borrowed).
    pub fn type_of(&self, value: Value) -> Value {
        match self.heap.object(value) {
            Some(Object::Instance(i)) => i.class,
            Some(Object::Exception(e)) => e.class,
            Some(Object::Future(f)) if let Some(more) = f.derived() => more.class,
            _ => types::value(self.type_number(value)),
        }
    }

    /// The built-in type a value is of underneath.
    pub fn type_number(&self, value: Value) -> u16 {
        match value.view() {
            View::Null | View::None => types::NONE,
            View::NotImplemented => types::NOT_IMPLEMENTED,
            View::Ellipsis => types::ELLIPSIS,
            View::Bool(_) => types::BOOL,
            View::Int(_) => types::INT,
            View::Float(_) => types::FLOAT,
            View::Type(_) => types::TYPE,
            View::Native(_) => types::NATIVE,
            View::Module(_) => types::MODULE,
            View::Thing(_) => types::THING,
            View::Turn(_) => types::TURN,
            View::Object(h) => match self.heap.get(h) {
                Object::Iterator(iterator) => self.iterator_type(iterator),
                Object::DictView(_, kind) => super::operate::kind::view_type(*kind),
                object => object_type(object),
            },
        }
    }

    /// What is thrown into a generator to close it.
    pub fn generator_exit(&mut self) -> Value {
        let args = self.heap.tuple(Vec::new());
        self.exception(types::value(types::GENERATOR_EXIT), args)
    }

    /// An exception of this class; takes over the tuple of arguments.
    pub fn exception(&mut self, class: Value, args: Value) -> Value {
        let mut class = class;
        if class.is(types::value(types::OS_ERROR))
            && let Some(Object::Tuple(items)) = self.heap.object(args)
            && (2..6).contains(&items.len())
            && let Some(number) = items[0].as_int()
        {
            class = types::value(super::exception::class_of_error(number));
        }
        self.heap.retain(class);
        let exception = self
            .heap
            .add(Object::Exception(Box::new(super::object::Exception {
                class,
                args,
                attributes: Default::default(),
                cause: Value::NULL,
                context: Value::NULL,
                suppress_context: false,
                traceback: Vec::new(),
                caught: 0,
            })));
        self.fill_members(exception);
        exception
    }

    /// Looks a name up along a class's order; built-in types' natives count as well. Borrowed.
    pub fn class_attribute(&self, class: Value, name: Symbol) -> Option<Value> {
        match class.view() {
            View::Type(number) => self.natives.method(number, name).map(Value::native),
            _ => {
                let Some(Object::Class(c)) = self.heap.object(class) else {
                    return None;
                };
                c.order.iter().find_map(|entry| match entry.view() {
                    View::Type(number) => self.natives.methods[number as usize]
                        .iter()
                        .find(|(n, _)| *n == name)
                        .map(|(_, n)| Value::native(*n)),
                    _ => match self.heap.object(*entry) {
                        Some(Object::Class(c)) => c.attributes.get(name),
                        _ => None,
                    },
                })
            }
        }
    }

    /// Whether a class is another or derives from it.
    pub fn is_subclass(&self, class: Value, of: Value) -> bool {
        match (class.view(), of.view()) {
            (View::Type(a), View::Type(b)) => types::derives(a, b),
            (View::Type(_), _) => false,
            _ => match self.heap.object(class) {
                Some(Object::Class(c)) => {
                    c.order.iter().any(|entry| match (entry.view(), of.view()) {
                        (View::Type(a), View::Type(b)) => types::derives(a, b),
                        _ => entry.is(of),
                    })
                }
                _ => false,
            },
        }
    }

    /// `isinstance` for one class.
    pub fn is_instance(&self, value: Value, of: Value) -> bool {
        self.is_subclass(self.type_of(value), of)
    }

    /// Whether a value is a class or a built-in type.
    pub fn is_class(&self, value: Value) -> bool {
        matches!(value.view(), View::Type(_))
            || matches!(self.heap.object(value), Some(Object::Class(_)))
    }

    /// `__name__` of a class.
    pub fn class_name(&self, class: Value) -> &str {
        match class.view() {
            View::Type(number) => types::name(number),
            _ => match self.heap.object(class) {
                Some(Object::Class(c)) => self.text(c.name),
                _ => "?",
            },
        }
    }

    /// A class's name with its module, as its repr shows it.
    pub fn class_text(&self, class: Value) -> String {
        match self.heap.object(class) {
            Some(Object::Class(c)) => {
                let own = c.attributes.get(symbols::MODULE);
                let module = own.and_then(|own| self.heap.text(own));
                match module.unwrap_or_else(|| self.text(self.modules[c.module as usize].name)) {
                    "builtins" => c.qualified_name.to_string(),
                    module => [module, ".", &c.qualified_name].concat(),
                }
            }
            _ => self.class_path(class),
        }
    }

    /// The class's name as tracebacks print it: with its module unless that is `builtins` or `__main__`.
    pub fn class_path(&self, class: Value) -> String {
        match class.view() {
            View::Type(number) => types::qualified_name(number).to_owned(),
            View::Null => String::from("?"),
            _ => {
                let text = self.class_text(class);
                match text.strip_prefix("__main__.") {
                    Some(own) => own.to_owned(),
                    None => text,
                }
            }
        }
    }

    /// Whether it is a class of the library that CPython has in C.
    fn is_in_c(&self, class: Value) -> bool {
        let name = self.class_name(class);
        self.is_of_library(class) && super::native::lists(IN_C, name)
    }

    /// Whether a class is OrderedDict or derives from it.
    pub fn is_ordered(&self, class: Value) -> bool {
        matches!(self.heap.object(class), Some(Object::Class(c)) if c.order.iter().any(|entry| {
            self.class_name(*entry) == "OrderedDict" && self.is_of_library(*entry)
        }))
    }

    /// Whether it is a class that the library defines in Python.
    pub fn is_of_library(&self, class: Value) -> bool {
        matches!(self.heap.object(class), Some(Object::Class(c)) if !self.modules[c.module as usize].user)
    }
}

fn object_type(object: &Object) -> u16 {
    match object {
        Object::Free(_) => types::NONE,
        Object::Str(_) => types::STR,
        Object::Bytes(_) => types::BYTES,
        Object::ByteArray(_) => types::BYTEARRAY,
        Object::BigInt(_) => types::INT,
        Object::List(_) => types::LIST,
        Object::Tuple(_) => types::TUPLE,
        Object::Dict(_) => types::DICT,
        Object::Set(_, super::object::Frozen::No) => types::SET,
        Object::Set(_, super::object::Frozen::Yes) => types::FROZENSET,
        Object::Deque(_) => types::DEQUE,
        Object::Range(_) => types::RANGE,
        Object::Slice(_) => types::SLICE,
        Object::Iterator(_) => types::ITERATOR,
        Object::RangeIterator { .. } => types::RANGE_ITERATOR,
        Object::DictView(..) => types::DICT_VIEW,
        Object::Function(_) => types::FUNCTION,
        Object::Class(_) => types::TYPE,
        Object::Instance(_) => types::OBJECT,
        Object::Exception(_) => types::BASE_EXCEPTION,
        Object::Method(pair) if matches!(pair[0].view(), View::Native(_)) => types::NATIVE,
        Object::Method(_) => types::METHOD,
        Object::Property(_) => types::PROPERTY,
        Object::ClassMethod(_) => types::CLASSMETHOD,
        Object::StaticMethod(_) => types::STATICMETHOD,
        Object::Super(_) => types::SUPER,
        Object::Cell(_) => types::CELL,
        Object::Generator(g) => match g.kind {
            GeneratorKind::Generator => types::GENERATOR,
            GeneratorKind::Coroutine => types::COROUTINE,
            GeneratorKind::AsyncGenerator => types::ASYNC_GENERATOR,
        },
        Object::Frame(_) => types::FRAME,
        Object::Traceback(_) => types::TRACEBACK,
        Object::Code(_) => types::CODE,
        Object::AsyncStep(s) => match s.kind {
            AsyncStepKind::Send => types::ASYNC_STEP,
            AsyncStepKind::Throw | AsyncStepKind::Close => types::ASYNC_THROW,
        },
        Object::Future(f) => match f.task {
            Some(_) => types::TASK,
            None => types::FUTURE,
        },
        Object::Handle(c) => match c.when {
            None => types::HANDLE,
            Some(_) => types::TIMER_HANDLE,
        },
        Object::Loop(_) => types::LOOP,
        Object::Lock(l) => match l.reentrant {
            true => types::RLOCK,
            false => types::LOCK,
        },
    }
}

/// Classes of the library that CPython has in C.
const IN_C: &str = "Context ContextVar KeyWrapper OrderedDict SimpleNamespace SimpleQueue StringIO Token _local \
    _lru_cache_wrapper accumulate attrgetter batched chain combinations combinations_with_replacement compress count cycle \
    defaultdict dropwhile filterfalse groupby islice itemgetter methodcaller pairwise partial permutations product repeat \
    starmap struct_time takewhile zip_longest";

impl Context<'_> {
    pub fn type_of(&self, value: Value) -> Value {
        self.machine.type_of(value)
    }
    pub fn type_number(&self, value: Value) -> u16 {
        self.machine.type_number(value)
    }
    /// `type(value).__name__`.
    pub fn short_name(&self, value: Value) -> String {
        self.machine.class_name(self.type_of(value)).to_owned()
    }

    /// What messages call a value's type: `type(value).__name__`, of a type that CPython has in C with its module.
    #[cold]
    #[inline(never)]
    pub fn type_name(&self, value: Value) -> String {
        let class = self.type_of(value);
        let name = self.machine.class_name(class);
        match class.view() {
            View::Type(number) if !types::is_exception(number) => {
                types::qualified_name(number).to_owned()
            }
            _ if self.machine.is_in_c(class) => self.machine.class_text(class),
            _ => name.to_owned(),
        }
    }

    /// What the class of an instance (of the program's own classes) defines under a name; borrowed, not bound.
    #[inline]
    pub fn special(&mut self, value: Value, name: Symbol) -> Option<Value> {
        let class = match self.machine.heap.object(value)? {
            Object::Instance(i) => i.class,
            Object::Exception(e) => e.class,
            Object::Class(c) => c.meta,
            Object::Future(f) => f.derived()?.class,
            _ => return None,
        };
        let Some(Object::Class(c)) = self.machine.heap.object(class) else {
            return None;
        };
        for entry in &c.order {
            match entry.view() {
                // A built-in type comes first and has it: what it does is not the program's.
                View::Type(number)
                    if c.layout == number
                        && self.machine.natives.methods[number as usize]
                            .iter()
                            .any(|(n, _)| *n == name)
                        && number != types::OBJECT
                        && !types::is_exception(number) =>
                {
                    return None;
                }
                View::Type(_) => {}
                _ => {
                    if let Some(Object::Class(c)) = self.machine.heap.object(*entry)
                        && let Some(found) = c.attributes.get(name)
                    {
                        return Some(found);
                    }
                }
            }
        }
        None
    }

    /// Calls what the class defines under a name, bound to the instance, to its end. None if it defines nothing.
    pub fn call_special(&mut self, value: Value, name: Symbol, args: &[Value]) -> Option<Outcome> {
        let function = self.special(value, name)?;
        let mut all = vec![value];
        all.extend_from_slice(args);
        let function = self.bind_special(function, &mut all);
        Some(self.call_now(function, &all))
    }

    /// What [`Context::special`] found, seen through the object it was found for, which leads the borrowed `values`: a static method
    /// or another callable does not get it, a class method gets its class.
    #[inline]
    pub fn bind_special(&mut self, function: Value, values: &mut Vec<Value>) -> Value {
        match self.machine.heap.object(function) {
            Some(Object::Function(_)) => function,
            _ => self.bind_unusual(function, values),
        }
    }

    #[cold]
    fn bind_unusual(&mut self, function: Value, values: &mut Vec<Value>) -> Value {
        match self.machine.heap.object(function) {
            Some(Object::StaticMethod(inner)) => {
                let inner = *inner;
                values.remove(0);
                inner
            }
            Some(Object::ClassMethod(inner)) => {
                let inner = *inner;
                values[0] = self.type_of(values[0]);
                inner
            }
            Some(_) => {
                values.remove(0);
                function
            }
            None => {
                let method = matches!(function.view(), View::Native(n) if self.machine.natives.all[n as usize].method_of.is_some());
                if !method && !function.is_none() {
                    values.remove(0);
                }
                function
            }
        }
    }

    /// Calls what [`Context::special`] found; `values` are borrowed and led by the object.
    pub fn call_bound(&mut self, function: Value, mut values: Vec<Value>, after: After) -> Outcome {
        let function = self.bind_special(function, &mut values);
        for value in &values {
            self.machine.heap.retain(*value);
        }
        let names = Vec::new();
        self.call_borrowed(function, Arguments { values, names }, after)
    }

    /// The future of a value, if it is a future or task.
    pub fn future(&mut self, value: Value) -> Option<&mut Future> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Future(f)) => Some(f),
            _ => None,
        }
    }
    pub fn instance(&mut self, value: Value) -> Option<&mut Instance> {
        match self.machine.heap.object_mut(value) {
            Some(Object::Instance(i)) => Some(i),
            _ => None,
        }
    }

    /// Raises KeyError(key).
    pub fn raise_key_error<T>(&mut self, key: Value) -> Outcome<T> {
        self.heap().retain(key);
        self.raise(types::KEY_ERROR, vec![key])
    }

    /// Raises a built-in exception with these arguments (owned).
    #[cold]
    pub fn raise<T>(&mut self, kind: u16, args: Vec<Value>) -> Outcome<T> {
        let args = self.machine.heap.tuple(args);
        let exception = self.machine.exception(types::value(kind), args);
        Err(Control::Raise(exception))
    }
}
