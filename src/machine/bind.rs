//! Arguments to parameters.

use super::call::Arguments;
use super::object::Object;
use super::value::Value;
use super::{Context, Outcome, types};

impl Context<'_> {
    /// Arguments to slots, with defaults, `*args`, keywords. CPython 3.12, Python/ceval.c, initialize_locals.
    pub(super) fn bind(
        &mut self,
        function: Value,
        linked: &super::program::Linked,
        arguments: Arguments,
    ) -> Outcome<Vec<Value>> {
        let p = linked.code.parameters;
        let positional_only = p.positional_only as usize;
        let positional = positional_only + p.positional as usize;
        let named = positional + p.keyword_only as usize;
        let total = named + p.star as usize + p.double_star as usize;
        let mut slots = vec![Value::NULL; total];
        let given = arguments.values.len() - arguments.names.len();
        let mut values = arguments.values.into_iter();
        let mut extra: Vec<Value> = Vec::new();
        for (slot, value) in slots
            .iter_mut()
            .zip(values.by_ref().take(given.min(positional)))
        {
            *slot = value;
        }
        extra.extend(values.by_ref().take(given.saturating_sub(positional)));
        let too_many = !p.star && !extra.is_empty();
        if p.star {
            slots[named] = self.machine.heap.tuple(std::mem::take(&mut extra));
        }
        let mut rest = p
            .double_star
            .then(|| self.machine.heap.add(Object::Dict(Box::default())));
        let mut problem: Option<String> = None;
        let names = &arguments.names;
        for &name in names {
            let value = values.next().unwrap_or(Value::NULL);
            let place = linked.slots[..named].iter().position(|s| *s == name);
            match place {
                Some(at) if at >= positional_only => {
                    if slots[at].is_null() {
                        slots[at] = value;
                        continue;
                    }
                    problem.get_or_insert_with(|| {
                        format!(
                            "got multiple values for argument '{}'",
                            self.machine.text(name)
                        )
                    });
                    extra.push(value);
                }
                _ => match rest {
                    Some(dict) => {
                        let text = self.machine.text(name).to_owned();
                        let key = self.machine.heap.str(&text);
                        self.dict_set(dict, key, value)?;
                        self.machine.heap.release(key);
                        self.machine.heap.release(value);
                    }
                    None => {
                        let text = self.machine.text(name);
                        let wrong: Vec<&str> = (linked.slots[..positional_only].iter())
                            .filter(|slot| names.contains(slot))
                            .map(|slot| self.machine.text(*slot))
                            .collect();
                        problem.get_or_insert_with(|| match &wrong[..] {
                            [] => format!("got an unexpected keyword argument '{text}'"),
                            _ => {
                                let what = "positional-only arguments passed as keyword arguments";
                                format!("got some {what}: '{}'", wrong.join(", "))
                            }
                        });
                        extra.push(value);
                    }
                },
            }
        }
        if let Some(dict) = rest.take() {
            slots[total - 1] = dict;
        }
        let (defaults, keyword_defaults) = match self.machine.heap.object(function) {
            Some(Object::Function(f)) => (f.defaults, f.keyword_defaults),
            _ => (Value::NULL, Value::NULL),
        };
        let defaults: Vec<Value> = match self.machine.heap.object(defaults) {
            Some(Object::Tuple(items)) => items.to_vec(),
            _ => Vec::new(),
        };
        if too_many && problem.is_none() {
            problem = Some(too_many_text(
                positional,
                defaults.len(),
                given,
                slots[positional..named]
                    .iter()
                    .filter(|v| v.given().is_some())
                    .count(),
            ));
        }
        let first_default = positional - defaults.len().min(positional);
        for at in given.min(positional)..positional {
            if slots[at].is_null() && at >= first_default {
                slots[at] = self.machine.heap.retain(defaults[at - first_default]);
            }
        }
        for (slot, name) in slots[positional..named]
            .iter_mut()
            .zip(&linked.slots[positional..named])
        {
            if slot.is_null() && keyword_defaults.given().is_some() {
                let text = self.machine.text(*name).to_owned();
                if let Some(found) = self.dict_get_str(keyword_defaults, &text) {
                    *slot = self.machine.heap.retain(found);
                }
            }
        }
        for (range, kind) in [
            (0..positional, "positional"),
            (positional..named, "keyword-only"),
        ] {
            if problem.is_none() {
                let open = range.filter(|&at| slots[at].is_null());
                let open = open.map(|at| self.name(linked.slots[at])).collect();
                problem = missing_text(open, kind);
            }
        }
        if let Some(text) = &mut problem {
            let in_c = self.wrong_in_c(linked, &slots[..named], defaults.len(), given, names);
            *text = match in_c {
                Some(in_c) => in_c,
                None => [&*self.machine.qualified_name(function), "() ", &**text].concat(),
            };
        }
        if let Some(text) = problem.filter(|text| !text.is_empty()) {
            self.machine.heap.release_all(slots);
            self.machine.heap.release_all(extra);
            return self.error(types::TYPE_ERROR, &text);
        }
        self.machine.heap.release_all(extra);
        Ok(slots)
    }
}

/// What is said of parameters that got nothing; None if there are none.
pub(super) fn missing_text(missing: Vec<&str>, kind: &str) -> Option<String> {
    let quoted: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
    let (list, s) = match &quoted[..] {
        [] => return None,
        [one] => (one.clone(), ""),
        [_, _] => (quoted.join(" and "), "s"),
        [first @ .., last] => (format!("{}, and {last}", first.join(", ")), "s"),
    };
    let count = quoted.len();
    Some(format!(
        "missing {count} required {kind} argument{s}: {list}"
    ))
}

pub(super) fn too_many_text(
    positional: usize,
    defaults: usize,
    given: usize,
    named: usize,
) -> String {
    let takes = if defaults > 0 {
        format!("from {} to {positional}", positional - defaults)
    } else {
        positional.to_string()
    };
    let s = if positional == 1 && defaults == 0 {
        ""
    } else {
        "s"
    };
    let was = if given == 1 { "was" } else { "were" };
    if named > 0 {
        let gs = if given == 1 { "" } else { "s" };
        let ns = if named == 1 { "" } else { "s" };
        return format!(
            "takes {takes} positional argument{s} but {given} positional argument{gs} (and {named} keyword-only argument{ns}) were given"
        );
    }
    format!("takes {takes} positional argument{s} but {given} {was} given")
}
