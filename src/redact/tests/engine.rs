//! Blocks, cuts, markers and failures.

use super::tools::{Brackets, Chance, Fixed, Panics, Words, in_pieces, lines, redactor, untagged, whole};
use crate::redact::{
    Broken, Redactor,
    finder::{BLOCK, REACH, Until},
};

fn both() -> Redactor {
    redactor(vec![Box::new(Words), Box::new(Brackets(Until::Quote(b'|')))])
}

/// Lines of all lengths, some with secrets, odd bytes and line ends.
fn text(chance: &mut Chance, length: usize) -> Vec<u8> {
    let mut text = b"a log".to_vec();
    while text.len() < length {
        match chance.below(40) {
            0 => text.extend_from_slice(b"secret-hunter2"),
            1 => text.extend_from_slice(b" <<two\n  lines\r\n>> "),
            2 => text.extend_from_slice(b"secret-<<secret-a>>"),
            3 => text.extend_from_slice(b"__REDACTED.word.01234567__"),
            4 => text.push(0),
            5 => text.extend_from_slice(b"\xff\xfe \xc3"),
            6 => text.extend_from_slice(b"\r\n"),
            7..=9 => text.push(b'\n'),
            10 => {
                let longest = if chance.below(30) == 0 { 2 * BLOCK } else { 2000 };
                let length = chance.below(longest);
                text.extend(chance.text(length, b"abcdef 0123456789"));
            }
            _ => text.extend_from_slice(b"some words of a log, "),
        }
    }
    text
}

#[test]
fn where_the_input_is_cut_does_not_matter() {
    let redactor = both();
    let mut chance = Chance(7);
    for _ in 0..6 {
        let text = text(&mut chance, 3 * BLOCK);
        let expected = in_pieces(&redactor, &text, || usize::MAX).unwrap();
        for most in [50, 5_000, 200_000, 700_000] {
            let cut = in_pieces(&redactor, &text, || chance.below(most)).unwrap();
            assert!(cut == expected, "pieces of up to {most} bytes");
        }
    }
    let text = text(&mut chance, BLOCK + 2 * REACH + 9);
    assert!(in_pieces(&redactor, &text, || 1) == in_pieces(&redactor, &text, || usize::MAX));
}

#[test]
fn twice_changes_nothing_more_and_lines_stay_lines() {
    let redactor = both();
    let mut chance = Chance(8);
    for _ in 0..4 {
        let text = text(&mut chance, 3 * BLOCK);
        let once = whole(&redactor, &text);
        assert!(whole(&redactor, &once) == once);
        assert_eq!(lines(&once), lines(&text));
        let left = memchr::memmem::find(&once, b"hunter2");
        assert_eq!(left.map(|at| String::from_utf8_lossy(&once[at - 60..at + 60])), None);
    }
}

#[test]
fn text_without_secrets_comes_out_byte_for_byte() {
    let redactor = redactor(vec![Box::new(Words)]);
    let mut chance = Chance(9);
    let letters: Vec<u8> =
        (0..=255).filter(|byte| !(1..8).contains(byte) && !(14..27).contains(byte)).collect();
    for length in [0, 1, 2, 3, 100, BLOCK, BLOCK + REACH + 1, 3 << 20] {
        let text = chance.text(length, b"abc \n\r{}\":,\xc3\xa9");
        assert!(whole(&redactor, &text) == text);
    }
    let text = [b"\xef\xbb\xbf".as_slice(), &chance.text(4 * BLOCK, b"ab\n"), &letters].concat();
    assert!(whole(&redactor, &text) == text);
}

#[test]
fn a_secret_across_any_border_goes_whole() {
    let redactor = redactor(vec![Box::new(Words)]);
    for filler in [b'x', b'\n', b'\r', b' '] {
        for border in [BLOCK, BLOCK + REACH, 2 * BLOCK] {
            for before in 0..=16 {
                let mut text = vec![filler; border - before];
                text.push(b' ');
                text.extend_from_slice(b"secret-hunter2 ");
                text.resize(3 * BLOCK, filler);
                let out = whole(&redactor, &text);
                let shown = untagged(&out[border - before..border + 60]);
                assert!(shown.starts_with(" {word} "), "{filler} {border} {before}: {shown}");
            }
        }
    }
}

#[test]
fn a_marker_across_any_border_stays() {
    let redactor = redactor(vec![Box::new(Words)]);
    for before in 0..40 {
        let mut text = vec![b'x'; BLOCK - before];
        text.extend_from_slice(b"__REDACTED.word.01234567__secret-2 ");
        text.resize(3 * BLOCK, b'x');
        let once = whole(&redactor, &text);
        assert!(memchr::memmem::find(&once, b"__REDACTED.word.01234567__").is_some());
        assert!(whole(&redactor, &once) == once);
    }
}

#[test]
fn a_value_without_an_end_goes_to_its_end_over_many_blocks() {
    for (until, end) in [(Until::Quote(b'|'), b"|".as_slice()), (Until::PemEnd, b"-----END X-----\n|")] {
        let redactor = redactor(vec![Box::new(Brackets(until))]);
        let mut chance = Chance(11);
        for lines_of in [60, 3 * BLOCK] {
            let mut text = b"before <<".to_vec();
            while text.len() < 5 * BLOCK {
                text.extend(chance.text(lines_of, b"hunter2"));
                text.push(b'\n');
            }
            text.extend_from_slice(end);
            text.extend_from_slice(b" behind\n");
            let (out, counts) = in_pieces(&redactor, &text, || 100_000).unwrap();
            let shown = untagged(&out);
            assert!(shown.starts_with("before <<{bracket}\n{bracket}\n"), "{:.60}", shown);
            assert!(shown.ends_with("| behind\n"));
            assert_eq!(shown.replace("{bracket}", "").replace('\n', ""), "before <<| behind");
            assert_eq!(lines(&out), lines(&text));
            assert_eq!(counts["bracket"], 1);
            // The footer that ended the key is gone with it.
            assert!(until == Until::PemEnd || whole(&redactor, &out) == out);
        }
    }
}

#[test]
fn a_value_without_any_end_goes_to_the_end_of_the_entry() {
    let redactor = redactor(vec![Box::new(Brackets(Until::Quote(b'|')))]);
    let text = [b"before <<".to_vec(), vec![b'x'; 4 * BLOCK]].concat();
    assert_eq!(untagged(&whole(&redactor, &text)), "before <<{bracket}");
}

#[test]
fn a_word_of_megabytes_is_one_secret() {
    let redactor = redactor(vec![Box::new(Words)]);
    let text = [b"a secret-".to_vec(), vec![b'x'; 3 << 20], b" behind".to_vec()].concat();
    let (out, counts) = in_pieces(&redactor, &text, || 77_777).unwrap();
    assert_eq!(untagged(&out), "a {word} behind");
    assert_eq!(counts["word"], 1);
}

#[test]
fn one_secret_has_one_tag_everywhere() {
    let redactor = both();
    let out = whole(&redactor, b"secret-a secret-b\nsecret-a");
    let out = String::from_utf8(out).unwrap();
    let markers: Vec<&str> = out.split_ascii_whitespace().collect();
    assert_eq!(markers[0], markers[2]);
    assert_ne!(markers[0], markers[1]);
    assert_ne!(redactor.text(b"secret-a"), both().text(b"secret-a"));
}

#[test]
fn what_is_no_text_is_withheld() {
    let redactor = redactor(vec![Box::new(Words)]);
    assert_eq!(in_pieces(&redactor, b"\x1f\x8b\x08\0abc", || 1).unwrap_err(), Broken::NotText);
    assert_eq!(redactor.text(b"\x1f\x8b\x08\0abc").as_bytes(), b"withheld");
}

#[test]
fn a_rule_that_panics_ends_the_entry_for_good() {
    let redactor = redactor(vec![Box::new(Panics)]);
    let (mut stream, mut out) = (redactor.stream(), crate::redact::Redacted::empty());
    let text = [vec![b'\n'; BLOCK + 2 * REACH], b"panic".to_vec(), vec![b'\n'; BLOCK + REACH]].concat();
    let broken = Broken::Failed("a rule panicked");
    assert_eq!(stream.push(&text, &mut out), Err(broken));
    let length = out.len();
    assert_eq!(stream.push(b"more", &mut out), Err(broken));
    assert_eq!(stream.finish(&mut out), Err(broken));
    assert_eq!(out.len(), length, "nothing comes out behind a failure");
    assert_eq!(redactor.text(b"panic").as_bytes(), b"withheld");
}

#[test]
fn a_rule_that_answers_nonsense_withholds_the_entry() {
    for range in [0..100, 50..60, 30..31] {
        let redactor = redactor(vec![Box::new(Fixed(range))]);
        assert!(matches!(
            in_pieces(&redactor, b"a text of thirty bytes exactly", || 7),
            Err(Broken::Failed(_))
        ));
    }
    // Right in the first block, and in the second before its own part.
    let redactor = redactor(vec![Box::new(Fixed(5..6))]);
    assert!(matches!(in_pieces(&redactor, &vec![b'x'; 2 * BLOCK], || 99_999), Err(Broken::Failed(_))));
}

#[test]
fn utf_16_with_a_bom_is_read_and_written_back() {
    let redactor = redactor(vec![Box::new(Words)]);
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let mut chance = Chance(12);
    let text = format!("\u{feff}é secret-a 😀\r\n{} secret-b", "no secret é😀\n".repeat(30_000));
    let expected = in_pieces(&redactor, &wide(&text), || usize::MAX).unwrap();
    let units: Vec<u16> = expected.0.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
    let shown = untagged(String::from_utf16(&units).unwrap().as_bytes());
    assert!(shown == text.replace("secret-a", "{word}").replace("secret-b", "{word}"));
    for most in [4, 100_000] {
        assert!(in_pieces(&redactor, &wide(&text), || chance.below(most)).unwrap() == expected);
    }
    assert!(whole(&redactor, &expected.0) == expected.0);
    for short in [b"\xff\xfe".as_slice(), b"\xfe\xff", b"\xff\xfea", b"\xff\xfea\0", b"\xff", b"a"] {
        assert_eq!(whole(&redactor, short), short);
    }
    for other in [b"\xff\xfe\0\0a\0\0\0".as_slice(), b"\xfe\xffpassword=secret-a\n", b"\xff\xfe \0secret-a"] {
        assert_eq!(in_pieces(&redactor, other, || 1).unwrap_err(), Broken::NotText);
        assert_eq!(in_pieces(&redactor, other, || 9).unwrap_err(), Broken::NotText);
    }
}

#[test]
fn a_redactor_serves_all_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&redactor(vec![Box::new(Words)]));
}

#[test]
fn a_bom_hides_no_start_of_a_line() {
    let redactor = redactor(vec![Box::new(Fixed(0..3))]);
    assert_eq!(untagged(&whole(&redactor, b"\xef\xbb\xbfabc=1")).as_str(), "\u{feff}{fixed}=1");
}
