//! How wide text will be, estimated: layout knows no fonts. Errs on the wide side, so that what fits here fits on screen.

/// Widths of ASCII from the space on, in hundredths of the size; between Segoe UI, Roboto and DejaVu Sans.
const WIDTHS: &[u8; 95] = &[
    30, 38, 44, 78, 62, 90, 74, 26, 38, 38, 50, 78, 31, 36, 31, 36, 62, 62, 62, 62, 62, 62, 62, 62,
    62, 62, 33, 33, 78, 78, 78, 52, 96, 68, 67, 68, 75, 62, 57, 75, 74, 30, 32, 66, 56, 84, 74, 77,
    60, 77, 68, 62, 61, 72, 67, 96, 67, 61, 67, 38, 36, 38, 78, 50, 50, 60, 62, 54, 62, 60, 36, 62,
    62, 28, 30, 58, 28, 95, 62, 60, 62, 62, 42, 52, 40, 62, 58, 80, 58, 58, 52, 60, 34, 60, 78,
];

/// The width of a text of this size, in pixels.
pub fn text_width(text: &str, size: f64, bold: bool) -> f64 {
    let hundredths: u32 = text.chars().map(char_width).sum();
    hundredths as f64 / 100.0 * size * if bold { 1.1 } else { 1.0 }
}

fn char_width(c: char) -> u32 {
    match c {
        ' '..='~' => WIDTHS[c as usize - 32] as u32,
        '·' | '’' | '‘' => 32,
        '→' | '…' => 90,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0,
        // Latin, Greek and Cyrillic are as wide as ours; what comes later is mostly full width.
        '\0'..'\u{1100}' => 64,
        _ => 105,
    }
}

/// The text, shortened with an ellipsis if need be; nothing if fewer than two characters before that would be left. A number at its end
/// stays: it is what tells `Thread-1` from `Thread-2`.
pub fn shorten(text: &str, size: f64, bold: bool, room: f64) -> Option<String> {
    if text_width(text, size, bold) <= room {
        return Some(text.to_string());
    }
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let number = &text[text.len() - digits..];
    let room = room - text_width(number, size, bold);
    let room = (room / size * 100.0 / if bold { 1.1 } else { 1.0 }) - char_width('…') as f64;
    let mut used = 0.0;
    let mut kept = String::new();
    for c in text.chars() {
        used += char_width(c) as f64;
        if used > room {
            break;
        }
        kept.push(c);
    }
    if kept.chars().count() < 2 {
        return None;
    }
    kept.push('…');
    Some(kept + number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortened_text_fits() {
        let text = "deposit(times=2, name='a')";
        for (text, room) in [text, "Thread-12"]
            .iter()
            .flat_map(|&t| (0..200).map(move |r| (t, r)))
        {
            if let Some(short) = shorten(text, 11.0, true, room as f64) {
                assert!(
                    text_width(&short, 11.0, true) <= room as f64,
                    "{short} in {room}"
                );
            }
        }
        assert_eq!(
            shorten("Thread-12", 11.0, true, 50.0).as_deref(),
            Some("Thr…12")
        );
        assert_eq!(shorten("ab", 10.0, false, 100.0).as_deref(), Some("ab"));
        assert_eq!(shorten(text, 11.0, false, 12.0), None);
    }
}
