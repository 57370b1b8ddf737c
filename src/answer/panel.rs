//! Writes what the page shows of all orders: whose turn it is, how the program ends, and what was asked about it.

use super::session::{Fork, Session, sorted};
use crate::explorer::often::Frequency;
use crate::explorer::walk::{Deed, Turn, Walk};
use crate::explorer::{Count, Ending, Finding, Report};
use crate::layout::task_colour;
use crate::protocol::Sheet;
use crate::settings::Runtime;
use crate::trace::{Outcome, Trace};

const NOTHING: &str =
    "There is nothing to choose: whoever goes on, no two tasks get in each other's way.";

const UNKNOWN: &str = "Which of these orders the run went in was not found, so none of its choices can be changed. \
     Those of the runs above can.";

/// How many outcomes are shown.
const OUTCOMES: usize = 40;
/// Of a longer walk only so many choices can be changed.
const CHOICES: usize = 500;

pub fn write(session: &Session, out: &mut Sheet) {
    let report = &session.explored.report;
    let mut reach = None;
    out.open("div", "turns");
    if let Some((walk, run)) = &session.walk
        && !walk.turns.is_empty()
    {
        turns(walk, run, out);
        reach = session.explored.reach(walk);
    }
    if let Some((_, run)) = &session.walk {
        forked(session, run, out);
    }
    if session.nothing {
        out.leaf("p", "", NOTHING);
    }
    out.close().open("div", "map");
    let from_here = reach.as_deref().map(|reach| {
        let mut all = Count::ZERO;
        reach.iter().for_each(|count| all.add(count));
        (reach, all)
    });
    let is_choosing = from_here.is_some();
    map(session, report, from_here, out);
    out.close().open("div", "walk");
    match (&session.walk, &session.usual_walk) {
        (Some((walk, run)), _) if walk.turns.is_empty() => {
            let count = ended(walk, run, &session.explored.steps(walk), out);
            after(count > 0, out);
        }
        (None, Some((walk, run, steps))) => {
            ended(walk, run, steps, out);
        }
        (None, None) if rejection(report).is_none() => {
            out.leaf("p", "", UNKNOWN);
        }
        _ => {}
    }
    out.close();
    if !is_choosing {
        beside(session, out);
    }
}

/// Whose turn it may be.
fn turns(walk: &Walk, run: &Trace, out: &mut Sheet) {
    let before = choices(walk).count();
    let number = (before + 1).to_string();
    let turns = sorted(&walk.turns);
    let title = ["Choice ", &number, ": who goes on?"].concat();
    out.open("h3", "title").text(&title).close();
    // Heard, not seen: the buttons say the same.
    let mut heard = title;
    for (at, turn) in turns.iter().enumerate() {
        let number = (at + 1).to_string();
        let parts = [
            " ",
            &number,
            ": ",
            run.task_name(turn.task),
            " ",
            &deed(turn, run),
            ".",
        ];
        heard.push_str(&parts.concat());
    }
    out.open("p", "heard")
        .set("role", "status")
        .set("class", "heard")
        .text(&heard)
        .close();
    for (at, turn) in turns.iter().enumerate() {
        let number = (at + 1).to_string();
        out.open("button", &["turn ", &number].concat())
            .set("class", "turn")
            .set("id", &["turn-", &number].concat())
            .tell(&["take ", &number].concat())
            .leaf("b", "", &number);
        task(turn, run, out);
        out.leaf("span", "", &deed(turn, run)).close();
    }
    out.open("div", "row").set("class", "links");
    // There also where it does nothing, so that it keeps the focus.
    let undo = out.open("button", "undo").set("class", "link");
    undo.set("id", "undo").tell("undo").text("Undo").close();
    if before > 0 {
        link("Start over", "over", out);
    }
    link("Let it run on", "end", out);
    link("Back to the usual order", "usual", out);
    out.close();
}

/// The choices of a walk: their places in it.
fn choices(walk: &Walk) -> impl Iterator<Item = usize> {
    let past = walk.past.iter().enumerate();
    past.filter(|(_, (turns, _))| turns.len() > 1)
        .map(|(at, _)| at)
}

/// That another run shows below.
fn forked(session: &Session, run: &Trace, out: &mut Sheet) {
    if let Some(Fork { run: fork, .. }) = &session.fork {
        out.open("p", "forked").set("role", "status");
        let text = [
            "Below: the same run with one choice changed. It ends with ",
            &end_of(fork),
            " instead of ",
            &end_of(run),
            ".",
        ];
        out.text(&text.concat()).close();
        out.open("div", "forks").set("class", "links");
        link("Keep the one below", "open", out);
        link("Close it", "close", out);
        out.close();
    }
}

/// A run that came to its end, so many steps before each of its picks: what could have gone another way, at how many choices.
fn ended(walk: &Walk, run: &Trace, steps: &[u32], out: &mut Sheet) -> usize {
    let all: Vec<usize> = choices(walk).take(CHOICES).collect();
    let count = all.len().to_string();
    for (place, &at) in all.iter().enumerate() {
        let until = all.get(place + 1).map_or(u32::MAX, |&next| steps[next]);
        let from = if place == 0 { 0 } else { steps[at] };
        if from >= until {
            continue;
        }
        out.at_steps(from, until);
        let turns = sorted(&walk.past[at].0);
        let number = (place + 1).to_string();
        out.open("h3", "title")
            .text(&["Choice ", &number, " of ", &count].concat())
            .close();
        for (nth, turn) in turns.iter().enumerate() {
            let key = (nth + 1).to_string();
            let was = turn.thread == walk.picks[at];
            out.open("button", &["turn ", &key].concat())
                .set("class", "turn")
                .set("id", &["turn-", &key].concat())
                .set("aria-pressed", if was { "true" } else { "false" });
            if !was {
                let thread = turn.thread.to_string();
                out.tell(&["fork ", &at.to_string(), ">", &thread].concat());
            }
            out.leaf("b", "", &key);
            task(turn, run, out);
            let words = if was { "" } else { "instead: " };
            out.leaf("span", "", &[words, &deed(turn, run)].concat())
                .close();
        }
        out.always();
    }
    all.len()
}

/// What can be done about a run of its own order.
fn after(has_choices: bool, out: &mut Sheet) {
    out.open("div", "row").set("class", "links");
    if has_choices {
        let undo = out.open("button", "undo").set("class", "link");
        undo.set("id", "undo")
            .tell("undo")
            .text("Undo the last choice")
            .close();
        link("Start over", "over", out);
    }
    link("Back to the usual order", "usual", out);
    out.close();
}

fn link(words: &str, tell: &str, out: &mut Sheet) {
    out.open("button", tell)
        .set("class", "link")
        .tell(tell)
        .text(words)
        .close();
}

/// A task's name in its colour.
fn task(turn: &Turn, run: &Trace, out: &mut Sheet) {
    let colour = task_colour(turn.task).to_string();
    out.leaf(
        "span",
        &["badge t", &colour].concat(),
        run.task_name(turn.task),
    );
}

/// "reads counter, line 11"
fn deed(turn: &Turn, run: &Trace) -> String {
    let known = |thing: u32| thing > 0 && thing <= run.thing_count();
    let what = match &turn.deed {
        Deed::Reads(name) => ["reads ", name].concat(),
        Deed::Writes(name) => ["writes ", name].concat(),
        Deed::Finds(name) => ["finds ", name].concat(),
        Deed::Names(name) => ["makes or removes ", name].concat(),
        Deed::Takes(thing) if known(*thing) => ["takes ", run.thing(*thing).name].concat(),
        Deed::Timer(place) => ["takes timer ", &place.to_string()].concat(),
        Deed::Holds => "leaves the rest for later".to_owned(),
        Deed::Prints => "prints".to_owned(),
        Deed::Takes(_) | Deed::GoesOn => "goes on".to_owned(),
    };
    [&what, ", line ", &turn.line.to_string()].concat()
}

/// How many orders there are, and a bar for each way they end.
fn map(session: &Session, report: &Report, from: Option<(&[Count], Count)>, out: &mut Sheet) {
    let mut words = orders(report);
    if let Some((_, all)) = &from {
        words = [&grouped(&all.to_string()), " of ", &words, " from here"].concat();
    }
    out.open("p", "orders")
        .set("class", "quiet")
        .text(&words)
        .close();
    let schedule = session.walk.as_ref().map(|(_, run)| {
        let is_over = run.run().outcome != Outcome::Limit;
        (is_over, run.string(run.run().schedule))
    });
    for (place, ending) in shown(report) {
        let (mut count, mut share) = share(ending.count.as_ref(), report.interleavings.as_ref());
        let mut class = if is_bad(ending) { "way bad" } else { "way" }.to_owned();
        if let Some((reach, all)) = &from {
            let here = &reach[place];
            (count, share) = (String::new(), 0);
            if *here == Count::ZERO {
                class.push_str(" gone");
                count.push_str("no longer");
            } else {
                (count, share) = self::share(Some(here), Some(all));
            }
        }
        let pressed = schedule == Some((true, &ending.schedule));
        out.open("button", &["way ", &place.to_string()].concat())
            .set("class", &class)
            .set("aria-pressed", if pressed { "true" } else { "false" })
            .tell(&["way ", &place.to_string()].concat())
            .leaf("span", "", &text(ending))
            .leaf("b", "", &count);
        bar(share, out);
        out.close();
    }
    // Those that an outcome's own run shows need no other.
    let known = |schedule: &str| report.outcomes.iter().any(|it| it.schedule == schedule);
    for (at, finding) in report.findings.iter().enumerate() {
        // Who chooses looks at the ends.
        if from.is_some() || known(&finding.schedule) {
            continue;
        }
        let place = (report.outcomes.len() + at).to_string();
        let pressed = schedule == Some((true, &finding.schedule));
        out.open("button", &["way ", &place].concat())
            .set("class", "way bad")
            .set("aria-pressed", if pressed { "true" } else { "false" })
            .tell(&["way ", &place].concat())
            .leaf("span", "", &title(finding))
            .leaf("span", "message", &finding.message)
            .close();
    }
    if let Some(reason) = left_out(report) {
        out.open("p", "left")
            .set("class", "quiet")
            .text(&reason)
            .close();
    }
}

/// "Data race on counter"
fn title(finding: &Finding) -> String {
    let words = finding.kind.replace('-', " ");
    let mut title = words[..1].to_ascii_uppercase() + &words[1..];
    if !finding.variable.is_empty() {
        title.push_str(" on ");
        title.push_str(&finding.variable);
    }
    title
}

/// What there is to compare it with, or the maps beside it.
fn beside(session: &Session, out: &mut Sheet) {
    let report = &session.explored.report;
    let is_one = report.interleavings == Some(Count::ONE);
    out.open("div", "compare").set("class", "links");
    let mut toggle = |words, tell: &str| {
        let shown = session.beside_what == tell;
        out.open("button", tell)
            .set("class", "link")
            .set("aria-pressed", if shown { "true" } else { "false" })
            .tell(tell)
            .text(words)
            .close();
    };
    if session.asked.header.twin.is_some() && !session.asked.program.edited {
        toggle("Beside it: the same, mended", "beside");
    }
    if session.asked.program.runtime == Some(Runtime::Threads) && !is_one {
        toggle("Beside it: other versions of CPython", "versions");
    }
    out.close();
    if session.beside.is_empty() {
        return;
    }
    out.open("div", "beside").set("class", "beside");
    let own = (session.asked.scenario.entry.title, &session.explored.report);
    let others = session
        .beside
        .iter()
        .map(|(title, report)| (&**title, report));
    for (title, report) in std::iter::once(own).chain(others) {
        out.open("div", title).leaf("h3", "", title);
        out.leaf("p", "quiet", &orders(report));
        for (_, ending) in shown(report) {
            let (count, share) = share(ending.count.as_ref(), report.interleavings.as_ref());
            out.open("p", "")
                .set("class", if is_bad(ending) { "way bad" } else { "way" })
                .leaf("span", "", &text(ending))
                .leaf("b", "", &count);
            bar(share, out);
            out.close();
        }
        if let Some(reason) = left_out(report) {
            out.leaf("p", "quiet", &reason);
        }
        out.close();
    }
    out.close();
}

fn bar(share: u32, out: &mut Sheet) {
    if share > 0 {
        out.bar(share);
    }
}

/// The outcomes with their places in the report, bad ones first.
fn shown(report: &Report) -> Vec<(usize, &Ending)> {
    let mut outcomes: Vec<(usize, &Ending)> = report.outcomes.iter().enumerate().collect();
    outcomes.sort_by_key(|(_, ending)| !is_bad(ending));
    outcomes.truncate(OUTCOMES);
    outcomes
}

/// What is not shown, and why.
fn left_out(report: &Report) -> Option<String> {
    if let Some(reason) = report.incomplete {
        return Some(["Not all: ", reason].concat());
    }
    let left = report.outcomes.len().checked_sub(OUTCOMES + 1)? + 1;
    Some(["Not all: ", &left.to_string(), " more outcomes"].concat())
}

/// How many orders there are, in words: "70 orders".
fn orders(report: &Report) -> String {
    match report
        .interleavings
        .as_ref()
        .map(Count::to_string)
        .as_deref()
    {
        Some("1") => "1 order".to_owned(),
        Some(count) => [&grouped(count), " orders"].concat(),
        None => [&grouped(&report.states.to_string()), " states"].concat(),
    }
}

fn is_bad(ending: &Ending) -> bool {
    ending.wrong || ending.outcome != Outcome::Finished
}

/// "32 of 70", and its share in thousandths.
fn share(own: Option<&Count>, all: Option<&Count>) -> (String, u32) {
    let (Some(own), Some(all)) = (own, all) else {
        return (String::new(), 0);
    };
    let words = [
        &grouped(&own.to_string()),
        " of ",
        &grouped(&all.to_string()),
    ];
    // The smallest share is seen as well.
    let share = ((own.to_f64() / all.to_f64() * 1000.0) as u32).max(1);
    (words.concat(), share)
}

/// What the program printed, or how it ended.
fn text(ending: &Ending) -> String {
    end_text(&ending.stdout, &ending.stderr, ending.outcome)
}

fn end_of(run: &Trace) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut stderr = text(run.stderr());
    if run.run().outcome == Outcome::Rejected {
        stderr += run.string(run.run().message);
    }
    end_text(&text(run.stdout()), &stderr, run.run().outcome)
}

fn end_text(stdout: &str, stderr: &str, outcome: Outcome) -> String {
    let lines = stdout.lines().map(str::trim_end);
    let printed = lines.collect::<Vec<_>>().join(" · ");
    let end = match outcome {
        Outcome::Finished => None,
        Outcome::Deadlock => Some("deadlock"),
        Outcome::Limit => Some("stopped at a limit"),
        // The last line says why, that of a traceback what was raised.
        Outcome::Rejected | Outcome::Exception => {
            Some(stderr.lines().last().unwrap_or("exception"))
        }
    };
    match end {
        None if printed.is_empty() => "prints nothing".to_owned(),
        None => printed,
        Some(end) if printed.is_empty() => end.to_owned(),
        Some(end) => [&printed, " · ", end].concat(),
    }
}

/// Why some orders end before anything can be told of them, if they do.
pub fn rejection(report: &Report) -> Option<String> {
    let mut all = report.outcomes.iter();
    let rejected = all.find(|ending| ending.outcome == Outcome::Rejected)?;
    Some(["Not known: ", rejected.stderr.lines().last()?].concat())
}

/// How often something happens.
pub fn frequency(often: &Frequency) -> String {
    match often {
        Frequency::Exact(with, all) => [
            "In ",
            &grouped(&with.to_string()),
            " of ",
            &grouped(&all.to_string()),
            " orders.",
        ]
        .concat(),
        Frequency::Estimate(share, off, tried) => {
            let percent = |part: f64| {
                let tenths = (part * 1000.0).round() as u32;
                [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string()].concat()
            };
            [
                "In about ",
                &percent(*share),
                " % of the orders, give or take ",
                &percent(*off),
                " % (",
                &tried.to_string(),
                " were tried at random).",
            ]
            .concat()
        }
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
