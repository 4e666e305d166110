//! Values in a call's brackets or in a list behind the name: `set_password("x")`, `"password", "x"`, `Key (token)=(x)`.

use std::ops::Range;

use super::{
    glue::Cursor,
    keyed::{judged, scheme},
    names::Name,
    values::Stance,
};

/// `set_password("value")`, `["TOKEN"] || "value"`, `password: Some("value")`
pub(super) fn called(text: &[u8], name: &Name) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, name.at.end);
    cursor.quotes(true);
    let open = cursor.take(b"(")
        || cursor.take(b"?(")
        || cursor.take(b" || ")
        || cursor.take(b": Some(")
        || cursor.take(b"=Some(")
        || cursor.take(b": String = ")
        || cursor.take(b" IN (")
        || cursor.take(b") { ")
        || cursor.take(b")=(")
        || cursor.take(b" FOR ")
        || cursor.take(b"}, ")
        || cursor.take(b"=(")
        || cursor.take(b"=<");
    let violated = text[..cursor.at].ends_with(b")=(");
    cursor.quote = None;
    cursor.quotes(false);
    if violated && cursor.quote.is_none() {
        return judged(&cursor, name.kind, Stance::Tight);
    }
    let first = (open && cursor.quote.is_some()).then(|| judged(&cursor, name.kind, Stance::Loose))?;
    first.or_else(|| of_a_user(&cursor, name))
}

/// `PASSWORD FOR 'user'@'%' = 'value'`: from the user on.
fn of_a_user(user: &Cursor<'_>, name: &Name) -> Option<Range<usize>> {
    const NEAR: usize = 100;
    user.text[..user.at - 1].ends_with(b" FOR ").then_some(())?;
    let window = &user.rest()[..user.rest().len().min(NEAR)];
    let mut cursor = Cursor::new(user.text, user.at + memchr::memmem::find(window, b" = ")? + 3);
    cursor.quotes(false);
    cursor.quote?;
    judged(&cursor, name.kind, Stance::Quoted)
}

/// `"password", "value"`: binds, arguments, defaults.
pub(super) fn listed(text: &[u8], name: &Name) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, name.at.end);
    cursor.quotes(true);
    let atom = matches!(name.at.start.checked_sub(1).map(|at| text[at]), Some(b':' | b'{'));
    if cursor.quote.is_none() && !atom || !cursor.take(b",") {
        return None;
    }
    cursor.blanks(4);
    cursor.take(b"<<"); // a binary of Erlang
    cursor.quote = None;
    cursor.quotes(false);
    cursor.quote?;
    scheme(text, name, &mut cursor);
    let option = text[name.at.clone()].starts_with(b"-");
    judged(&cursor, name.kind, if option { Stance::Quoted } else { Stance::Loose })
}
