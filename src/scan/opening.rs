//! What opens a value behind a sign: quotes of many languages, blocks, tags, the next line.

use super::glue::Cursor;

/// Steps over all that opens a value. Tells whether it is one of a kind that takes whole lines.
pub(super) fn pass(cursor: &mut Cursor<'_>, plural: bool) -> bool {
    cursor.quote = None;
    // `!!str `, `&anchor `
    for _ in 0..2 {
        let rest = cursor.rest();
        if matches!(rest.first(), Some(b'!' | b'&')) {
            let word =
                rest.iter().take(30).take_while(|b| b.is_ascii_alphanumeric() || b"!&_".contains(b)).count();
            if rest.get(word) == Some(&b' ') {
                cursor.at += word + 1;
            }
        }
    }
    let rest = cursor.rest();
    let line = |from: usize| {
        let rest = rest.get(from..)?;
        let signs = rest.iter().take(3).take_while(|b| b"-+123456789".contains(b)).count();
        let end = signs + usize::from(rest.get(signs) == Some(&b'\r'));
        (rest.get(end) == Some(&b'\n')).then_some(from + end + 1)
    };
    let block = match rest {
        [b'|' | b'>', ..] => line(1),
        [b'"', b'"', b'"', ..] | [b'\'', b'\'', b'\'', ..] => line(3),
        [b'<', b'<', ..] => {
            let word = rest
                .iter()
                .take(30)
                .take_while(|b| b.is_ascii_alphanumeric() || b"<~-'\"_.".contains(b))
                .count();
            line(word)
        }
        _ => None,
    };
    if let Some(length) = block {
        cursor.at += length;
        cursor.blanks(40);
        return true;
    }
    if let [b'%', rest @ ..] = rest {
        let letter = usize::from(matches!(rest.first(), Some(b'q' | b'Q' | b'w' | b'W')));
        if rest.get(letter).is_some_and(|b| b"([{<|!".contains(b)) && (letter == 1 || rest[0] != b'{') {
            cursor.at += 2 + letter;
            return false;
        }
    }
    if matches!(rest, [b'\n' | b'\r', ..]) {
        next_line(cursor, plural);
    }
    cursor.take(b"<![CDATA[");
    dumped(cursor);
    if cursor.take(b"[") {
        cursor.blanks(2);
    }
    if matches!(cursor.rest(), [b'b' | b'u' | b'N' | b'E' | b'r', b'"' | b'\'', ..]) {
        cursor.at += 1;
    }
    if matches!(cursor.rest(), [b'$', b'\'', ..]) {
        cursor.at += 1;
    }
    for triple in [&b"\"\"\""[..], b"'''", b"\\\"\\\"\\\""] {
        if cursor.rest().starts_with(triple) {
            cursor.at += triple.len() / 3 * 2;
        }
    }
    // `password=''value''` in a string of SQL
    if matches!(cursor.rest(), [b'\'', b'\'', next, ..] if next.is_ascii_alphanumeric()) {
        cursor.at += 1;
    }
    cursor.quotes(false);
    if cursor.quote.is_none() && cursor.blanks(4) > 0 {
        cursor.quotes(false);
    }
    false
}

/// `string(9) "x"`, as PHP dumps a value, on the line below too.
fn dumped(cursor: &mut Cursor<'_>) {
    const TYPE: &[u8] = b"string(";
    let rest = cursor.rest();
    let blanks = rest.iter().take(40).take_while(|b| b.is_ascii_whitespace()).count();
    let Some(size) = rest[blanks..].strip_prefix(TYPE) else { return };
    let digits = size.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
    if size[digits..].starts_with(b") ") {
        cursor.at += blanks + TYPE.len() + digits + 2;
    }
}

/// A quoted value on the line below, or the first of a list.
fn next_line(cursor: &mut Cursor<'_>, plural: bool) {
    let start = cursor.at;
    let _ = cursor.take(b"\r");
    let _ = cursor.take(b"\n");
    cursor.blanks(60);
    let item = plural && cursor.take(b"- ");
    if !item && !matches!(cursor.peek(), Some(b'"' | b'\'')) {
        cursor.at = start;
    }
}
