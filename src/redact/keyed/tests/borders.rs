//! The same text gives the same spans wherever a block's border falls.

use super::*;

/// The spans of a text cut into two blocks at `cut`.
fn in_two(keyed: &Ruled, text: &[u8], cut: usize) -> Vec<Span<'static>> {
    let mut all = Vec::new();
    for own in [0..cut, cut..text.len()] {
        let mut found = Vec::new();
        keyed.find(&Window { text, own, first: true, last: true }, &mut found);
        all.extend(found.into_iter().map(|s| Span {
            range: s.range,
            rule: "x",
            rank: s.rank,
            quoted: s.quoted,
            open: s.open,
        }));
    }
    all
}

#[test]
fn a_border_anywhere_changes_nothing() {
    let keyed = Ruled::new(&[]).only_keyed();
    for text in [
        "a: 1\npassword: a b\nprivate_key: |\n  abc\n  def\nx: y\ntokens:\n  - a\n  - b\nz: 1\n",
        "{\n \"key\": \"password\",\n \"value\": \"x y\"\n}\n{\n \"value\": \"x\",\n \"key\": \"password\"\n}\n",
        "{\"a\":\"password=x y\",\"params\":[{\"value\":\"x\",\"key\":\"token\"}],\"secrets\":{\"a\":\"b\",\"c\":[1]}}\n",
        "x?private_token=a&b=c\nAuthorization: Basic abc\nCookie: _gitlab_session=abc; a=b\nmysql -px y\n",
        "- value: x\n  name: DB_PASSWORD\n- name: DB_PASSWORD\n  value: y\n",
        "INSERT INTO t (id, password)\nVALUES (1, 'x'),\n(2, 'y')\n",
        "<key>Password</key>\n<string>x</string>\n",
        "password:\n  a b\nk_secret = <<EOS\nx\ny\nEOS\n",
        "private_key: |2-\n  abc\nx: y\napp --password \\\n  x\n",
        "secrets = {\n  'a' => 'b',\n  'c' => 'd'\n}\nx = 1\n",
    ] {
        let whole = render(text.as_bytes(), spans(&keyed, text.as_bytes()), "█");
        for cut in 0..=text.len() {
            assert_eq!(render(text.as_bytes(), in_two(&keyed, text.as_bytes(), cut), "█"), whole, "{cut}");
        }
    }
}

#[test]
fn only_spans_that_start_in_the_block() {
    let keyed = Ruled::new(&[]).only_keyed();
    let text = b"password=a\ntoken=b\nsecret=c\n";
    let mut found = Vec::new();
    keyed.find(&Window { text, own: 11..19, first: true, last: true }, &mut found);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].range, 17..18);
}

#[test]
fn a_value_longer_than_the_window_is_open() {
    use crate::redact::finder::Until;
    let keyed = Ruled::new(&[]).only_keyed();
    for (text, until) in [
        ("{\"password\":\"aaaa", Until::Quote(b'"')),
        ("password=aaaa", Until::LineEnd),
        ("x password=aaaa", Until::WordEnd),
        ("password: aaaa", Until::LineEnd),
        ("password = 'aaaa", Until::Quote(b'\'')),
    ] {
        let window = Window { text: text.as_bytes(), own: 0..text.len(), first: true, last: false };
        let mut found = Vec::new();
        keyed.find(&window, &mut found);
        assert_eq!(found.len(), 1, "{text}");
        assert_eq!(found[0].open, Some(until), "{text}");
    }
}
