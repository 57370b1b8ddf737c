//! Text as Python quotes it.

/// What `str.isspace` and `strip` take for white space.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// A str's repr; `ascii` escapes all that is not ASCII.
pub fn quote(text: &str, ascii: bool, out: &mut String) {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if c == quote => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            _ if !ascii && c > '\x7f' && is_printable(c) => out.push(c),
            _ => escape(c as u32, out),
        }
    }
    out.push(quote);
}

/// The repr of bytes.
pub fn quote_bytes(bytes: &[u8], out: &mut String) {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    out.push('b');
    out.push(quote as char);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if b == quote => {
                out.push('\\');
                out.push(b as char);
            }
            b' '..=b'~' => out.push(b as char),
            _ => escape(b as u32, out),
        }
    }
    out.push(quote as char);
}

fn escape(code: u32, out: &mut String) {
    let (letter, width) = match code {
        0..0x100 => ('x', 2),
        0x100..0x1_0000 => ('u', 4),
        _ => ('U', 8),
    };
    out.push('\\');
    out.push(letter);
    for digit in (0..width).rev() {
        out.push(std::char::from_digit(code >> (digit * 4) & 15, 16).unwrap_or('0'));
    }
}

/// `str.isprintable` of a character.
pub fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    // Rust escapes in a str what Unicode calls other or separator, as Python does; behind another character also
    // combining marks stay as they are.
    let mut buffer = [0; 5];
    buffer[0] = b'a';
    let length = c.encode_utf8(&mut buffer[1..]).len();
    std::str::from_utf8(&buffer[..=length]).is_ok_and(|text| text.escape_debug().nth(1) == Some(c))
}

/// A number in hexadecimal, lower case.
pub fn hexadecimal(mut number: u64) -> String {
    let mut reversed = Vec::new();
    loop {
        reversed.push(std::char::from_digit((number & 15) as u32, 16).unwrap_or('0'));
        number >>= 4;
        if number == 0 {
            return reversed.iter().rev().collect();
        }
    }
}
