//! Entries as they are: to a pipe byte by byte, to a terminal with all that could drive it escaped, and
//! inflated where they are compressed.

use std::collections::BTreeSet;

use super::{Out, absent};
use crate::{
    cli::console::{Console, escape, escape_line},
    error::{Error, Result},
    host::Flow,
    read::contents::{Contents, Pull},
    read::inflated::{Budget, Inflated},
};

const PIECE: usize = 64 << 10;

/// Whether all of it could be read.
pub(super) fn run(contents: &Contents, picked: &BTreeSet<usize>, console: &Console) -> Result<bool> {
    let terminal = console.data_goes_to_terminal();
    let (mut whole, mut first) = (true, true);
    for number in picked.iter().filter(|number| !contents.listed[**number].present) {
        let entry = &contents.listed[*number];
        let what =
            format!("{} is not in the bundle: {}", escape_line(&entry.name), escape_line(&absent(entry)));
        if picked.len() == 1 {
            return Err(Error::host(what).hint("`glsos show BUNDLE` lists what is"));
        }
        console.say(&what);
    }
    let mut out = Out::new(console);
    contents.read(picked, &mut |number, pull| {
        let name = escape_line(&contents.listed[number].name);
        if terminal && picked.len() > 1 {
            let gap = if std::mem::take(&mut first) { "" } else { "\n" };
            out.write(format!("{gap}==> {name} <==\n").as_bytes())?;
        }
        let (flow, torn) =
            if terminal { shown(pull, &contents.budget, &mut out)? } else { copied(pull, &mut out)? };
        if let Some(why) = torn {
            whole = false;
            out.flush()?;
            console.say(&format!("{name}: {why}"));
        }
        Ok(flow)
    })?;
    out.flush()?;
    Ok(whole)
}

type Went = (Flow, Option<String>);

fn copied(pull: Pull<'_>, out: &mut Out<'_>) -> Result<Went> {
    let mut piece = vec![0; PIECE];
    loop {
        match pull(&mut piece) {
            Ok(0) => return Ok((Flow::Go, None)),
            Ok(n) if out.write(&piece[..n])? == Flow::Stop => return Ok((Flow::Stop, None)),
            Ok(_) => {}
            Err(why) => return Ok((Flow::Go, Some(why))),
        }
    }
}

fn shown(pull: Pull<'_>, budget: &Budget, out: &mut Out<'_>) -> Result<Went> {
    let mut inflated = Inflated::new(pull, budget);
    let (mut piece, mut held) = (vec![0; PIECE], Vec::new());
    loop {
        let n = match inflated.read(&mut piece) {
            Ok(n) => n,
            Err(why) => return Ok((Flow::Go, Some(why))),
        };
        held.extend_from_slice(&piece[..n]);
        let text = safe(&mut held, n == 0);
        if out.write(text.as_bytes())? == Flow::Stop {
            return Ok((Flow::Stop, None));
        }
        if n == 0 {
            return Ok((Flow::Go, None));
        }
    }
}

/// Takes what can be shown already: a character that a piece's border cuts waits for its end.
fn safe(held: &mut Vec<u8>, end: bool) -> String {
    let keep = match std::str::from_utf8(held) {
        Err(error) if error.error_len().is_none() && !end => held.len() - error.valid_up_to(),
        // Behind a byte that is wrong another character may be cut.
        Err(_) if !end => held.utf8_chunks().last().map_or(0, |chunk| match chunk.invalid() {
            [first, ..] if *first >= 0xc2 => chunk.invalid().len(),
            _ => 0,
        }),
        _ => 0,
    };
    let rest = held.split_off(held.len() - keep);
    let text = escape(&String::from_utf8_lossy(held));
    *held = rest;
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_does_not_depend_on_the_pieces() {
        let text = "a\u{1b}[2Jé界\u{202e}\u{fffd}z\n".as_bytes();
        let odd = [text, b"\xff\xc3", text, b"\xe7\x95"].concat();
        for piece in 1..8 {
            let (mut held, mut all) = (Vec::new(), String::new());
            for bytes in odd.chunks(piece) {
                held.extend_from_slice(bytes);
                all.push_str(&safe(&mut held, false));
            }
            all.push_str(&safe(&mut held, true));
            assert_eq!(all, escape(&String::from_utf8_lossy(&odd)), "{piece}");
            assert!(!all.contains('\u{1b}') && !all.contains('\u{202e}'));
        }
    }
}
