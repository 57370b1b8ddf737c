//! All orders of a program, as the page shows them.

use super::{Asked, faults};
use crate::explorer::{self, Count, Ending, Options, Report};
use crate::protocol::{self, Exploration, Fault, Request, Way};
use crate::run::Ready;
use crate::trace::Outcome;

/// A state takes a few hundred bytes: more of them would be too much for a browser's tab.
const STATES: usize = 1_000_000;

/// How many outcomes are shown.
const OUTCOMES: usize = 40;

pub fn explore(request: Request, send: &mut dyn FnMut(u8, &[u8])) -> Result<(), Vec<Fault>> {
    let asked = Asked::of(request)?;
    let ready = Ready::new(&asked.source, &asked.header.settings);
    let ready = ready.map_err(|all| faults(&all, &asked.source))?;
    let options = Options {
        limit_states: STATES,
        ..Options::default()
    };
    let report = explorer::explore(&ready, &options, &mut |states| {
        send(protocol::PROGRESS, &(states as u32).to_le_bytes());
    });
    send(protocol::EXPLORED, &exploration(&report).encode());
    Ok(())
}

fn exploration(report: &Report) -> Exploration {
    let all = report.interleavings.as_ref();
    let orders = match all.map(Count::to_string).as_deref() {
        Some("1") => "1 order".to_owned(),
        Some(count) => [&grouped(count), " orders"].concat(),
        None => [&grouped(&report.states.to_string()), " states"].concat(),
    };
    let mut outcomes: Vec<&Ending> = report.outcomes.iter().collect();
    outcomes.sort_by_key(|ending| !is_bad(ending));
    let mut ways: Vec<Way> = outcomes
        .iter()
        .take(OUTCOMES)
        .map(|ending| way(ending, all))
        .collect();
    // Those that an outcome's own run shows need no other.
    let shown = |schedule: &str| outcomes.iter().any(|ending| ending.schedule == schedule);
    let others = report.findings.iter().filter(|it| !shown(&it.schedule));
    ways.extend(others.map(|finding| Way {
        text: finding.message.clone(),
        schedule: finding.schedule.clone(),
        bad: true,
        ..Way::default()
    }));
    let mut incomplete = report.incomplete.unwrap_or("").to_owned();
    let left = outcomes.len().saturating_sub(OUTCOMES);
    if left > 0 && incomplete.is_empty() {
        incomplete = [&left.to_string(), " more outcomes are not shown"].concat();
    }
    Exploration {
        orders,
        incomplete,
        ways,
    }
}

fn is_bad(ending: &Ending) -> bool {
    ending.wrong || ending.outcome != Outcome::Finished
}

fn way(ending: &Ending, all: Option<&Count>) -> Way {
    let lines = ending.stdout.lines().map(str::trim_end);
    let printed = lines.collect::<Vec<_>>().join(" · ");
    let end = match ending.outcome {
        Outcome::Finished => None,
        Outcome::Deadlock => Some("deadlock"),
        Outcome::Limit => Some("stopped at a limit"),
        // The last line says why, that of a traceback what was raised.
        Outcome::Rejected | Outcome::Exception => Some(ending.stderr.lines().last().unwrap_or("exception")),
    };
    let text = match end {
        None if printed.is_empty() => "prints nothing".to_owned(),
        None => printed,
        Some(end) if printed.is_empty() => end.to_owned(),
        Some(end) => [&printed, " · ", end].concat(),
    };
    let (mut count, mut share) = (String::new(), 0);
    if let (Some(own), Some(all)) = (&ending.count, all) {
        count = [
            &grouped(&own.to_string()),
            " of ",
            &grouped(&all.to_string()),
        ]
        .concat();
        // The smallest share is seen as well.
        share = ((own.to_f64() / all.to_f64() * 1000.0) as u32).max(1);
    }
    Way {
        text,
        count,
        share,
        bad: is_bad(ending),
        schedule: ending.schedule.clone(),
    }
}

/// Digits in groups of three: "17,153,136".
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn explored(scenario: &str) -> Exploration {
        let request = Request {
            scenario: scenario.to_owned(),
            ..Request::default()
        };
        let mut found = None;
        explore(request, &mut |kind, bytes| {
            if kind == protocol::EXPLORED {
                found = Exploration::decode(bytes);
            }
        })
        .expect("it can run");
        found.expect("an exploration")
    }

    #[test]
    fn the_bad_outcomes_come_first() {
        let found = explored("lost_deposit");
        assert_eq!(
            (found.orders.as_str(), found.incomplete.as_str()),
            ("70 orders", "")
        );
        let outcomes: Vec<_> = found.ways.iter().filter(|way| way.share > 0).collect();
        assert_eq!(outcomes.last().map(|way| &*way.count), Some("6 of 70"));
        assert!(outcomes.is_sorted_by_key(|way| !way.bad));
        assert!(found.ways.iter().all(|way| way.schedule.starts_with("2:")));
    }

    #[test]
    fn a_deadlock_is_an_outcome() {
        let found = explored("two_locks");
        assert!(found.ways[0].text.contains("deadlock"), "{found:?}");
    }

    #[test]
    fn digits_are_grouped() {
        for (digits, expected) in [
            ("7", "7"),
            ("123", "123"),
            ("1234", "1,234"),
            ("17153136", "17,153,136"),
        ] {
            assert_eq!(grouped(digits), expected);
        }
    }
}
