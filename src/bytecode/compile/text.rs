//! f-strings.

use ruff_python_ast as ast;
use ruff_python_ast::{ConversionFlag, FStringPart, InterpolatedStringElement};

use super::{Compiler, span};
use crate::bytecode::{Constant, Conversion, Instruction};
use crate::source::Span;

/// The pieces of an f-string on the stack so far, and text that still waits for more text.
#[derive(Default)]
struct Pieces {
    count: u32,
    text: String,
}

impl<'a> Compiler<'a> {
    pub(super) fn fstring(&mut self, e: &'a ast::ExprFString, place: Span) {
        let mut pieces = Pieces::default();
        for part in e.value.iter() {
            match part {
                FStringPart::Literal(literal) => pieces.text.push_str(&literal.value),
                FStringPart::FString(inner) => {
                    for element in &inner.elements {
                        self.element(element, place, &mut pieces);
                    }
                }
            }
        }
        self.join(place, pieces);
    }

    fn join(&mut self, place: Span, mut pieces: Pieces) {
        if pieces.count == 0 {
            self.load_constant(place, Constant::Str(pieces.text));
            return;
        }
        self.flush(place, &mut pieces);
        if pieces.count > 1 {
            self.emit(place, Instruction::BuildString(pieces.count));
        }
    }

    fn flush(&mut self, place: Span, pieces: &mut Pieces) {
        if !pieces.text.is_empty() {
            let text = std::mem::take(&mut pieces.text);
            self.load_constant(place, Constant::Str(text));
            pieces.count += 1;
        }
    }

    fn element(
        &mut self,
        element: &'a InterpolatedStringElement,
        place: Span,
        pieces: &mut Pieces,
    ) {
        let part = match element {
            InterpolatedStringElement::Literal(literal) => {
                pieces.text.push_str(&literal.value);
                return;
            }
            InterpolatedStringElement::Interpolation(part) => part,
        };
        if let Some(debug) = &part.debug_text {
            pieces.text.push_str(debug.as_str());
        }
        self.flush(place, pieces);
        self.expression(&part.expression);
        // `{x=}` shows the representation unless it says otherwise.
        let debug = part.debug_text.is_some() && part.format_spec.is_none();
        let conversion = match part.conversion {
            ConversionFlag::None if debug => Conversion::Repr,
            ConversionFlag::None => Conversion::None,
            ConversionFlag::Str => Conversion::Str,
            ConversionFlag::Ascii => Conversion::Ascii,
            ConversionFlag::Repr => Conversion::Repr,
        };
        if let Some(format) = &part.format_spec {
            let mut inner = Pieces::default();
            for element in &format.elements {
                self.element(element, place, &mut inner);
            }
            self.join(place, inner);
        }
        let spec = part.format_spec.is_some();
        self.emit_within(place, span(part), Instruction::Format { conversion, spec });
        pieces.count += 1;
    }
}
