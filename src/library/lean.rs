//! The library's text as it is shipped: without what only people read. The build uses this file, too.

/// Python without comments, docstrings and blank lines, a space for each level of indentation (four in the original). Strings of
/// several lines stay as they are.
pub fn lean(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut state = State::default();
    // The depth of a docstring that was left out behind a `:`: a block needs something.
    let mut left_out = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if state.quotes.is_some() {
            state.read(line);
            out.push(line.to_owned());
            continue;
        }
        let trimmed = line.trim_start();
        let depth = (line.len() - trimmed.len()) / 4;
        if state.brackets == 0
            && let Some(rest) = trimmed.strip_prefix("\"\"\"")
        {
            let mut end = rest;
            while !end.contains("\"\"\"") {
                end = lines.next().expect("a docstring ends");
            }
            if out.last().is_some_and(|last| last.ends_with(':')) {
                left_out = Some(depth);
            }
            continue;
        }
        let kept = state.read(trimmed).trim_end();
        if kept.is_empty() {
            continue;
        }
        if let Some(inner) = left_out.take()
            && depth < inner
        {
            out.push(" ".repeat(inner) + "pass");
        }
        out.push(" ".repeat(depth) + kept);
    }
    if let Some(inner) = left_out {
        out.push(" ".repeat(inner) + "pass");
    }
    out.join("\n") + "\n"
}

/// Where reading stands.
#[derive(Default)]
struct State {
    /// The quotes of a string that goes on in the next line.
    quotes: Option<&'static str>,
    brackets: usize,
}

impl State {
    /// Reads a line, or the rest of a string and what follows, and gives it without its comment.
    fn read<'t>(&mut self, line: &'t str) -> &'t str {
        let mut at = 0;
        while let Some(c) = line[at..].chars().next() {
            let rest = &line[at..];
            if let Some(quotes) = self.quotes {
                if c == '\\' {
                    at += 1 + rest.chars().nth(1).map_or(0, char::len_utf8);
                } else if rest.starts_with(quotes) {
                    at += quotes.len();
                    self.quotes = None;
                } else {
                    at += c.len_utf8();
                }
                continue;
            }
            self.quotes = ["\"\"\"", "'''", "\"", "'"]
                .into_iter()
                .find(|quotes| rest.starts_with(quotes));
            match c {
                _ if self.quotes.is_some() => {
                    at += self.quotes.map_or(0, str::len);
                    continue;
                }
                '#' => return &line[..at],
                '(' | '[' | '{' => self.brackets += 1,
                ')' | ']' | '}' => self.brackets -= 1,
                _ => {}
            }
            at += c.len_utf8();
        }
        // Only strings in three quotes go on.
        self.quotes = self.quotes.filter(|quotes| quotes.len() == 3);
        line
    }
}
