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

use super::decider::Choice;

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

    /// Whether everything goes by the rules.
    pub fn is_default(&self) -> bool {
        self.preemptions.is_empty() && self.choices.is_empty()
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
        let (version, entries) = text.split_once(':').unwrap_or((text, ""));
        if version != "1" {
            return Err(if text.is_empty() {
                String::from(
                    "the schedule is empty; `1` is the one without deviations, `1:1234>2` switches to task 2 after 1234 instructions",
                )
            } else {
                format!(
                    "the schedule begins with `{version}`, but only version 1 is known: it looks like `1:1234>2,c3=1`"
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
        f.write_str("1")?;
        let mut separator = ':';
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
    fn schedules_come_back_in_order() {
        check("1", "1");
        check("1:", "1");
        check(" 1:1234>2 ", "1:1234>2");
        check(
            "1:c3=2,90>0, 57>1,g0=1,l12=4",
            "1:57>1,90>0,c3=2,g0=1,l12=4",
        );
    }

    #[test]
    fn mistakes_are_named() {
        check(
            "",
            "the schedule is empty; `1` is the one without deviations, `1:1234>2` switches to task 2 after 1234 instructions",
        );
        check(
            "2:57>1",
            "the schedule begins with `2`, but only version 1 is known: it looks like `1:1234>2,c3=1`",
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
            "1:5>1,5>2",
            "the schedule's entry `5>2` decides again what an entry before it decided",
        );
    }
}
