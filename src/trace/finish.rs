//! The end of a recording: which variables are shared, which accesses stay, and the buffer.

use super::event::*;
use super::figures::Meter;
use super::format::*;
use super::reader::Trace;
use super::recorder::{Recorder, Summary};
use super::run::Run;
use super::state::State;
use super::text::float_text;
use crate::findings::{self, Report};

impl Recorder {
    /// For each variable so far: whether it is shared.
    pub fn shared(&self) -> Vec<bool> {
        shared_locations(&self.events, self.locations.len())
    }

    /// The steps that events will be in the finished trace, by how many were recorded until then.
    pub fn steps(&self, recorded: &[u32]) -> Vec<u32> {
        let shared = self.shared();
        let mut kept = vec![0];
        for event in &self.events {
            let last = kept[kept.len() - 1];
            kept.push(last + u32::from(stays(event, &self.locations, &shared)));
        }
        let step = |&count: &u32| kept.get(count as usize).copied().unwrap_or(0);
        recorded.iter().map(step).collect()
    }
}

/// Turns a recording into a trace. Variables of which it is known otherwise that they are shared can be named.
pub fn finish(mut recorder: Recorder, summary: Summary, known: &[bool]) -> Trace {
    let mut shared = recorder.shared();
    for (shared, known) in shared.iter_mut().zip(known) {
        *shared |= known;
    }
    keep_shared(&mut recorder, &shared);
    for event in &mut recorder.events {
        if event.tag == Tag::Float {
            event.tag = Tag::Text;
            event.value = recorder
                .strings
                .intern(&float_text(f64::from_bits(event.value)))
                .into();
        }
    }
    analyse(encode(recorder, summary, &shared))
}

/// Who used a variable since the first task was spawned.
#[derive(Clone, Copy)]
struct Use {
    first: TaskId,
    several: bool,
    written: bool,
}

/// For each variable: whether two tasks used it, after the first task was spawned, and one of them wrote it.
fn shared_locations(events: &[Event], count: usize) -> Vec<bool> {
    let mut uses = vec![
        Use {
            first: NO_TASK,
            several: false,
            written: false
        };
        count
    ];
    let start = events
        .iter()
        .position(|event| event.kind == Kind::Spawn)
        .unwrap_or(events.len());
    for event in &events[start..] {
        if !matches!(event.kind, Kind::Read | Kind::Write) {
            continue;
        }
        if let Some(access) = uses.get_mut(event.a as usize) {
            if access.first == NO_TASK {
                access.first = event.task;
            }
            access.several |= access.first != event.task;
            access.written |= event.kind == Kind::Write;
        }
    }
    uses.iter()
        .map(|access| access.several && access.written)
        .collect()
}

/// Drops the accesses nobody needs to see, and points each write at the new number of the read it came from.
/// Writes of a program's own globals stay: they are its variables even if one task alone uses them.
fn keep_shared(recorder: &mut Recorder, shared: &[bool]) {
    let locations = &recorder.locations;
    let mut steps = vec![0; recorder.events.len() + 1];
    let (mut old, mut new) = (0, 0);
    let mut coarse_from = recorder.coarse_from;
    recorder.events.retain_mut(|event| {
        old += 1;
        let keep = stays(event, locations, shared);
        if old as u32 == recorder.coarse_from {
            coarse_from = new + 1;
        }
        if keep {
            new += 1;
            steps[old] = new;
            if event.kind == Kind::Write {
                event.b = if (event.b as usize) < old {
                    steps[event.b as usize]
                } else {
                    0
                };
            }
        }
        keep
    });
    recorder.coarse_from = coarse_from.min(new);
}

/// Whether somebody needs to see this event.
fn stays(event: &Event, locations: &[(LocationKind, StringId)], shared: &[bool]) -> bool {
    let is_shared = || shared.get(event.a as usize).copied().unwrap_or(false);
    let is_global = || {
        let of = locations.get(event.a as usize);
        of.is_some_and(|of| of.0 == LocationKind::Global)
    };
    match event.kind {
        Kind::Read => is_shared(),
        Kind::Write => is_shared() || is_global(),
        _ => true,
    }
}

/// Writes all sections but those of the analysis.
fn encode(mut recorder: Recorder, summary: Summary, shared: &[bool]) -> Trace {
    let run = Run {
        outcome: summary.outcome,
        message: recorder.strings.intern(&summary.message),
        file: recorder.strings.intern(&summary.file),
        title: recorder.strings.intern(&summary.title),
        runtime: recorder.strings.intern(&summary.runtime),
        python: recorder.strings.intern(&summary.python),
        schedule: recorder.strings.intern(&summary.schedule),
        gil: summary.gil,
        cores: summary.cores,
        seed: summary.seed,
        switch_interval: summary.switch_interval,
        quantum: summary.quantum,
        cost_instruction: summary.cost_instruction,
        cost_switch: summary.cost_switch,
        time: summary.time,
        instructions: summary.instructions,
        switches: 0,
        coarse_from: recorder.coarse_from,
        found: [0; FindingKind::ALL.len()],
    };
    let (text, ends) = recorder.strings.parts();
    let small = text.len() + ends.len() * 4 + summary.source.len() + recorder.stdout.len();
    let mut writer = Writer::new(recorder.events.len() * EVENT + recorder.tasks.len() * 96 + small);
    writer.section(Section::Events, |bytes| {
        for event in &recorder.events {
            bytes.extend_from_slice(&event_bytes(event));
        }
    });
    // The largest part, and the analysis needs room.
    recorder.events = Vec::new();
    writer.section(Section::Run, |bytes| put_u64(bytes, &run.encode()));
    let (text, ends) = recorder.strings.parts();
    writer.section(Section::StringEnds, |bytes| put_u32(bytes, ends));
    writer.section(Section::StringText, |bytes| {
        bytes.extend_from_slice(text.as_bytes())
    });
    writer.section(Section::Tasks, |bytes| {
        for task in &recorder.tasks {
            put_u32(
                bytes,
                &[
                    task.kind as u32,
                    task.name,
                    task.label,
                    task.parent,
                    task.host,
                ],
            );
        }
    });
    writer.section(Section::Things, |bytes| {
        for &(kind, name) in &recorder.things {
            put_u32(bytes, &[kind as u32, name]);
        }
    });
    writer.section(Section::Locations, |bytes| {
        for (&(kind, name), &shared) in recorder.locations.iter().zip(shared) {
            put_u32(bytes, &[kind as u32 | u32::from(shared) << 8, name]);
        }
    });
    writer.section(Section::Marks, |bytes| {
        for mark in &summary.marks {
            put_u32(bytes, &[mark.line, mark.kind as u32]);
        }
    });
    writer.section(Section::Stdout, |bytes| {
        bytes.extend_from_slice(&recorder.stdout)
    });
    writer.section(Section::Stderr, |bytes| {
        bytes.extend_from_slice(&recorder.stderr)
    });
    writer.section(Section::Source, |bytes| {
        bytes.extend_from_slice(summary.source.as_bytes())
    });
    Trace::trusted(writer.bytes)
}

/// Folds all events once: for the tasks' figures and for the findings.
fn analyse(trace: Trace) -> Trace {
    let mut state = State::start(&trace);
    let mut meter = Meter::new(trace.task_count());
    let mut detectors = findings::detectors();
    let mut report = Report::default();
    for step in 1..=trace.len() {
        let event = trace.event(step);
        meter.see(&state, &event);
        for detector in &mut detectors {
            detector.see(&trace, &state, step, &event, &mut report);
        }
        state.apply(&event);
    }
    for detector in &mut detectors {
        detector.end(&trace, &state, &mut report);
    }
    let time = trace.run().time;
    let (figures, switches) = meter.finish(&state, time);
    let run = Run {
        switches,
        found: report.found,
        ..*trace.run()
    };
    let stale = std::mem::take(&mut report.stale_writes);
    let places = (trace.place(Section::Events), trace.place(Section::Run));
    let mut bytes = trace.into_bytes();
    for step in stale {
        bytes[places.0 + (step as usize - 1) * EVENT + EVENT_FLAGS] |= FLAG_STALE;
    }
    let mut numbers = Vec::with_capacity(RUN_WORDS * 8);
    put_u64(&mut numbers, &run.encode());
    bytes[places.1..places.1 + numbers.len()].copy_from_slice(&numbers);
    let mut writer = Writer::resume(bytes);
    writer.section(Section::Figures, |bytes| {
        figures.iter().for_each(|figures| figures.encode(bytes))
    });
    findings::write(report.findings(), &mut writer);
    Trace::trusted(writer.bytes)
}
