//! The patterns of `match`: names they bind, and what CPython's compiler refuses (3.12, Python/compile.c).

use ruff_python_ast as ast;
use ruff_python_ast::Pattern;

use super::collect::{Collector, span};
use crate::source::Span;

impl Collector<'_> {
    pub(super) fn cases(&mut self, cases: &[ast::MatchCase]) {
        for (at, case) in cases.iter().enumerate() {
            let last = at + 1 == cases.len();
            if !last && case.guard.is_none() {
                self.unreachable_after(&case.pattern);
            }
            let mut names = Vec::new();
            self.pattern(&case.pattern, &mut names);
            if let Some(guard) = &case.guard {
                self.expression(guard);
            }
            self.body(&case.body);
        }
    }

    fn unreachable_after(&mut self, pattern: &Pattern) {
        let Some(found) = pattern.irrefutable_pattern() else {
            return;
        };
        let message = match &found.kind {
            ast::IrrefutablePatternKind::Name(name) => {
                format!("name capture '{name}' makes remaining patterns unreachable")
            }
            ast::IrrefutablePatternKind::Wildcard => {
                "wildcard makes remaining patterns unreachable".to_owned()
            }
        };
        let place = Span::new(found.range.start().to_u32(), found.range.end().to_u32());
        self.error(place, message);
    }

    /// `names`: what the whole pattern has bound so far.
    fn pattern(&mut self, pattern: &Pattern, names: &mut Vec<String>) {
        match pattern {
            Pattern::MatchValue(p) => self.expression(&p.value),
            Pattern::MatchSingleton(_) => {}
            Pattern::MatchSequence(p) => {
                for inner in &p.patterns {
                    self.pattern(inner, names);
                }
            }
            Pattern::MatchMapping(p) => {
                for key in &p.keys {
                    self.expression(key);
                }
                for inner in &p.patterns {
                    self.pattern(inner, names);
                }
                if let Some(rest) = &p.rest {
                    self.capture(rest, names);
                }
            }
            Pattern::MatchClass(p) => {
                self.expression(&p.cls);
                for inner in &p.arguments.patterns {
                    self.pattern(inner, names);
                }
                let mut seen: Vec<&str> = Vec::new();
                for keyword in &p.arguments.keywords {
                    if seen.contains(&keyword.attr.as_str()) {
                        let message =
                            format!("attribute name repeated in class pattern: {}", keyword.attr);
                        self.error(span(&keyword.attr), message);
                    }
                    seen.push(&keyword.attr);
                    self.pattern(&keyword.pattern, names);
                }
            }
            Pattern::MatchStar(p) => {
                if let Some(name) = &p.name {
                    self.capture(name, names);
                }
            }
            Pattern::MatchAs(p) => {
                if let Some(inner) = &p.pattern {
                    self.pattern(inner, names);
                }
                if let Some(name) = &p.name {
                    self.capture(name, names);
                }
            }
            Pattern::MatchOr(p) => self.alternatives(p, names),
        }
    }

    fn alternatives(&mut self, p: &ast::PatternMatchOr, names: &mut Vec<String>) {
        let before = names.len();
        let mut first: Option<Vec<String>> = None;
        for (at, alternative) in p.patterns.iter().enumerate() {
            if at + 1 < p.patterns.len() {
                self.unreachable_after(alternative);
            }
            let mut inner = names[..before].to_vec();
            self.pattern(alternative, &mut inner);
            let mut bound = inner.split_off(before);
            bound.sort();
            match &first {
                None => {
                    names.extend(bound.iter().cloned());
                    first = Some(bound);
                }
                Some(first) if *first != bound => {
                    self.error(span(p), "alternative patterns bind different names");
                    return;
                }
                Some(_) => {}
            }
        }
    }

    fn capture(&mut self, name: &ast::Identifier, names: &mut Vec<String>) {
        if names.iter().any(|n| n == name.as_str()) {
            let message = format!("multiple assignments to name '{name}' in pattern");
            self.error(span(name), message);
        }
        names.push(name.to_string());
        self.bind(name, span(name));
    }
}
