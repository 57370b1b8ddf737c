//! Findings as records of the trace.

use super::Finding;
use crate::narration::{Message, Part};
use crate::trace::format::{Section, Writer, put_u32, u32_at};
use crate::trace::{FindingKind, Trace};

/// Stands for "none" where a number is expected.
const NONE: u32 = u32::MAX;

/// Appends the three sections.
pub fn write(findings: Vec<Finding>, writer: &mut Writer) {
    let (mut steps, mut parts) = (0, 0);
    writer.section(Section::Findings, |bytes| {
        for finding in &findings {
            let (step_count, part_count) = (
                finding.steps.len() as u32,
                finding.message.parts.len() as u32,
            );
            let kind = finding.kind as u32;
            let (location, thing) = (
                finding.location.unwrap_or(NONE),
                finding.thing.unwrap_or(NONE),
            );
            put_u32(
                bytes,
                &[
                    kind, location, thing, steps, step_count, parts, part_count, 0,
                ],
            );
            steps += step_count;
            parts += part_count;
        }
    });
    writer.section(Section::FindingSteps, |bytes| {
        for finding in &findings {
            put_u32(bytes, &finding.steps);
        }
    });
    writer.section(Section::FindingParts, |bytes| {
        for part in findings.iter().flat_map(|finding| &finding.message.parts) {
            bytes.extend_from_slice(&part.encode());
        }
    });
}

/// The findings of a trace.
pub fn read(trace: &Trace) -> Vec<Finding> {
    (0..trace.count(Section::Findings))
        .filter_map(|index| finding(trace, index))
        .collect()
}

/// Whether every record can be read.
pub fn are_whole(trace: &Trace) -> bool {
    (0..trace.count(Section::Findings)).all(|index| finding(trace, index).is_some())
}

fn finding(trace: &Trace, index: u32) -> Option<Finding> {
    let record = trace.record(Section::Findings, index)?;
    let word = |i: usize| u32_at(record, i * 4);
    let some = |i: usize| Some(word(i)).filter(|&id| id != NONE);
    let slice = |section: Section, i: usize, size: usize| {
        let start = word(i) as usize * size;
        trace
            .section(section)
            .get(start..start.checked_add(word(i + 1) as usize * size)?)
    };
    let steps: Vec<u32> = slice(Section::FindingSteps, 3, 4)?
        .chunks_exact(4)
        .map(|step| u32_at(step, 0))
        .collect();
    let parts: Option<Vec<Part>> = slice(Section::FindingParts, 5, 16)?
        .chunks_exact(16)
        .map(Part::decode)
        .collect();
    if steps.iter().any(|step| !(1..=trace.len()).contains(step)) {
        return None;
    }
    Some(Finding {
        kind: FindingKind::from_byte(u8::try_from(word(0)).ok()?)?,
        location: some(1),
        thing: some(2),
        steps,
        message: Message { parts: parts? },
    })
}
