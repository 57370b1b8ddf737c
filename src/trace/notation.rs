//! Events as text, for tests: a line is `time task verb ...`; what a test does not care about is left out.
//!
//! ```text
//! | counter = 0                       the program, line by line
//! 0 main spawn A                      also: spawn-task Task-1 (its loop is the thread that spawns it)
//! 1us A begin line=3 core=0
//! 2us A write counter 1 from=7        from: the number of the event line that read, from 1
//! 3us A block Sleep 0 deadline=1s loop
//! ```

use super::*;

/// Makes a trace from the notation.
pub(crate) fn trace(text: &str) -> Trace {
    let mut notation = Notation::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        notation.line(line);
    }
    notation.recorder.finish(notation.summary)
}

/// A moment or duration: "5", "5us", "5ms", "1.5s".
fn time(text: &str) -> u64 {
    let digits = text.trim_end_matches(|char: char| char.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "us" => 1e3,
        "ms" => 1e6,
        "s" => 1e9,
        _ => 1.0,
    };
    (digits
        .parse::<f64>()
        .unwrap_or_else(|_| panic!("no time: {text}"))
        * unit) as u64
}

fn named<T: Copy + std::fmt::Debug>(all: &[T], name: &str) -> T {
    *all.iter()
        .find(|item| format!("{item:?}") == name)
        .unwrap_or_else(|| panic!("no {name} in {all:?}"))
}

struct Notation {
    recorder: Recorder,
    summary: Summary,
    tasks: Vec<String>,
    things: Vec<String>,
    locations: Vec<String>,
    events: Vec<u32>,
}

impl Default for Notation {
    fn default() -> Notation {
        let mut notation = Notation {
            recorder: Recorder::new(),
            summary: Summary {
                cores: 2,
                ..Summary::default()
            },
            tasks: Vec::new(),
            things: Vec::new(),
            locations: Vec::new(),
            events: Vec::new(),
        };
        notation.add_task("main", TaskKind::Main, NO_TASK, NO_TASK);
        notation
    }
}

impl Notation {
    fn add_task(&mut self, name: &str, kind: TaskKind, parent: TaskId, host: TaskId) -> TaskId {
        self.tasks.push(name.to_string());
        let name = self.recorder.string(if kind == TaskKind::Main {
            "MainThread"
        } else {
            name
        });
        self.recorder.task(TaskRecord {
            kind,
            name,
            label: 0,
            parent,
            host,
        })
    }

    fn task(&self, name: &str) -> TaskId {
        let place = self.tasks.iter().position(|task| task == name);
        if name == "-" {
            NO_TASK
        } else {
            place.unwrap_or_else(|| panic!("no task {name}")) as u32
        }
    }

    /// Things come to be when first named; their kind follows from the name: "lock_a", "queue".
    fn thing(&mut self, name: &str) -> ThingId {
        if name == "0" {
            return 0;
        }
        if let Some(place) = self.things.iter().position(|thing| thing == name) {
            return place as u32 + 1;
        }
        let of_name = |kind: &&ThingKind| name.starts_with(&format!("{kind:?}").to_lowercase());
        let kind = ThingKind::ALL
            .iter()
            .find(of_name)
            .copied()
            .unwrap_or(ThingKind::Other);
        self.things.push(name.to_string());
        self.recorder.thing(kind, name)
    }

    /// Variables come to be when first named; with a dot they are attributes.
    fn location(&mut self, name: &str) -> LocationId {
        if let Some(place) = self.locations.iter().position(|location| location == name) {
            return place as u32;
        }
        let kind = if name.contains('.') {
            LocationKind::Attribute
        } else {
            LocationKind::Global
        };
        self.locations.push(name.to_string());
        self.recorder.location(kind, name)
    }

    fn value(&mut self, text: &str) -> (Tag, u64) {
        match (text, text.parse::<i64>(), text.parse::<f64>()) {
            ("None", ..) => (Tag::None, 0),
            ("True", ..) => (Tag::Bool, 1),
            (_, Ok(number), _) => (Tag::Int, number as u64),
            (_, _, Ok(number)) => (Tag::Float, number.to_bits()),
            _ => (Tag::Text, self.recorder.string(text).into()),
        }
    }

    fn line(&mut self, line: &str) {
        if let Some(source) = line.strip_prefix('|') {
            self.summary
                .source
                .push_str(source.strip_prefix(' ').unwrap_or(source));
            self.summary.source.push('\n');
            return;
        }
        if line == "no-gil" {
            self.summary.gil = false;
            return;
        }
        let is_setting = |word: &&str| {
            word.split_once('=')
                .is_some_and(|(name, _)| SETTINGS.contains(&name))
        };
        let words: Vec<&str> = line
            .split_whitespace()
            .filter(|word| !is_setting(word))
            .collect();
        let mut event = Event {
            time: time(words[0]),
            task: self.task(words[1]),
            line: 0,
            kind: Kind::Line,
            core: NO_CORE,
            tag: Tag::Absent,
            flags: 0,
            a: 0,
            b: 0,
            value: 0,
        };
        for (name, text) in line
            .split_whitespace()
            .filter(is_setting)
            .filter_map(|word| word.split_once('='))
        {
            match name {
                "line" => event.line = text.parse().unwrap(),
                "core" => event.core = text.parse().unwrap(),
                "from" => event.b = self.events[text.parse::<usize>().unwrap() - 1],
                _ => (event.tag, event.value) = (Tag::Time, time(text)),
            }
        }
        self.verb(words[2], &words[3..], &mut event);
        self.summary.time = event.time;
        let number = self.recorder.push(event);
        self.events.push(number);
    }

    fn verb(&mut self, verb: &str, words: &[&str], event: &mut Event) {
        let word = |i: usize| words.get(i).copied().unwrap_or("-");
        let flags: u8 = words
            .iter()
            .map(|word| match *word {
                "loop" => FLAG_IN_LOOP,
                "requested" => FLAG_REQUESTED,
                "blocking" | "native" => FLAG_BLOCKING,
                _ => 0,
            })
            .sum();
        event.kind = named(
            Kind::ALL,
            &pascal(if verb == "spawn-task" { "spawn" } else { verb }),
        );
        match event.kind {
            Kind::Spawn if verb == "spawn-task" => {
                let thread = self.recorder.tasks[event.task as usize].host;
                let host = if thread == NO_TASK {
                    event.task
                } else {
                    thread
                };
                event.a = self.add_task(word(0), TaskKind::Coroutine, event.task, host);
            }
            Kind::Spawn => event.a = self.add_task(word(0), TaskKind::Thread, event.task, NO_TASK),
            Kind::Begin if !words.is_empty() => self.recorder.relabel(event.task, &words.join(" ")),
            Kind::End => {
                event.flags = if words.is_empty() {
                    0
                } else {
                    named(Ending::ALL, word(0)) as u8
                };
                event.b = self
                    .recorder
                    .string(&words.get(1..).unwrap_or_default().join(" "));
            }
            Kind::GilWait
            | Kind::GilRequest
            | Kind::Wake
            | Kind::Schedule
            | Kind::Resume
            | Kind::Cancel => {
                event.a = self.task(word(0));
            }
            Kind::GilRelease => event.flags = flags,
            Kind::Block | Kind::Suspend => {
                let wait: Wait = named(Wait::ALL, word(0));
                event.b = wait as u32;
                event.flags = flags;
                event.a = if wait.is_for_task() {
                    self.task(word(1))
                } else {
                    self.thing(word(1))
                };
            }
            Kind::Loop => (event.a, event.b) = (word(0).parse().unwrap(), word(1).parse().unwrap()),
            Kind::Line => event.line = word(0).parse().unwrap(),
            Kind::Enter | Kind::Create => event.a = self.recorder.string(word(0)),
            Kind::Read | Kind::Write => {
                event.a = self.location(word(0));
                (event.tag, event.value) = self.value(word(1));
            }
            Kind::Acquire | Kind::Release => event.a = self.thing(word(0)),
            Kind::Operate => {
                event.a = self.thing(word(0));
                event.b = self.recorder.string(word(1));
                if words.len() > 2 {
                    (event.tag, event.value) = self.value(word(2));
                }
            }
            Kind::Output => {
                let text = words.join(" ") + "\n";
                (event.a, event.b) = self.recorder.write_stdout(text.as_bytes());
            }
            Kind::Raise => event.b = self.recorder.string(&words.join(" ")),
            Kind::NeverAwaited => {
                event.a = self.recorder.string(word(0));
                event.b = word(1).parse().unwrap();
            }
            Kind::Work => {
                event.a = self.recorder.string(word(0));
                (event.tag, event.value, event.flags) = (Tag::Time, time(word(1)), flags);
            }
            Kind::Finish => {
                self.summary.outcome = named(Outcome::ALL, word(0));
                event.flags = self.summary.outcome as u8;
                event.b = self
                    .recorder
                    .string(&words.get(1..).unwrap_or_default().join(" "));
            }
            _ => {}
        }
    }
}

const SETTINGS: [&str; 4] = ["line", "core", "from", "deadline"];

/// "gil-wait" as the name of a variant: "GilWait".
fn pascal(verb: &str) -> String {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    verb.split('-').map(capital).collect()
}
