//! The settings in a scenario's comment block, checked.

use std::ops::Range;

use super::block::{Block, Fault};
use super::expect::{Expect, Expectations, end_from_id, finding_from_id};
use super::opening::Opening;
use super::toml::{self, Entry, Value};
use crate::settings::{Runtime, SETTINGS, Settings, value};
use crate::source::{Diagnostic, Source, Span};
use crate::trace::{FindingKind, Outcome};

/// What a program says of itself. A program without a header has an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    pub title: String,
    /// One sentence.
    pub summary: String,
    pub chapter: String,
    /// Scenarios are listed by it, and chapters by their first scenario.
    pub order: u64,
    /// Ids of the claims that it shows: "C14".
    pub claims: Vec<String>,
    /// What it can run under, the default first; empty if it does not say.
    pub runtimes: Vec<Runtime>,
    /// Whether the real interpreter's output depends on chance.
    pub racy: bool,
    pub opening: Opening,
    /// The scenario that shows the same mended, with a lock for example.
    pub twin: Option<String>,
    /// The defaults with the header's changes.
    pub settings: Settings,
    pub expect: Expectations,
    /// Where the block is in the source, if there is one; the program proper follows.
    pub place: Option<Span>,
}

/// The keys beside the settings, for "did you mean".
const KEYS: &[&str] = &[
    "title", "summary", "chapter", "order", "claims", "runtimes", "racy", "opening", "twin",
];
const EXPECT_KEYS: &[&str] = &["output", "always", "end", "findings", "time", "opening"];

impl Header {
    /// Reads a source's header onto the default settings. All that is wrong with it is reported at once.
    pub fn read(source: &Source, defaults: Settings) -> Result<Header, Vec<Diagnostic>> {
        let mut header = Header {
            title: String::new(),
            summary: String::new(),
            chapter: String::new(),
            order: 0,
            claims: Vec::new(),
            runtimes: Vec::new(),
            racy: false,
            opening: Opening::default(),
            twin: None,
            settings: defaults,
            expect: Expectations::default(),
            place: None,
        };
        let block = match Block::find(source.text()) {
            Ok(Some(block)) => block,
            Ok(None) => return Ok(header),
            Err(fault) => return Err(vec![diagnostic(fault)]),
        };
        header.place = Some(span(block.place.clone()));
        let mut faults = Vec::new();
        let entries = toml::read(&block.text, &mut faults);
        for entry in &entries {
            if let Err(fault) = header.take(entry) {
                // In the order of the text, beside the reader's; a library's sort would cost the worker more than all this.
                let at = faults
                    .iter()
                    .position(|it| it.place.start > fault.place.start);
                faults.insert(at.unwrap_or(faults.len()), fault);
            }
        }
        if header.settings.runtime.is_none() {
            header.settings.runtime = header.runtimes.first().copied();
        }
        if faults.is_empty() {
            return Ok(header);
        }
        Err(faults
            .into_iter()
            .map(|mut fault| {
                fault.place = block.place_in_source(fault.place);
                diagnostic(fault)
            })
            .collect())
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Fault> {
        match entry.table.as_str() {
            "" => self.take_key(entry),
            "expect" => take_expect(&mut self.expect.all, entry),
            table => {
                let id = table.strip_prefix("expect.").unwrap_or_default();
                let Some(runtime) = Runtime::from_id(id) else {
                    let message = format!("there is no table [{table}]");
                    return Err(Fault::new(entry.key_place.clone(), message)
                        .hint("the tables are [expect] and, for a runtime, [expect.threads]"));
                };
                let list = &mut self.expect.by_runtime;
                let index = match list.iter().position(|(it, _)| *it == runtime) {
                    Some(index) => index,
                    None => {
                        list.push((runtime, Expect::default()));
                        list.len() - 1
                    }
                };
                take_expect(&mut list[index].1, entry)
            }
        }
    }

    fn take_key(&mut self, entry: &Entry) -> Result<(), Fault> {
        match entry.key.as_str() {
            "title" => self.title = string(entry)?.to_owned(),
            "summary" => self.summary = string(entry)?.to_owned(),
            "chapter" => self.chapter = string(entry)?.to_owned(),
            "order" => {
                let text = scalar(entry)?;
                self.order = value::whole(text, 0, u64::MAX).map_err(|it| wrong(entry, &it))?;
            }
            "claims" => self.claims = strings(entry)?.map(str::to_owned).collect(),
            "runtimes" => {
                for id in strings(entry)? {
                    let runtime = Runtime::from_id(id)
                        .ok_or_else(|| wrong(entry, &format!("there is no runtime \"{id}\"")))?;
                    self.runtimes.push(runtime);
                }
            }
            "twin" => self.twin = Some(string(entry)?.to_owned()),
            "racy" => self.racy = boolean(entry)?,
            "opening" => {
                self.opening = Opening::from_text(scalar(entry)?).ok_or_else(|| {
                    wrong(
                        entry,
                        "a step's number, \"start\", \"finding\" or \"end\" is expected",
                    )
                })?;
            }
            key if SETTINGS.iter().any(|it| it.name == key) => {
                let text = scalar(entry)?;
                self.settings
                    .set(key, text)
                    .map_err(|it| wrong(entry, &it))?;
            }
            _ => {
                let settings = SETTINGS.iter().map(|it| it.name);
                return Err(unknown(entry, &mut KEYS.iter().copied().chain(settings)));
            }
        }
        Ok(())
    }
}

fn take_expect(expect: &mut Expect, entry: &Entry) -> Result<(), Fault> {
    match entry.key.as_str() {
        // What every order must print is asked in the page, the rest only by tests: the workers need not carry the reading of it.
        key if cfg!(target_arch = "wasm32") && key != "always" => {}
        "output" => expect.output = Some(string(entry)?.to_owned()),
        "always" => expect.always = Some(string(entry)?.to_owned()),
        "end" => {
            let id = string(entry)?;
            let end = end_from_id(id).filter(|end| *end != Outcome::Rejected);
            let message = "finished, exception, deadlock or limit is expected";
            expect.end = Some(end.ok_or_else(|| wrong(entry, message))?);
        }
        "findings" => {
            let mut named = Vec::new();
            for id in strings(entry)? {
                let Some(kind) = finding_from_id(id) else {
                    return Err(wrong(entry, &format!("there is no finding \"{id}\"")));
                };
                named.push(kind);
            }
            let kinds = FindingKind::ALL.iter().copied();
            expect.findings = Some(kinds.filter(|kind| named.contains(kind)).collect());
        }
        "time" => {
            let time = value::duration(scalar(entry)?, value::SECOND);
            expect.time_ns = Some(time.map_err(|it| wrong(entry, &it))?);
        }
        "opening" => expect.opening = Some(string(entry)?.to_owned()),
        _ => return Err(unknown(entry, &mut EXPECT_KEYS.iter().copied())),
    }
    Ok(())
}

fn wrong(entry: &Entry, message: &str) -> Fault {
    Fault::new(entry.value_place.clone(), message)
}

/// Text, or a number as it is written: `python = 3.12` means "3.12".
fn scalar(entry: &Entry) -> Result<&str, Fault> {
    match &entry.value {
        Value::Text(text) | Value::Bare(text) => Ok(text),
        Value::List(_) => Err(wrong(entry, "one value is expected, not a list")),
    }
}

fn string(entry: &Entry) -> Result<&str, Fault> {
    match &entry.value {
        Value::Text(text) => Ok(text),
        _ => Err(wrong(entry, "text in quotes is expected")),
    }
}

fn boolean(entry: &Entry) -> Result<bool, Fault> {
    match &entry.value {
        Value::Bare(text) if text == "true" => Ok(true),
        Value::Bare(text) if text == "false" => Ok(false),
        _ => Err(wrong(entry, "true or false is expected")),
    }
}

fn strings(entry: &Entry) -> Result<impl Iterator<Item = &str>, Fault> {
    let fault = || {
        wrong(
            entry,
            "a list of texts is expected, as in [\"one\", \"two\"]",
        )
    };
    let Value::List(items) = &entry.value else {
        return Err(fault());
    };
    if items.iter().any(|item| !matches!(item, Value::Text(_))) {
        return Err(fault());
    }
    Ok(items.iter().filter_map(|item| match item {
        Value::Text(text) => Some(text.as_str()),
        _ => None,
    }))
}

fn unknown(entry: &Entry, known: &mut dyn Iterator<Item = &'static str>) -> Fault {
    let key = &entry.key;
    let fault = Fault::new(
        entry.key_place.clone(),
        format!("there is no key \"{key}\" here"),
    );
    let nearest = known
        .map(|name| (distance(key, name), name))
        .min()
        .filter(|(distance, name)| *distance <= name.len() / 3 + 1);
    match nearest {
        Some((_, name)) => fault.hint(format!("did you mean {name}?")),
        None => fault,
    }
}

/// How many letters must be added, removed or replaced to make one of the other.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

fn span(place: Range<usize>) -> Span {
    Span::new(place.start as u32, place.end as u32)
}

fn diagnostic(fault: Fault) -> Diagnostic {
    let diagnostic = Diagnostic::error(span(fault.place), fault.message);
    if fault.hint.is_empty() {
        diagnostic
    } else {
        diagnostic.hint(fault.hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Result<Header, String> {
        let block: String = lines.lines().map(|line| format!("# {line}\n")).collect();
        let text = format!("# /// interleave\n{block}# ///\nprint(1)\n");
        let source = Source::new("x.py", text);
        Header::read(&source, Settings::default()).map_err(|diagnostics| {
            let render = |it: &Diagnostic| {
                let start = it.place(&source).start;
                let hints: String = it.hints.iter().map(|hint| format!(" ({hint})")).collect();
                format!(
                    "{}:{} {}: {}{hints}\n",
                    start.line,
                    start.column,
                    source.slice(it.span),
                    it.message
                )
            };
            diagnostics.iter().map(render).collect()
        })
    }

    #[test]
    fn a_header_is_read() {
        let header = read(
            "title = \"The lost deposit\"\nclaims = [\"C14\", \"C32\"]\nruntimes = [\"threads\", \"free-threaded\"]\n\
             python = 3.9\nswitch-interval = \"1us\"\nopening = 41\nracy = true\ntwin = \"mended\"\n\
             [expect]\nfindings = [\"lost-update\"]\ntime = \"2 s\"\n[expect.free-threaded]\noutput = \"\"\"\n1\n\"\"\"\nend = \"deadlock\"",
        )
        .unwrap();
        assert_eq!(header.title, "The lost deposit");
        assert_eq!(header.claims, ["C14", "C32"]);
        assert_eq!(header.settings.runtime, Some(Runtime::Threads));
        assert_eq!(header.settings.get("python").as_deref(), Some("3.9"));
        assert_eq!(header.settings.switch_interval_ns, 1_000);
        assert_eq!(header.opening, Opening::Step(41));
        assert!(header.racy);
        assert_eq!(header.twin.as_deref(), Some("mended"));
        let threads = header.expect.of(Runtime::Threads);
        assert_eq!(threads.output, None);
        assert_eq!(threads.time_ns, Some(2_000_000_000));
        let free = header.expect.of(Runtime::FreeThreaded);
        assert_eq!(free.output.as_deref(), Some("1\n"));
        assert_eq!(free.end, Some(Outcome::Deadlock));
        assert_eq!(free.findings, Some(vec![FindingKind::LostUpdate]));
    }

    #[test]
    fn a_program_needs_no_header() {
        let source = Source::new("x.py", "print(1)\n");
        let header = Header::read(&source, Settings::default()).unwrap();
        assert_eq!(header.settings, Settings::default());
        assert_eq!(header.place, None);
    }

    #[test]
    fn faults_are_explained() {
        for (lines, expect) in [
            (
                "titel = \"x\"",
                "2:3 titel: there is no key \"titel\" here (did you mean title?)\n",
            ),
            ("zzz = 1", "2:3 zzz: there is no key \"zzz\" here\n"),
            (
                "switch_interval = 1",
                "2:3 switch_interval: there is no key \"switch_interval\" here (did you mean switch-interval?)\n",
            ),
            ("title = 7", "2:11 7: text in quotes is expected\n"),
            (
                "racy = \"yes\"",
                "2:10 \"yes\": true or false is expected\n",
            ),
            (
                "claims = \"C14\"",
                "2:12 \"C14\": a list of texts is expected, as in [\"one\", \"two\"]\n",
            ),
            (
                "runtimes = [\"gevent\"]",
                "2:14 [\"gevent\"]: there is no runtime \"gevent\"\n",
            ),
            (
                "seed = [1]",
                "2:10 [1]: one value is expected, not a list\n",
            ),
            (
                "opening = \"race\"",
                "2:13 \"race\": a step's number, \"start\", \"finding\" or \"end\" is expected\n",
            ),
            (
                "cores = 99\n\nseed = x",
                "2:11 99: a whole number from 1 to 64 is expected, not \"99\"\n\
                 4:10 x: x is neither a number nor true or false (write text in quotes: \"x\")\n",
            ),
            (
                "[expects]\nend = \"deadlock\"",
                "3:3 end: there is no table [expects] (the tables are [expect] and, for a runtime, [expect.threads])\n",
            ),
            (
                "[expect]\nouput = \"\"",
                "3:3 ouput: there is no key \"ouput\" here (did you mean output?)\n",
            ),
            (
                "[expect]\nfindings = [\"x\"]",
                "3:14 [\"x\"]: there is no finding \"x\"\n",
            ),
            (
                "[expect]\nend = \"rejected\"",
                "3:9 \"rejected\": finished, exception, deadlock or limit is expected\n",
            ),
        ] {
            assert_eq!(read(lines), Err(expect.to_owned()));
        }
    }
}
