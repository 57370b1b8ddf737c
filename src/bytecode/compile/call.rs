//! Calls.

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, Keyword};
use ruff_text_size::Ranged;

use super::{Compiler, span};
use crate::bytecode::{Constant, Instruction};
use crate::source::Span;
use crate::syntax::scope::Resolution;

/// Above this many values CPython collects the arguments in a tuple and a dict.
const MOST_ON_STACK: usize = 30;
/// And above this many keywords it builds their dict piece by piece.
const MOST_KEYWORDS: usize = 15;

/// Arguments that need a tuple and a dict.
fn is_spread(arguments: &ast::Arguments) -> bool {
    let (positional, keywords) = (&arguments.args, &arguments.keywords);
    positional.iter().any(Expr::is_starred_expr)
        || keywords.iter().any(|keyword| keyword.arg.is_none())
        || positional.len() + 2 * keywords.len() > MOST_ON_STACK
}

impl<'a> Compiler<'a> {
    /// A call with what is called on the stack.
    pub(super) fn call(&mut self, call: &'a ast::ExprCall, place: Span) {
        if call.arguments.is_empty() && self.is_super(&call.func) {
            self.super_arguments(place);
            self.emit(place, Instruction::Call(2));
            return;
        }
        self.emit(span(&*call.func), Instruction::PushNull);
        self.arguments(&call.arguments, place, 0);
        self.bind_call(place);
    }

    /// `object.method(...)` with the object on the stack. Hands back false, having done nothing, if it is no such call.
    pub(super) fn method_call(
        &mut self,
        attribute: &'a ast::ExprAttribute,
        call: &'a ast::ExprCall,
    ) -> bool {
        if is_spread(&call.arguments) {
            return false;
        }
        let mut place = span(call);
        let index = self.attribute_index(&attribute.attr);
        // In a chain over several lines each call is on the line of its method.
        let load = self.attribute_place(attribute);
        place.start = load.start;
        if self.calls_super(&attribute.value) {
            self.unit.assembler.statement = Some(span(attribute));
        }
        self.emit(load, Instruction::LoadMethod(index));
        self.unit.assembler.statement = None;
        self.arguments(&call.arguments, place, 0);
        self.bind_call(span(call));
        true
    }

    fn bind_call(&mut self, place: Span) {
        if let Some(name) = self.bound.get(&place) {
            let name = name.clone();
            self.unit.assembler.binding(&name);
        }
    }

    /// Arguments and the call itself. `before` counts those already on the stack.
    pub(super) fn arguments(&mut self, arguments: &'a ast::Arguments, place: Span, before: u32) {
        if is_spread(arguments) {
            self.spread(arguments, place, before);
            return;
        }
        for argument in &arguments.args {
            self.expression(argument);
        }
        for keyword in &arguments.keywords {
            self.expression(&keyword.value);
        }
        let count = before + (arguments.args.len() + arguments.keywords.len()) as u32;
        if arguments.keywords.is_empty() {
            self.emit(place, Instruction::Call(count));
            return;
        }
        let names = arguments.keywords.iter().filter_map(|k| k.arg.as_ref());
        let names = names.map(|name| Constant::Str(name.to_string())).collect();
        let names = self.unit.assembler.constant(Constant::Tuple(names));
        match (u16::try_from(count), u16::try_from(names)) {
            (Ok(arguments), Ok(names)) => {
                self.emit(place, Instruction::CallKeywords { arguments, names });
            }
            _ => self.fail(place, "the function has too many constants"),
        }
    }

    /// Arguments as a tuple and a dict.
    fn spread(&mut self, arguments: &'a ast::Arguments, place: Span, before: u32) {
        let only = match &arguments.args[..] {
            [Expr::Starred(only)] if before == 0 => Some(only),
            _ => None,
        };
        if let Some(only) = only {
            self.expression(&only.value);
        } else if before > 0 {
            self.emit(place, Instruction::BuildList(before));
            for argument in &arguments.args {
                match argument {
                    Expr::Starred(starred) => {
                        self.expression(&starred.value);
                        self.emit(place, Instruction::ListExtend(1));
                    }
                    _ => {
                        self.expression(argument);
                        self.emit(place, Instruction::ListAppend(1));
                    }
                }
            }
            self.emit(place, Instruction::ListToTuple);
        } else {
            match super::constant::constants(&arguments.args) {
                Some(values) => self.load_constant(place, Constant::Tuple(values)),
                None => self.tuple(&arguments.args, place),
            }
        }
        let keywords = &arguments.keywords;
        if keywords.is_empty() {
            if only.is_some() {
                self.emit(place, Instruction::SpreadToTuple(1));
            }
            self.emit(place, Instruction::CallStar(false));
            return;
        }
        let mut built = false;
        let mut index = 0;
        while index < keywords.len() {
            let keyword = &keywords[index];
            if keyword.arg.is_none() {
                if !built {
                    self.emit(place, Instruction::BuildMap(0));
                    built = true;
                }
                self.expression(&keyword.value);
                self.emit(place, Instruction::DictMerge(1));
                index += 1;
                continue;
            }
            let named = keywords[index..].iter().take_while(|k| k.arg.is_some());
            let count = named.count();
            self.keywords(&keywords[index..index + count], place);
            if built {
                self.emit(place, Instruction::DictMerge(1));
            }
            built = true;
            index += count;
        }
        // CPython takes the items in the call itself, when the keywords are there.
        if only.is_some() {
            self.emit(place, Instruction::SpreadToTuple(2));
        }
        self.emit(place, Instruction::CallStar(true));
    }

    /// A dict of named keywords.
    fn keywords(&mut self, keywords: &'a [Keyword], place: Span) {
        let big = keywords.len() > MOST_KEYWORDS;
        if big {
            self.emit(place, Instruction::BuildMap(0));
        }
        for keyword in keywords {
            let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
            let at = Span::new(keyword.start().to_u32(), keyword.end().to_u32());
            self.load_constant(at, Constant::Str(name.to_owned()));
            self.expression(&keyword.value);
            if big {
                self.emit(place, Instruction::MapAdd(1));
            }
        }
        if !big {
            self.emit(place, Instruction::BuildMap(keywords.len() as u32));
        }
    }

    /// Whether an expression is the name `super`, the builtin.
    fn is_super(&self, callee: &Expr) -> bool {
        let Expr::Name(name) = callee else {
            return false;
        };
        let global = |resolution| {
            matches!(
                resolution,
                Resolution::GlobalImplicit | Resolution::GlobalDeclared
            )
        };
        let scopes = self.checked.scopes();
        let known = self.scope().symbol("super").map(|s| s.resolution);
        name.id == "super"
            && known.is_some_and(global)
            && scopes.owner(self.unit.scope, "super").is_none()
            && self.scope().kind.is_function()
            && self.unit.slots.contains_key("__class__")
            && self.first_parameter().is_some()
    }

    /// Whether an expression is `super()` or `super(class, object)`, whose attribute is one instruction with it since 3.12.
    pub(super) fn calls_super(&self, expression: &Expr) -> bool {
        let Expr::Call(call) = expression else {
            return false;
        };
        let arguments = &call.arguments;
        arguments.keywords.is_empty()
            && matches!(arguments.args.len(), 0 | 2)
            && self.is_super(&call.func)
    }

    /// The first parameter of the method around.
    fn first_parameter(&self) -> Option<String> {
        let scopes = self.checked.scopes();
        let mut scope = self.scope();
        while scope.kind.is_comprehension() {
            scope = scopes.get(scope.parent?);
        }
        let (name, symbol) = scope.symbols().next()?;
        let positional = symbol.parameter && self.unit.slots.contains_key(name);
        positional.then(|| name.to_owned())
    }

    /// `super -> super NULL class first`: what zero-argument `super()` means.
    fn super_arguments(&mut self, place: Span) {
        let first = self.first_parameter().unwrap_or_default();
        self.emit(place, Instruction::PushNull);
        self.load_name(place, "__class__");
        self.load_name(place, &first);
    }
}
