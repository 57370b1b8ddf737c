//! States kept along the trace, so that any step is only a short fold away. They are made when first passed.

use super::reader::Trace;
use super::state::State;

/// Steps between key frames; more where there are more tasks, so that copies cost no more than the fold itself.
const INTERVAL: u32 = 2048;

/// The key frames of one trace, in order, and the state asked for last.
#[derive(Default)]
pub struct KeyFrames {
    frames: Vec<State>,
    recent: Option<State>,
}

impl KeyFrames {
    /// The state after a step.
    pub fn state_at(&mut self, trace: &Trace, step: u32) -> State {
        let step = step.min(trace.len());
        if self.frames.is_empty() {
            self.frames.push(State::start(trace));
        }
        let interval = INTERVAL.max(trace.task_count());
        let place = self.frames.partition_point(|frame| frame.step <= step) - 1;
        let mut state = match &self.recent {
            // Only on the way through known ground: a gap in the key frames would never be filled.
            Some(recent)
                if recent.step <= step
                    && recent.step >= self.frames[place].step
                    && step - self.frames[place].step < interval =>
            {
                recent.clone()
            }
            _ => self.frames[place].clone(),
        };
        while state.step < step {
            state.apply(&trace.event(state.step + 1));
            if state.step.is_multiple_of(interval)
                && self
                    .frames
                    .last()
                    .is_some_and(|last| last.step < state.step)
            {
                self.frames.push(state.clone());
            }
        }
        self.recent = Some(state.clone());
        state
    }
}
