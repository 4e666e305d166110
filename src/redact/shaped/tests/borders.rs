//! Blocks: what begins in one belongs to it, and nothing gets through between two.

use super::*;

/// All spans of a text that is asked for in blocks of this size.
fn in_blocks(text: &[u8], size: usize) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    for start in (0..text.len()).step_by(size) {
        let own = start..(start + size).min(text.len());
        let found = find_in(&SHAPED, Window { text, own: own.clone(), first: true, last: true });
        assert!(found.iter().all(|span| own.contains(&span.range.start)), "a span of another block");
        spans.extend(found);
    }
    spans
}

#[test]
fn a_token_at_a_border_belongs_to_the_block_it_begins_in() {
    for rule in rules() {
        let (token, secret) = sample::of(rule.examples[0]);
        let text = [b"some words before ".as_slice(), &token, b" and behind\n"].concat();
        let secret = secret.start + 18..secret.end + 18;
        for border in 1..text.len() {
            let spans = in_blocks(&text, border);
            let covered = |at: usize| spans.iter().any(|span| span.range.contains(&at));
            assert!(
                secret.clone().all(covered),
                "{}: `{}` cut every {border} bytes: {spans:?}",
                rule.name,
                lossy(&text)
            );
        }
    }
}

#[test]
fn a_token_without_an_end_in_the_window_is_open() {
    let text = [b"x ".as_slice(), b"glpat-", &[b'a'; 3000]].concat();
    let spans = find_in(&SHAPED, Window { text: &text, own: 0..100, first: true, last: false });
    assert_eq!(spans.len(), 1);
    assert_eq!((spans[0].range.clone(), spans[0].open), (2..text.len(), Some(Until::WordEnd)));
}

#[test]
fn a_private_key_without_an_end_in_the_window_is_open() {
    let body = "MIIEowIBAAKCAQEAx1Yx0a2b3c4d5e6f7g8h9i0jAbCdEfGhIjKlMnOpQrStUvWx\n".repeat(100);
    let text = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}");
    let spans = find_in(&SHAPED, Window { text: text.as_bytes(), own: 0..3000, first: true, last: false });
    let last = spans.last().unwrap();
    assert_eq!(last.open, Some(Until::PemEnd));
    assert!(last.range.end >= text.len() - 1 && spans.iter().all(|span| span.range.start < 3000));
}

#[test]
fn the_lines_of_a_private_key_that_began_in_an_earlier_block_go_too() {
    let body = "MIIEowIBAAKCAQEAx1Yx0a2b3c4d5e6f7g8h9i0jAbCdEfGhIjKlMnOpQrStUvWx\n".repeat(300);
    let text = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\nafter\n");
    let spans = in_blocks(text.as_bytes(), 10_000);
    let left: Vec<u8> = (0..text.len())
        .filter(|at| !spans.iter().any(|span| span.range.contains(at)))
        .map(|at| text.as_bytes()[at])
        .collect();
    assert_eq!(lossy(&left).trim(), "after");
}

#[test]
fn hostile_repetition_takes_no_longer_than_its_length() {
    // Finishes at once, or not within anybody's patience: each of these once made some scanner quadratic.
    for unit in [
        "eyJ",
        "eyJ.",
        "eyJa.eyJa",
        "://",
        "://a",
        "://a:b",
        "://a:b@",
        "%3A%2F%2F",
        "%3A%2F%2Fa%3Ab",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n",
        "PRIVATE KEY-----",
        "glpat-",
        "Z2xwYXQt",
        "MIIEpAIBAAKCAQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "Basic ",
        "Basic AAAAAAAA",
        "Bearer a",
        "a.01.",
        "$1$",
        "$6$a",
        "md5",
        "SCRAM-SHA-256$1:",
        "_gitlab_session=",
        "?sig=",
        "a-issue@",
        "Private-Lines: 999\n",
        "AccountKey=",
        "xoxb-1",
    ] {
        let text = unit.repeat((1 << 18) / unit.len());
        for last in [true, false] {
            find_in(&SHAPED, Window { text: text.as_bytes(), own: 0..text.len() / 2, first: true, last });
        }
    }
}

#[test]
fn any_mixture_of_fragments_gives_spans_within_its_block() {
    let fragments = [
        "-----BEGIN ",
        "-----END ",
        "RSA ",
        "PRIVATE KEY",
        "-----",
        "---",
        "\n",
        "\r\n",
        "\\n",
        "\\",
        "://",
        "%3A%2F%2F",
        ":",
        "@",
        "/",
        "%",
        "%40",
        "eyJ",
        ".",
        "glpat-",
        "AbcdefghijklmnopqrsT12",
        "MIIEowIBAAKCAQEAx1Yx0a2b3c4d5e6f7g8h9i0jAbCd",
        "==",
        "$2a$",
        "$",
        "10",
        "Basic ",
        "Bearer ",
        "Private-Lines: ",
        "3",
        ".01.",
        "__REDACTED.x.12345678__",
        "\"",
        " ",
        "\u{e9}",
        "\0",
        "Z2xwYXQt",
        "-us1",
    ];
    let mut seed = 1u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (seed >> 33) as usize % most
    };
    for _ in 0..500 {
        let mut text = Vec::new();
        for _ in 0..random(40) {
            text.extend(fragments[random(fragments.len())].bytes());
        }
        let start = random(text.len() + 1);
        let own = start..start + random(text.len() - start + 1);
        for last in [true, false] {
            for span in find_in(&SHAPED, Window { text: &text, own: own.clone(), first: true, last }) {
                assert!(own.contains(&span.range.start) && span.range.end <= text.len(), "{}", lossy(&text));
            }
        }
    }
}
