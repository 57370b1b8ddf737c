//! Linking: compiled code becomes part of the program, its names symbols, its globals slots of its module.

use std::rc::Rc;

use super::frame::Thread;
use super::object::{Frozen, Object};
use super::operate::Big;
use super::program::{Globals, Import, Linked, Module, Names, Program, ZERO_SLEEP};
use super::value::{Symbol, Value};
use super::{Context, Machine, symbols};
use crate::bytecode::{Code, CodeKind, Constant, Instruction};

/// What linked code is part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// The program that is being looked at.
    User,
    /// A module of the simulated library.
    Library,
}

impl Machine {
    /// Works with the machine outside of any thread: for what runs no frames.
    pub fn with_context<T>(&mut self, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        let mut thread = Thread::new(0);
        work(&mut Context {
            machine: self,
            thread: &mut thread,
            number: 0,
        })
    }

    /// Adds a module without code.
    pub fn add_module(&mut self, name: &str, origin: Origin) -> u16 {
        let name = self.symbol(name);
        self.modules.push(Module {
            name,
            globals: Rc::default(),
            slots: Vec::new(),
            builtins: Rc::default(),
            locations: Rc::default(),
            user: origin == Origin::User,
            state: Import::Native,
        });
        self.modules.len() as u16 - 1
    }

    /// Links code into a module and gives the number of its outermost code.
    pub fn link(&mut self, code: &Rc<Code>, module: u16, origin: Origin) -> u32 {
        let mut globals = (*self.modules[module as usize].globals).clone();
        let mut program = std::mem::take(&mut self.program);
        let number = self.link_code(
            Rc::make_mut(&mut program),
            &mut globals,
            code,
            module,
            origin,
        );
        self.program = program;
        let target = &mut self.modules[module as usize];
        target.globals = Rc::new(globals);
        self.fit_globals(module);
        number
    }

    /// Gives new global slots their room and their builtins.
    pub fn fit_globals(&mut self, module: u16) {
        let globals = self.modules[module as usize].globals.clone();
        for at in self.modules[module as usize].slots.len()..globals.names.len() {
            let builtin = self.builtin(globals.names[at]);
            let target = &mut self.modules[module as usize];
            target.slots.push(Value::NULL);
            Rc::make_mut(&mut target.builtins).push(builtin);
            Rc::make_mut(&mut target.locations).push(0);
        }
    }

    fn link_code(
        &mut self,
        program: &mut Program,
        globals: &mut Globals,
        code: &Rc<Code>,
        module: u16,
        origin: Origin,
    ) -> u32 {
        // Inner code first: its numbers are constants of the outer.
        let constants: Vec<Value> = code
            .constants
            .iter()
            .map(|c| match c {
                Constant::Code(inner) => {
                    Value::int(self.link_code(program, globals, inner, module, origin) as i64)
                }
                other => self.constant(other),
            })
            .collect();
        let keywords = code
            .constants
            .iter()
            .map(|c| keyword_symbols(&mut program.names, c))
            .collect();
        let names: Vec<Symbol> = code.names.iter().map(|n| program.names.intern(n)).collect();
        let instructions: Box<[Instruction]> = code
            .instructions
            .iter()
            .map(|i| {
                use Instruction::*;
                let global = |n: u32, g: &mut Globals| g.slot(names[n as usize]);
                let symbol = |n: u32| names[n as usize].0;
                match *i {
                    LoadGlobal(n) => LoadGlobal(global(n, globals)),
                    StoreGlobal(n) => StoreGlobal(global(n, globals)),
                    DeleteGlobal(n) => DeleteGlobal(global(n, globals)),
                    LoadName(n) => LoadName(global(n, globals)),
                    StoreName(n) => StoreName(symbol(n)),
                    DeleteName(n) => DeleteName(symbol(n)),
                    LoadAttribute(n) => LoadAttribute(symbol(n)),
                    LoadMethod(n) => LoadMethod(symbol(n)),
                    StoreAttribute(n) => StoreAttribute(symbol(n)),
                    DeleteAttribute(n) => DeleteAttribute(symbol(n)),
                    ImportName(n) => ImportName(symbol(n)),
                    ImportFrom(n) => ImportFrom(symbol(n)),
                    other => other,
                }
            })
            .collect();
        let zero_sleeps = zero_sleeps(&instructions, &constants);
        let p = code.parameters;
        let plain = p.keyword_only == 0 && !p.star && !p.double_star;
        let linked = Linked {
            plain: plain.then_some(u32::from(p.positional_only + p.positional)),
            direct: plain
                && code.kind == CodeKind::Function
                && code.first_free as usize >= code.slots.len(),
            instructions,
            constants: constants.into(),
            keywords,
            slots: code.slots.iter().map(|n| program.names.intern(n)).collect(),
            name: program.names.intern(&code.name),
            module,
            user: origin == Origin::User,
            atomic: origin == Origin::Library
                && crate::library::is_atomic(
                    program.names.text(self.modules[module as usize].name),
                ),
            awaitable: false,
            sleeps: origin == Origin::Library
                && &*code.name == "sleep"
                && program.names.text(self.modules[module as usize].name) == "asyncio.timeouts",
            zero_sleeps,
            code: code.clone(),
        };
        program.codes.push(Rc::new(linked));
        program.codes.len() as u32 - 1
    }

    /// A constant's value. It is never released: the program holds it.
    fn constant(&mut self, constant: &Constant) -> Value {
        match constant {
            Constant::None => Value::NONE,
            Constant::Ellipsis => Value::ELLIPSIS,
            Constant::Bool(b) => Value::bool(*b),
            Constant::Int(i) => Value::int(*i),
            Constant::BigInt(text) => match Big::from_decimal(text) {
                Some(big) => self.heap.add(Object::BigInt(Rc::new(big))),
                None => Value::NULL,
            },
            Constant::Float(f) => Value::float(*f),
            Constant::Str(s) => self.heap.str(s),
            Constant::Bytes(b) => self.heap.add(Object::Bytes(b.as_slice().into())),
            Constant::Tuple(items) => {
                let items = items.iter().map(|c| self.constant(c)).collect();
                self.heap.tuple(items)
            }
            Constant::FrozenSet(items) => {
                let set = self.heap.add(Object::Set(Box::default(), Frozen::Yes));
                for item in items {
                    let value = self.constant(item);
                    // Constants can be hashed; equal ones stay out.
                    let _ = self.with_context(|cx| cx.set_add(set, value));
                }
                if let Some(Object::Set(table, _)) = self.heap.object_mut(set) {
                    **table = table.rebuilt();
                }
                set
            }
            Constant::Code(_) => Value::NULL,
        }
    }
}

fn keyword_symbols(names: &mut Names, constant: &Constant) -> Box<[Symbol]> {
    super::program::keyword_names(constant)
        .map(|list| list.into_iter().map(|n| names.intern(n)).collect())
        .unwrap_or_default()
}

/// Where `await module.sleep(0)` begins, the module being a global.
fn zero_sleeps(instructions: &[Instruction], constants: &[Value]) -> Box<[u32]> {
    use Instruction::*;
    let waits = |window: &[Instruction]| match *window {
        [
            LoadGlobal(_),
            LoadMethod(name),
            LoadConstant(delay),
            Call(1),
            GetAwaitable(0),
            LoadConstant(_),
            YieldFrom,
        ] => {
            let delay = constants[delay as usize].as_int();
            name == symbols::SLEEP.0 && delay.is_some_and(|delay| delay <= 0)
        }
        _ => false,
    };
    let windows = instructions.windows(ZERO_SLEEP as usize);
    let found = (0..).zip(windows).filter(|(_, window)| waits(window));
    found.map(|(at, _)| at).collect()
}
