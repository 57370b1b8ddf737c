//! `match`: patterns as CPython 3.12 compiles them (Python/compile.c, compiler_match). What patterns capture waits on the stack
//! until the whole pattern has matched; a pattern that fails takes off what lies there on its way out.

use ruff_python_ast as ast;
use ruff_python_ast::Pattern;

use super::assembler::Label;
use super::{Compiler, span};
use crate::bytecode::{Comparison, Constant, Instruction};
use crate::source::Span;

/// Where compiling a pattern stands.
#[derive(Default)]
struct State {
    /// Names captured, the one on top of the stack first; their values lie below `on_top` others.
    stores: Vec<String>,
    /// Labels for failing with so many values to take off.
    fail: Vec<Label>,
    /// Values above the captured ones that are still to be looked at.
    on_top: usize,
}

impl<'a> Compiler<'a> {
    pub(super) fn match_statement(&mut self, statement: &'a ast::StmtMatch) {
        let end = self.unit.assembler.label();
        self.expression(&statement.subject);
        let count = statement.cases.len();
        let default = statement
            .cases
            .last()
            .filter(|last| count > 1 && is_bare_wildcard(&last.pattern));
        let tested = count - usize::from(default.is_some());
        for (at, case) in statement.cases[..tested].iter().enumerate() {
            let place = span(&case.pattern);
            self.line(place);
            let last = at + 1 == tested;
            if !last {
                self.emit(place, Instruction::Copy(1));
            }
            let mut state = State::default();
            self.pattern(&case.pattern, &mut state);
            for name in &state.stores {
                self.store_name(place, name);
            }
            if let Some(guard) = &case.guard {
                let fail = self.fail_label(&mut state, 0);
                self.test(span(&**guard), guard, fail, false);
            }
            if !last {
                self.emit(place, Instruction::Pop);
            }
            self.body(&case.body);
            self.jump(place, Instruction::Jump(0), end);
            self.emit_fail(place, &mut state);
        }
        if let Some(case) = default {
            let place = span(&case.pattern);
            self.line(place);
            self.emit(place, Instruction::Nop);
            if let Some(guard) = &case.guard {
                self.test(span(&**guard), guard, end, false);
            }
            self.body(&case.body);
        }
        self.unit.assembler.bind(end);
    }

    /// Tests the top of the stack and takes it off.
    fn pattern(&mut self, pattern: &'a Pattern, state: &mut State) {
        let place = span(pattern);
        match pattern {
            Pattern::MatchValue(p) => {
                self.expression(&p.value);
                self.emit(place, Instruction::Compare(Comparison::Equal));
                self.fail_unless(place, state);
            }
            Pattern::MatchSingleton(p) => {
                let constant = match p.value {
                    ast::Singleton::None => Constant::None,
                    ast::Singleton::True => Constant::Bool(true),
                    ast::Singleton::False => Constant::Bool(false),
                };
                self.load_constant(place, constant);
                self.emit(place, Instruction::Is(false));
                self.fail_unless(place, state);
            }
            Pattern::MatchSequence(p) => self.sequence_pattern(p, state),
            Pattern::MatchMapping(p) => self.mapping_pattern(p, state),
            Pattern::MatchClass(p) => self.class_pattern(p, state),
            Pattern::MatchStar(p) => self.capture(place, p.name.as_deref(), state),
            Pattern::MatchAs(p) => match &p.pattern {
                None => self.capture(place, p.name.as_deref(), state),
                Some(inner) => {
                    state.on_top += 1;
                    self.emit(place, Instruction::Copy(1));
                    self.pattern(inner, state);
                    state.on_top -= 1;
                    self.capture(place, p.name.as_deref(), state);
                }
            },
            Pattern::MatchOr(p) => self.or_pattern(p, state),
        }
    }

    /// Takes the top for a name, or for `_` away.
    fn capture(&mut self, place: Span, name: Option<&str>, state: &mut State) {
        let Some(name) = name else {
            self.emit(place, Instruction::Pop);
            return;
        };
        self.rotate(place, state.on_top + state.stores.len() + 1);
        state.stores.push(name.to_owned());
    }

    /// Moves the top below `count - 1` others.
    fn rotate(&mut self, place: Span, count: usize) {
        for n in (2..=count).rev() {
            self.emit(place, Instruction::Swap(n as u32));
        }
    }

    fn fail_label(&mut self, state: &mut State, depth: usize) -> Label {
        while state.fail.len() <= depth {
            state.fail.push(self.unit.assembler.label());
        }
        state.fail[depth]
    }

    fn leave_pattern(&mut self, place: Span, state: &mut State, jump: Instruction) {
        let label = self.fail_label(state, state.on_top + state.stores.len());
        self.jump(place, jump, label);
    }

    /// Fails if the top is not true.
    fn fail_unless(&mut self, place: Span, state: &mut State) {
        self.leave_pattern(place, state, Instruction::JumpIfFalse(0));
    }

    fn emit_fail(&mut self, place: Span, state: &mut State) {
        while state.fail.len() > 1 {
            let label = state.fail.pop().expect("there is one");
            self.unit.assembler.bind(label);
            self.emit(place, Instruction::Pop);
        }
        if let Some(label) = state.fail.pop() {
            self.unit.assembler.bind(label);
        }
    }

    fn check_length(&mut self, place: Span, length: usize, how: Comparison, state: &mut State) {
        self.emit(place, Instruction::GetLength);
        self.load_constant(place, Constant::Int(length as i64));
        self.emit(place, Instruction::Compare(how));
        self.fail_unless(place, state);
    }

    fn sequence_pattern(&mut self, p: &'a ast::PatternMatchSequence, state: &mut State) {
        let place = span(p);
        let star = p.patterns.iter().position(Pattern::is_match_star);
        let size = p.patterns.len();
        state.on_top += 1;
        self.emit(place, Instruction::MatchSequence);
        self.fail_unless(place, state);
        match star {
            None => self.check_length(place, size, Comparison::Equal, state),
            Some(_) if size > 1 => {
                self.check_length(place, size - 1, Comparison::GreaterEqual, state);
            }
            Some(_) => {}
        }
        state.on_top -= 1;
        if size == 0 || p.patterns.iter().all(is_bare_wildcard) {
            self.emit(place, Instruction::Pop);
            return;
        }
        self.emit(
            place,
            match star {
                Some(at) => Instruction::UnpackStar {
                    before: at as u16,
                    after: (size - at - 1) as u16,
                },
                None => Instruction::UnpackSequence(size as u32),
            },
        );
        self.parts(p.patterns.iter(), size, state);
    }

    /// Patterns for so many values on top of the stack.
    fn parts(
        &mut self,
        patterns: impl Iterator<Item = &'a Pattern>,
        size: usize,
        state: &mut State,
    ) {
        state.on_top += size;
        for pattern in patterns {
            state.on_top -= 1;
            self.pattern(pattern, state);
        }
    }

    fn mapping_pattern(&mut self, p: &'a ast::PatternMatchMapping, state: &mut State) {
        let place = span(p);
        let size = p.keys.len();
        state.on_top += 1;
        self.emit(place, Instruction::MatchMapping);
        self.fail_unless(place, state);
        if size == 0 && p.rest.is_none() {
            state.on_top -= 1;
            self.emit(place, Instruction::Pop);
            return;
        }
        if size > 0 {
            self.check_length(place, size, Comparison::GreaterEqual, state);
        }
        for key in &p.keys {
            self.expression(key);
        }
        self.emit(place, Instruction::BuildTuple(size as u32));
        self.emit(place, Instruction::MatchKeys);
        state.on_top += 1;
        self.unpack_found(place, size, state);
        self.parts(p.patterns.iter(), size, state);
        state.on_top -= 2;
        match &p.rest {
            Some(rest) => {
                self.emit(place, Instruction::MatchRest);
                self.capture(place, Some(rest.as_str()), state);
            }
            None => {
                self.emit(place, Instruction::Pop);
                self.emit(place, Instruction::Pop);
            }
        }
    }

    /// Fails if the top is None, otherwise unpacks it; it is counted in `on_top`, and not any more after that.
    fn unpack_found(&mut self, place: Span, size: usize, state: &mut State) {
        self.emit(place, Instruction::Copy(1));
        self.load_none(place);
        self.emit(place, Instruction::Is(true));
        state.on_top += 1;
        self.fail_unless(place, state);
        state.on_top -= 1;
        self.emit(place, Instruction::UnpackSequence(size as u32));
    }

    fn class_pattern(&mut self, p: &'a ast::PatternMatchClass, state: &mut State) {
        let place = span(p);
        let positional = &p.arguments.patterns;
        let keywords = &p.arguments.keywords;
        self.expression(&p.cls);
        for keyword in keywords {
            self.load_constant(place, Constant::Str(keyword.attr.to_string()));
        }
        self.emit(place, Instruction::BuildTuple(keywords.len() as u32));
        self.emit(place, Instruction::MatchClass(positional.len() as u32));
        let size = positional.len() + keywords.len();
        self.unpack_found(place, size, state);
        let patterns = positional.iter().chain(keywords.iter().map(|k| &k.pattern));
        self.parts(patterns, size, state);
    }

    fn or_pattern(&mut self, p: &'a ast::PatternMatchOr, state: &mut State) {
        let place = span(p);
        let end = self.unit.assembler.label();
        let mut control: Vec<String> = Vec::new();
        for (at, alternative) in p.patterns.iter().enumerate() {
            let mut inner = State::default();
            self.emit(place, Instruction::Copy(1));
            self.pattern(alternative, &mut inner);
            if at == 0 {
                control = inner.stores.clone();
            } else {
                self.reorder(place, &control, &mut inner.stores);
            }
            self.jump(place, Instruction::Jump(0), end);
            self.emit_fail(place, &mut inner);
        }
        self.emit(place, Instruction::Pop);
        self.leave_pattern(place, state, Instruction::Jump(0));
        self.unit.assembler.bind(end);
        // The captured values move below the subject and what else is on top.
        let count = control.len() + 1 + state.on_top + state.stores.len();
        for name in control {
            self.rotate(place, count);
            state.stores.push(name);
        }
        self.emit(place, Instruction::Pop);
    }

    /// Brings captured values into the order of the first alternative.
    fn reorder(&mut self, place: Span, control: &[String], stores: &mut Vec<String>) {
        for at in (0..control.len()).rev() {
            let Some(found) = stores.iter().position(|name| *name == control[at]) else {
                continue;
            };
            if found < at {
                let turned: Vec<String> = stores.drain(..=found).collect();
                for (offset, name) in turned.into_iter().enumerate() {
                    stores.insert(at - found + offset, name);
                }
                for _ in 0..=found {
                    self.rotate(place, at + 1);
                }
            }
        }
    }
}

/// `_` without a name or anything else.
fn is_bare_wildcard(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::MatchAs(p) => p.pattern.is_none() && p.name.is_none(),
        Pattern::MatchStar(p) => p.name.is_none(),
        _ => false,
    }
}
