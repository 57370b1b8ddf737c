//! A schedule: the decisions of a run that differ from the rules, as a short text that can be pasted.
//!
//! ```text
//! 1                     version 1, no deviation: all by the rules
//! 1:1234>2              at the first preemption point after 1,234 executed instructions (of all threads together), switch to task 2
//! 1:c3=2                choice 3 of which ready thread a core takes: task 2
//! 1:g0=1                choice 0 of which waiting thread the release of the GIL wakes: task 1
//! 1:l7=4                choice 7 of which waiting thread the release of a lock wakes: task 4
//! 1:1234>2,2000>1,c3=2  several: preemptions by instruction, then choices by sort and number
//! ```
//!
//! Choices are numbered from 0 for each sort, counting only those with two options or more. Threads go by their number in
//! the trace. The same program, settings and schedule give the same run, to the byte.
//!
//! Version 2 is a run in turns, as the explorer finds them: one thread runs at a time, and nothing takes time but sleeping.
//!
//! ```text
//! 2                     each thread runs as long as it can, then the first that can
//! 2:12>1,15>2           at the first preemption point from 12 executed instructions on it is task 1's turn, from 15 on task 2's
//! 2:12>1,31>?           from 12 on it is task 1's turn, and at the first preemption point from 31 on the run stops: somebody chooses
//! ```
//!
//! In place of a task, `t1` says that an event loop takes timer 1 of those that are due (from 0, in its own order) into its next iteration,
//! and `t-` that it takes no other: the rest comes in a later one. `e1` and `e-` say so of timers that need not be due.
//!
//! Its entries are in the order of the turns; several at one number are turns in which nothing of the program was executed.
//!
//! `2:12>1,15>2/4>2?` is the run of `2:12>1,15>2`; beside it the page shows how it would have gone if at its choice 4 (from 0, counting
//! also those without an alternative) thread 2 had gone on. What a run does depends only on what comes before the slash.

use super::decider::Choice;

/// From here on an entry of turns is no task but the place of a timer that an event loop takes.
pub const PICK: u32 = 1 << 31;
/// The same before the timer is due: where sleeps end at any moment.
pub const EARLY: u32 = PICK | 1 << 30;
/// In place of a timer: the loop takes no other one.
pub const HOLD: u32 = 0xFFFF;

/// What comes after it is about another run.
pub const BESIDE: char = '/';

/// One decision that differs from the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deviation {
    /// At the first preemption point from instruction `at` on, switch to `task`.
    Preempt { at: u64, task: u32 },
    /// Take `task` at this choice.
    Choose {
        choice: Choice,
        number: u64,
        task: u32,
    },
}

/// All deviations of a run; in order, and for each place one at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    preemptions: Vec<(u64, u32)>,
    choices: Vec<(Choice, u64, u32)>,
    /// Of version 2: all there is, with the number of instructions at which the run stops.
    turns: Option<Vec<(u64, u32)>>,
    stop: Option<u64>,
}

const LETTERS: [(Choice, char); 3] = [(Choice::Core, 'c'), (Choice::Gil, 'g'), (Choice::Lock, 'l')];

impl Schedule {
    /// Of two deviations for one place the first counts.
    pub fn new(deviations: Vec<Deviation>) -> Schedule {
        let mut schedule = Schedule::default();
        for deviation in deviations {
            match deviation {
                Deviation::Preempt { at, task } => schedule.preemptions.push((at, task)),
                Deviation::Choose {
                    choice,
                    number,
                    task,
                } => schedule.choices.push((choice, number, task)),
            }
        }
        schedule.preemptions.sort_by_key(|&(at, _)| at);
        schedule.preemptions.dedup_by_key(|&mut (at, _)| at);
        schedule
            .choices
            .sort_by_key(|&(choice, number, _)| (choice, number));
        schedule
            .choices
            .dedup_by_key(|&mut (choice, number, _)| (choice, number));
        schedule
    }

    /// A schedule of turns: (instruction, task), in order.
    pub fn of_turns(turns: Vec<(u64, u32)>) -> Schedule {
        Schedule {
            turns: Some(turns),
            ..Schedule::default()
        }
    }

    /// The same schedule, but the run stops at the first preemption point at or after so many instructions.
    pub fn until(self, stop: Option<u64>) -> Schedule {
        Schedule { stop, ..self }
    }

    /// Where a schedule of turns stops the run, if it does.
    pub fn stop(&self) -> Option<u64> {
        self.stop
    }

    /// Whether everything goes by the rules.
    pub fn is_default(&self) -> bool {
        self.preemptions.is_empty() && self.choices.is_empty() && self.turns.is_none()
    }

    /// The turns, if it is a schedule of turns.
    pub fn turns(&self) -> Option<&[(u64, u32)]> {
        self.turns.as_deref()
    }

    /// (instruction, task), in order.
    pub fn preemptions(&self) -> &[(u64, u32)] {
        &self.preemptions
    }

    /// The task to take at this choice, if the schedule says so.
    pub fn choice(&self, choice: Choice, number: u64) -> Option<u32> {
        let place = self
            .choices
            .binary_search_by_key(&(choice, number), |&(choice, number, _)| (choice, number))
            .ok()?;
        Some(self.choices[place].2)
    }

    /// Reads the text; an error says what is wrong with it and what it should look like.
    pub fn parse(text: &str) -> Result<Schedule, String> {
        let text = text.trim();
        let (text, _) = text.split_once(BESIDE).unwrap_or((text, ""));
        let (version, entries) = text.split_once(':').unwrap_or((text, ""));
        if version == "2" {
            return Schedule::parse_turns(entries);
        }
        if version != "1" {
            return Err(if text.is_empty() {
                String::from(
                    "the schedule is empty; `1` is the one without deviations, `1:1234>2` switches to task 2 after 1234 instructions",
                )
            } else {
                format!(
                    "the schedule begins with `{version}`, but only versions 1 and 2 are known: it looks like `1:1234>2,c3=1` or `2:12>1,15>2`"
                )
            });
        }
        let mut deviations: Vec<Deviation> = Vec::new();
        for entry in entries
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            let deviation = read(entry)?;
            if deviations
                .iter()
                .any(|other| other.place() == deviation.place())
            {
                return Err(format!(
                    "the schedule's entry `{entry}` decides again what an entry before it decided"
                ));
            }
            deviations.push(deviation);
        }
        Ok(Schedule::new(deviations))
    }

    fn parse_turns(entries: &str) -> Result<Schedule, String> {
        let mut turns: Vec<(u64, u32)> = Vec::new();
        let (mut stop, mut latest) = (None, 0);
        for entry in entries
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
        {
            let parts = entry.split_once('>');
            let parts = parts.and_then(|(at, task)| Some((number::<u64>(at)?, task)));
            let at = match parts {
                Some((at, "?")) => {
                    stop = stop.or(Some(at));
                    at
                }
                Some((at, task)) if let Some(task) = turn(task) => {
                    turns.push((at, task));
                    at
                }
                _ => {
                    return Err(format!(
                        "the schedule's entry `{entry}` is none: expected `1234>2` (from instruction 1234 on it is task 2's turn), \
                         or `1234>?` as the last one (there the run stops)"
                    ));
                }
            };
            if at < latest || stop.is_some_and(|stop| stop < at) {
                return Err(format!(
                    "the schedule's entry `{entry}` comes too late: turns stand in their order"
                ));
            }
            latest = at;
        }
        Ok(Schedule::of_turns(turns).until(stop))
    }
}

impl Deviation {
    /// What it decides, without the decision.
    fn place(&self) -> (Option<Choice>, u64) {
        match *self {
            Deviation::Preempt { at, .. } => (None, at),
            Deviation::Choose { choice, number, .. } => (Some(choice), number),
        }
    }
}

/// A task, or what an event loop takes.
fn turn(text: &str) -> Option<u32> {
    let text = text.trim();
    let (sort, place) = match text.strip_prefix(['t', 'e']) {
        Some(place) if text.starts_with('t') => (PICK, place),
        Some(place) => (EARLY, place),
        None => return number(text).filter(|&task| task < PICK),
    };
    match place {
        "-" => Some(sort | HOLD),
        _ => number::<u32>(place)
            .filter(|&place| place < HOLD)
            .map(|place| sort | place),
    }
}

fn read(entry: &str) -> Result<Deviation, String> {
    let wrong = || {
        format!(
            "the schedule's entry `{entry}` is none: expected `1234>2` (after 1234 instructions switch to task 2), \
             or `c3=2`, `g3=2`, `l3=2` (choice 3 of a core, of the GIL, of a lock: task 2)"
        )
    };
    if let Some((at, task)) = entry.split_once('>') {
        return Ok(Deviation::Preempt {
            at: number(at).ok_or_else(wrong)?,
            task: number(task).ok_or_else(wrong)?,
        });
    }
    let (place, task) = entry.split_once('=').ok_or_else(wrong)?;
    let choice = LETTERS
        .iter()
        .find(|(_, letter)| place.starts_with(*letter));
    let &(choice, letter) = choice.ok_or_else(wrong)?;
    Ok(Deviation::Choose {
        choice,
        number: number(&place[letter.len_utf8()..]).ok_or_else(wrong)?,
        task: number(task).ok_or_else(wrong)?,
    })
}

/// Digits only: `parse` alone would also take a sign.
fn number<T: std::str::FromStr>(text: &str) -> Option<T> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl std::fmt::Display for Schedule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut separator = ':';
        if let Some(turns) = &self.turns {
            f.write_str("2")?;
            for &(at, task) in turns {
                write!(f, "{separator}{at}>")?;
                let place = task & HOLD;
                match task {
                    EARLY.. => f.write_str("e")?,
                    PICK.. => f.write_str("t")?,
                    _ => {}
                }
                if task < PICK {
                    write!(f, "{task}")?;
                } else if place == HOLD {
                    f.write_str("-")?;
                } else {
                    write!(f, "{place}")?;
                }
                separator = ',';
            }
            if let Some(at) = self.stop {
                write!(f, "{separator}{at}>?")?;
            }
            return Ok(());
        }
        f.write_str("1")?;
        for (at, task) in &self.preemptions {
            write!(f, "{separator}{at}>{task}")?;
            separator = ',';
        }
        for (choice, number, task) in &self.choices {
            let letter = LETTERS[*choice as usize].1;
            write!(f, "{separator}{letter}{number}={task}")?;
            separator = ',';
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let shown = match Schedule::parse(text) {
            Ok(schedule) => schedule.to_string(),
            Err(message) => message,
        };
        assert_eq!(shown, expect);
    }

    #[test]
    fn the_run_beside_it_does_not_count() {
        check("2:12>1,15>2/4>2?", "2:12>1,15>2");
        check("2/0>1?", "2");
    }

    #[test]
    fn timers_are_taken() {
        check(
            "2:12>1,40>t1,40>t-,50>e0,50>e-",
            "2:12>1,40>t1,40>t-,50>e0,50>e-",
        );
    }

    #[test]
    fn schedules_come_back_in_order() {
        check("1", "1");
        check("1:", "1");
        check(" 1:1234>2 ", "1:1234>2");
        check(
            "1:c3=2,90>0, 57>1,g0=1,l12=4",
            "1:57>1,90>0,c3=2,g0=1,l12=4",
        );
        check("2", "2");
        check("2:12>1, 15>2,15>0", "2:12>1,15>2,15>0");
        check("2:12>1,15>?", "2:12>1,15>?");
        check("2:0>?", "2:0>?");
    }

    #[test]
    fn mistakes_are_named() {
        check(
            "",
            "the schedule is empty; `1` is the one without deviations, `1:1234>2` switches to task 2 after 1234 instructions",
        );
        check(
            "3:57>1",
            "the schedule begins with `3`, but only versions 1 and 2 are known: it looks like `1:1234>2,c3=1` or `2:12>1,15>2`",
        );
        let wrong = |entry| {
            format!(
                "the schedule's entry `{entry}` is none: expected `1234>2` (after 1234 instructions switch to task 2), \
                 or `c3=2`, `g3=2`, `l3=2` (choice 3 of a core, of the GIL, of a lock: task 2)"
            )
        };
        for entry in [
            "57",
            "57>",
            ">1",
            "-1>2",
            "x3=1",
            "c=1",
            "é3=1",
            "99999999999999999999>1",
        ] {
            check(&format!("1:0>0,{entry}"), &wrong(entry));
        }
        check(
            "2:5>1,c3=1",
            "the schedule's entry `c3=1` is none: expected `1234>2` (from instruction 1234 on it is task 2's turn), \
             or `1234>?` as the last one (there the run stops)",
        );
        check(
            "2:5>?,6>1",
            "the schedule's entry `6>1` comes too late: turns stand in their order",
        );
        check(
            "2:5>1,4>1",
            "the schedule's entry `4>1` comes too late: turns stand in their order",
        );
        check(
            "1:5>1,5>2",
            "the schedule's entry `5>2` decides again what an entry before it decided",
        );
    }
}
