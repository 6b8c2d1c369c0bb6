//! `_pretty=true`: compact JSON with line breaks and indents. Works on the bytes, so that every digit stays.

/// The indented form of compact, valid JSON.
pub(super) fn indent(compact: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(compact.len() * 2);
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    let mut bytes = compact.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        if in_string {
            out.push(byte);
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'{' | b'[' => {
                out.push(byte);
                if let Some(close) = bytes.next_if(|next| matches!(next, b'}' | b']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(depth, &mut out);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(depth, &mut out);
                out.push(byte);
            }
            b',' => {
                out.push(byte);
                line(depth, &mut out);
            }
            b':' => out.extend_from_slice(b": "),
            _ => {
                in_string = byte == b'"';
                out.push(byte);
            }
        }
    }
    out
}

fn line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.resize(out.len() + 2 * depth, b' ');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_lines_outside_strings_only() {
        let pretty = indent(br#"{"a":"x,{\"y\":1}\\","b":[1.00,{}],"c":[]}"#);
        let wanted =
            "{\n  \"a\": \"x,{\\\"y\\\":1}\\\\\",\n  \"b\": [\n    1.00,\n    {}\n  ],\n  \"c\": []\n}";
        assert_eq!(String::from_utf8(pretty).unwrap(), wanted);
    }
}
