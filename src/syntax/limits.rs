//! How deep a program may be nested, found on its tokens.
//!
//! The parser, the walk over the tree, the compiler and the release of the tree all call themselves for what is nested,
//! on a stack of one megabyte in a browser. So what is nested too deeply is rejected before the parser sees it. The count
//! follows the grammar: operators wait for their right operand as in a parser that reduces them by precedence.

use super::scan::{Kind, Token};
use crate::source::{Diagnostic, Source, Span};

/// CPython's limit on brackets inside each other.
const MOST_BRACKETS: usize = 200;
/// And on levels of indentation.
const MOST_INDENTATIONS: usize = 100;
/// Operators in one chain, such as `a + b + c` or `a.b().c()`.
const MOST_IN_CHAIN: u32 = 5_000;
/// Brackets, blocks and operators in front of their operand, all inside each other.
const MOST_NESTED: usize = 200;

/// The stack that the parser may use, in hundreds of bytes, and what it uses for each kind of nesting: measured in wasm
/// before the browser has optimised it. Half of the smallest stack that V8 grants.
mod cost {
    pub const MOST: usize = 4_800;
    pub const BLOCK: usize = 13;
    pub const BRACKET: usize = 22;
    /// A parenthesis right behind another.
    pub const PARENTHESIS: usize = 7;
    pub const CALL: usize = 27;
    pub const FIELDS: usize = 15;
    pub const OPERATOR: usize = 17;
    pub const YIELD: usize = 21;
    pub const STAR: usize = 24;
    pub const LAMBDA: usize = 8;
    pub const CONDITIONAL: usize = 5;
}

// How strongly operators bind.
const LAMBDA_PARAMETERS: u8 = 0;
const LOOSE: u8 = 1;
const IF: u8 = 2;
const WALRUS: u8 = 3;
const NOT: u8 = 6;
const COMPARE: u8 = 7;
const BIT_OR: u8 = 8;
const UNARY: u8 = 14;
const POWER: u8 = 15;
const AWAIT: u8 = 16;

/// An operator that waits for its right operand.
struct Waiting {
    strength: u8,
    /// How deep its left operand is.
    chain: u32,
    /// It nests: an operator in front of its operand, `**`, `lambda` or `else`.
    nests: bool,
    cost: usize,
}

/// What is between two brackets.
#[derive(Default)]
struct Level {
    waiting: Vec<Waiting>,
    /// How deep the operand read last is.
    chain: u32,
    /// The deepest so far.
    deepest: u32,
    has_operand: bool,
    /// `for` was seen: `if` is a filter.
    in_comprehension: bool,
    /// The bracket calls or indexes the operand before it.
    is_postfix: bool,
    /// The text of an f-string.
    is_fields: bool,
    cost: usize,
}

struct Limits<'a> {
    source: &'a Source,
    levels: Vec<Level>,
    cost: usize,
    nests: usize,
    indentations: Vec<usize>,
    colons: usize,
    longest: u32,
}

/// The longest chain of operators, unless the program is nested too deeply or a chain is too long.
pub(super) fn longest_chain(source: &Source, tokens: &[Token]) -> Result<u32, Diagnostic> {
    let mut limits = Limits {
        source,
        levels: vec![Level::default()],
        cost: 0,
        nests: 0,
        indentations: vec![0],
        colons: 0,
        longest: 0,
    };
    let mut first_in_line = true;
    let mut before = "";
    for token in tokens {
        if token.kind == Kind::Comment {
            continue;
        }
        let text = source.slice(token.span);
        if matches!(token.kind, Kind::Newline | Kind::Break) {
            first_in_line = true;
            if token.kind == Kind::Newline {
                limits.end_element(true);
                limits.problem(token.span)?;
                limits.reset();
            }
            continue;
        }
        if first_in_line {
            first_in_line = false;
            limits.indent(token.span);
        }
        limits.token(token.kind, text, before);
        before = text;
        limits.problem(token.span)?;
    }
    limits.end_element(true);
    if let Some(last) = tokens.last() {
        limits.problem(last.span)?;
    }
    Ok(limits.longest)
}

impl Limits<'_> {
    fn problem(&mut self, place: Span) -> Result<(), Diagnostic> {
        const PARTS: &str =
            "give inner parts a name on lines of their own; 200 levels are the limit";
        let level = self.level();
        let chain = level.chain.max(level.deepest);
        self.longest = self.longest.max(chain);
        let blocks = self.indentations.len() + self.colons;
        let levels = self.levels.len() + blocks;
        let (message, hint) = if self.indentations.len() > MOST_INDENTATIONS {
            (
                "too many levels of indentation",
                "move the inner blocks into functions of their own",
            )
        } else if self.levels.len() > MOST_BRACKETS + 1 {
            ("too many nested brackets", PARTS)
        } else if chain > MOST_IN_CHAIN {
            (
                "too many operators in one chain",
                "use a loop, `sum` or `join`; 5,000 operators are the limit",
            )
        } else if self.nests + levels > MOST_NESTED + 2
            || self.cost + blocks * cost::BLOCK > cost::MOST
        {
            ("the expression is nested too deeply", PARTS)
        } else {
            return Ok(());
        };
        Err(Diagnostic::error(place, message).hint(hint))
    }

    fn level(&mut self) -> &mut Level {
        self.levels.last_mut().expect("the outermost stays")
    }

    /// A new statement.
    fn reset(&mut self) {
        self.levels.truncate(1);
        self.levels[0] = Level::default();
        self.cost = 0;
        self.nests = 0;
        self.colons = 0;
    }

    /// The first token of a line. Inside brackets it counts too: after a mistake the parser takes such lines for statements.
    fn indent(&mut self, place: Span) {
        let before = &self.source.text().as_bytes()[..place.start as usize];
        let blank = before
            .iter()
            .rev()
            .take_while(|b| matches!(**b, b' ' | b'\t' | b'\x0c'));
        let column = blank.map(|b| if *b == b'\t' { 8 } else { 1 }).sum();
        while self.indentations.last().is_some_and(|last| *last > column) {
            self.indentations.pop();
        }
        if self.indentations.last() != Some(&column) {
            self.indentations.push(column);
        }
    }

    fn wait(&mut self, strength: u8, nests: bool, cost: usize) {
        self.cost += cost;
        self.nests += usize::from(nests);
        let level = self.level();
        let chain = std::mem::take(&mut level.chain);
        level.has_operand = false;
        level.waiting.push(Waiting {
            strength,
            chain,
            nests,
            cost,
        });
    }

    /// Operators at least so strong get what stands right of them.
    fn reduce(&mut self, strength: u8) {
        while let Some(last) = self.level().waiting.last() {
            if last.strength < strength {
                break;
            }
            self.reduce_one();
        }
    }

    fn reduce_one(&mut self) {
        let level = self.level();
        let Some(last) = level.waiting.pop() else {
            return;
        };
        level.chain = level.chain.max(last.chain) + 1;
        level.deepest = level.deepest.max(level.chain);
        self.cost -= last.cost;
        self.nests -= usize::from(last.nests);
    }

    /// An element ends. With `all`, so do the parameters of a lambda around it.
    fn end_element(&mut self, all: bool) {
        self.reduce(if all { 0 } else { LOOSE });
        let level = self.level();
        level.chain = 0;
        level.has_operand = false;
    }

    fn operand(&mut self) {
        let level = self.level();
        if !level.has_operand {
            level.chain = 0;
        }
        level.has_operand = true;
    }

    fn binary(&mut self, strength: u8) {
        // `**` waits: it binds to the right.
        self.reduce(if strength == POWER {
            POWER + 1
        } else {
            strength
        });
        self.wait(strength, strength == POWER, cost::OPERATOR);
    }

    fn open(&mut self, kind: Kind, text: &str, before: &str) {
        let is_postfix = self.level().has_operand && kind == Kind::Open;
        let in_fields = self.level().is_fields;
        let cost = match text {
            _ if kind == Kind::FieldsStart || in_fields => cost::FIELDS,
            "(" if is_postfix => cost::CALL,
            "(" if before == "(" => cost::PARENTHESIS,
            _ => cost::BRACKET,
        };
        self.cost += cost;
        self.levels.push(Level {
            is_postfix: is_postfix && !in_fields,
            is_fields: kind == Kind::FieldsStart,
            cost,
            ..Level::default()
        });
    }

    fn close(&mut self) {
        self.end_element(true);
        if self.levels.len() == 1 {
            return;
        }
        let inner = self.levels.pop().expect("there are two at least");
        self.cost -= inner.cost;
        let level = self.level();
        level.chain = if inner.is_postfix {
            level.chain.max(inner.deepest) + 1
        } else {
            level.chain.max(inner.deepest)
        };
        level.deepest = level.deepest.max(level.chain);
        level.has_operand = true;
    }

    fn token(&mut self, kind: Kind, text: &str, before: &str) {
        match kind {
            Kind::Name if before == "." => {}
            Kind::Name | Kind::Number | Kind::Text => self.operand(),
            Kind::FieldsStart | Kind::Open => self.open(kind, text, before),
            Kind::Close | Kind::FieldsEnd => self.close(),
            Kind::FieldsText => {}
            Kind::Comma => self.end_element(false),
            Kind::FormatColon => self.end_element(true),
            Kind::Semicolon => self.end_element(true),
            Kind::Colon => self.colon(),
            Kind::Keyword => self.keyword(text, before),
            Kind::Operator => self.operator(text),
            Kind::Comment | Kind::Newline | Kind::Break => {}
        }
    }

    fn colon(&mut self) {
        let level = self.level();
        if level
            .waiting
            .iter()
            .any(|w| w.strength == LAMBDA_PARAMETERS)
        {
            self.reduce(LOOSE);
            if let Some(last) = self.level().waiting.last_mut() {
                last.strength = LOOSE;
            }
            let level = self.level();
            level.chain = 0;
            level.has_operand = false;
            return;
        }
        self.end_element(true);
        // `if a: if b:` is an error that the parser still follows.
        if self.levels.len() == 1 {
            self.colons += 1;
        }
    }

    fn keyword(&mut self, text: &str, before: &str) {
        let has_operand = self.level().has_operand;
        match text {
            "None" | "True" | "False" => self.operand(),
            "or" => self.binary(4),
            "and" => self.binary(5),
            "is" => self.binary(COMPARE),
            "in" if has_operand => self.binary(COMPARE),
            "not" if has_operand => self.binary(COMPARE),
            "not" if before != "is" => self.wait(NOT, true, cost::OPERATOR),
            "await" => self.wait(AWAIT, true, cost::OPERATOR),
            "lambda" => self.wait(LAMBDA_PARAMETERS, true, cost::LAMBDA),
            "yield" => self.wait(LOOSE, true, cost::YIELD),
            "async" if !has_operand => self.wait(LOOSE, true, cost::OPERATOR),
            "if" if has_operand => {
                self.reduce(WALRUS);
                if !self.level().in_comprehension {
                    self.wait(IF, false, cost::CONDITIONAL);
                }
                self.level().has_operand = false;
            }
            "else" => {
                self.reduce(IF);
                self.wait(LOOSE, true, cost::CONDITIONAL);
            }
            "for" => {
                self.end_element(true);
                if self.levels.len() > 1 {
                    self.level().in_comprehension = true;
                }
            }
            "in" | "not" | "async" | "if" | "from" | "as" => {}
            // Words that begin a statement or separate its parts.
            _ if self.levels.len() == 1 => self.end_element(true),
            _ => {}
        }
    }

    fn operator(&mut self, text: &str) {
        let has_operand = self.level().has_operand;
        match text {
            "..." => self.operand(),
            "." => {
                let level = self.level();
                level.chain += 1;
                level.deepest = level.deepest.max(level.chain);
            }
            ":=" => self.binary(WALRUS),
            "==" | "!=" | "<" | ">" | "<=" | ">=" | "<>" => self.binary(COMPARE),
            "|" => self.binary(BIT_OR),
            "^" => self.binary(9),
            "&" => self.binary(10),
            "<<" | ">>" => self.binary(11),
            "+" | "-" if has_operand => self.binary(12),
            "*" | "/" | "//" | "%" | "@" if has_operand => self.binary(13),
            "**" if has_operand => self.binary(POWER),
            "+" | "-" | "~" => self.wait(UNARY, true, cost::OPERATOR),
            "*" | "**" => self.wait(BIT_OR, true, cost::STAR),
            _ => self.end_element(false),
        }
    }
}
