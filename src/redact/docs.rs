//! docs/redaction.md: what leaves and what goes, written from the tables that the program itself uses.

use std::fmt::Write;

use super::{
    chosen::{About, KINDS},
    keyed, marker,
    names::lists,
    secrets::places::{self, Format, Place},
    shaped::{self, Rule},
};
use crate::host::never::NEVER;

const INTRODUCTION: &str = "\
# Redaction

Everything in a bundle went through redaction: contents, file names, the manifest, the log of the run, error texts and
command lines. This page is written by the program's tests from the same tables that redact.

- [Markers](#markers)
- [Known secrets](#known-secrets)
- [Shaped secrets](#shaped-secrets)
- [Keyed secrets](#keyed-secrets)
- [Chosen pseudonyms](#chosen-pseudonyms)
- [Patterns of your own](#patterns-of-your-own)
- [Values to keep](#values-to-keep)
- [What survives](#what-survives)
- [What is never taken](#what-is-never-taken)

Three kinds of secrets are looked for, in this order of trust. Where two find the same bytes, the surer kind names them.

| kind | how it is known | where it is found |
|---|---|---|
| known | read from the host's own configuration, into memory only | anywhere, whatever stands beside it, in every encoded form |
| shaped | by its form: a published prefix, a private key's armour, a hash, a password in a URL | anywhere |
| keyed | by the name beside it | in every syntax that a GitLab host writes |
";

const MARKERS: &str = "
## Markers

In a secret's place stands `__REDACTED.NAME.TAG__`.

- `NAME` is the rule, or of a known secret the name of its key, such as `db_password`.
- `TAG` is eight hexadecimal digits: a keyed hash of the value. The key is drawn for each run and dies with it, so equal tags in one
  bundle mean equal values, and no tag can be compared with another bundle's or guessed from a dictionary.
- The marker has no quotes, brackets, backslashes, colons or spaces. Lines stay lines, JSON keeps its shape, YAML, TOML, INI and Ruby
  can still be parsed. Where the secret was a number, the marker stands in quotes.
- Only this exact form counts as redacted already. A second redaction changes nothing.
";

const KNOWN: &str = "
## Known secrets

At the start the places below are read, on the host and into memory only, each with a parser of its format. `*` stands for any part of
one name. What such a file names (`password_file`, `File.read('…')`, a moved folder) is read too. A place that is there and can't be read or
understood is told; if it is GitLab's own, GitLab's entries are withheld.

A value is found as it is, and in these forms: JSON-escaped (as Ruby, Go, Python and PHP write it, twice too), percent-encoded (either
case, `+` for a space, twice too), base64 (all three alignments, the standard and the URL alphabet, wrapped over lines: the whole run goes),
hexadecimal, UTF-16, XML entities, the quotes of shells, SQL, YAML, Ruby and Redis, and lists of byte values as journald writes them. Of a
private key each line is a secret by itself.

A value that a log may hold for another reason (short, a word, a host's name, a number, a path) is looked for only where its key stands
beside it, and the report says so.
";

const SHAPED: &str = "
## Shaped secrets

In the examples `{20}` stands for twenty characters of the token's alphabet, `{8+}` for eight or more, `[ab]` for one of these, and only
what stands in `«»` goes, or the whole where there is none. A longer token of the same form goes whole. Look-alikes stay.
";

const KEYED: &str = "
## Keyed secrets

A value goes if the name beside it says that it is a secret, in any case style (`db_password`, `dbPassword`, `DB-PASSWORD`,
`gitlab_rails['db_password']`): in JSON, also inside JSON strings and as `{\"key\":\"password\",\"value\":\"…\"}`, YAML, TOML, INI, XML, Ruby,
shells, units, logfmt, HTTP headers and cookies, query strings and forms, SQL, connection strings, Redis commands, mail logins, diffs and
command lines.
";

const CHOSEN: &str = "
## Chosen pseudonyms

Nothing of this happens without `--hide KIND,…` (or `--hide all`). Each value then gets a pseudonym of its kind, by a keyed hash: the same
value has the same one in every file, name and line of a bundle, in whatever case it is written, and no two values of a run share one.
Where a secret and a pseudonym meet, the secret goes. A pseudonym is known by its form and never hidden again. The bundle's own name, the
names of its files, the manifest and the log of the run are included.

With `--mapping FILE` the key is kept in FILE (made with mode 0600 if it is not there; give all nodes the same file and they give the same
pseudonyms), and the run's pairs go to `FILE.BUNDLE.glsos-pairs` beside it. `glsos reveal --mapping FILE` turns pseudonyms back. Without it the
key dies with the run and nobody can go back. None of these files is ever in a bundle: keep them.

At most 400,000 different values of a run are remembered. More are hidden all the same, but can't be revealed, and nobody looks whether
two of them share a pseudonym; the log of the run says so.

";

const PATTERNS: &str = "
## Patterns of your own

`--redact-pattern REGEX`, as often as you like, removes what a regular expression matches. It is looked for in everything that leaves, as all
rules are, and where others find the same bytes only a known secret's name goes before it.

- The syntax is that of [Rust's regex](https://docs.rs/regex/#syntax): no look-around, no backreference, and time that grows with the line, not
  with the pattern's cleverness. It works on bytes, since logs are not UTF-8: `.` and `[^\"]` match any byte, and no character is cut in two.
  `\\w` and `(?i)` know ASCII only; `(?u)` before a pattern makes it work on characters.
- Within a line: nothing matches a line end, `^` and `$` are those of a line, which ends with LF, CR LF or CR.
- Without groups the whole match goes. With groups only what they match goes, all of them, or if any has a name only the named ones:
  `user=(\\S+)`, `(?:badge|id) (?<badge>[0-9]+)`.
- The rule is called `pattern-1`, `pattern-2` in their order, or of a named group `pattern-badge`. Markers and counts tell that name. The
  pattern's text is not written to the bundle, and goes where a process table shows it.
- A pattern that also matches where nothing is (`a*`) is refused, and so is one whose program would be too large.
- A marker in a text ends a match that would go through it, unless the match is one without what follows the marker too: then it goes whole.
- In a line of more than 256 KiB a match may end up to 64 KiB behind the block of 256 KiB in which it begins. Of a pattern that could match
  more (`BEGIN.*END`), all goes from where it may have begun to the line's end, if no end of the line is in sight: rather too much than too little.
  A second redaction may take more of such a line. So does a line of more than 30,000 bytes with many thousand matches in it go from there.
";

const KEPT: &str = "
## Values to keep

`--keep-value FILE` names a file with one value a line that stays although its form or the name beside it would take it: a word that only
looks like a secret and that support needs. As root the file must be root's, and nobody else's to write.

- Only the exact bytes of a line, as they stand in the text. A longer or an encoded value goes.
- Never a secret of the host, also a weak one, nor what `--redact-value` or `--redact-pattern` takes: it goes, and the run says how many such
  values were to be kept.
- The manifest tells how many values were to be kept and how often one was, not which.
- The second scan passes over such a value where it stands by itself.
";

const SURVIVES: &str = "
## What survives

Correlation ids (ULIDs, UUIDs), git SHAs and image digests, job ids, fingerprints, public keys and certificates, times, durations,
process ids, status and exit codes, versions, paths, project paths, routes and names of workers (`Auth::TokenCleanupWorker`), SQL with
columns called `encrypted_password`, the names themselves, references that are no values (`File.read('/etc/…')`, `ENV['X']`, `$VAR`), and
what was masked before (`[FILTERED]`, `[REDACTED]`, `******`). So do these names' values:
";

/// The whole page.
pub fn page() -> String {
    let mut out = String::from(INTRODUCTION);
    out.push_str(MARKERS);
    let _ = writeln!(out, "- A marker is at most {} bytes long.", marker::LONGEST);
    out.push_str(KNOWN);
    known_places(&mut out);
    out.push_str(SHAPED);
    shaped_rules(&mut out);
    out.push_str(KEYED);
    keyed_names(&mut out);
    out.push_str(CHOSEN);
    chosen_kinds(&mut out);
    out.push_str(PATTERNS);
    out.push_str(KEPT);
    out.push_str(SURVIVES);
    surviving_names(&mut out);
    out.push_str("\n## What is never taken\n\nWhatever a collector says, by path and by device and inode.\n\n| path | why |\n|---|---|\n");
    for never in NEVER {
        let _ = writeln!(out, "| `{}` | {} |", never.pattern, never.why);
    }
    out
}

fn known_places(out: &mut String) {
    let table = |out: &mut String, places: &[Place]| {
        out.push_str("\n| place | read as | GitLab's own |\n|---|---|---|\n");
        for place in places {
            let own = if place.gitlabs { "yes" } else { "" };
            let _ = writeln!(out, "| `{}` | {} | {own} |", place.pattern, read_as(place.format));
        }
    };
    table(out, places::PLACES);
    let _ = writeln!(out, "\nIn the homes `{}`:", places::HOMES.join("`, `"));
    table(out, places::IN_HOMES);
}

fn read_as(format: Format) -> &'static str {
    match format {
        Format::Secrets => "JSON in which every string is a secret",
        Format::Json => "JSON",
        Format::Ruby => "Ruby",
        Format::Yaml => "YAML",
        Format::Toml => "TOML",
        Format::Lines => "one setting a line",
        Format::Named => "one value, called as the file",
        Format::Value => "one secret",
        Format::Key => "a private key, if there is one in it",
        Format::PgPass => "the fifth field of each line",
        Format::Netrc => "`password x`",
        Format::Hashes => "a hash behind each name",
        Format::Guess => "as its name and content tell",
    }
}

fn shaped_rules(out: &mut String) {
    let _ = writeln!(
        out,
        "\n{} rules:\n\n| rule | what it is | goes | stays |\n|---|---|---|---|",
        shaped::rules().count()
    );
    for Rule { name, what, examples, lookalikes, .. } in shaped::rules() {
        let _ = writeln!(out, "| {name} | {} | {} | {} |", cell(what), shown(examples), shown(lookalikes));
    }
}

fn keyed_names(out: &mut String) {
    let rows = [
        ("a word of the name, wherever it stands (`*x`: a word that ends so)", lists::STRONG),
        ("its last word", lists::LAST),
        ("the word before a last `key`", lists::KEY_OF),
        ("the whole name", lists::ALSO),
    ];
    list(out, &rows);
    let _ = writeln!(out, "\nA marker calls it `{}`.", keyed::rule_names().join("`, `"));
}

fn chosen_kinds(out: &mut String) {
    out.push_str("\n| kind | pseudonym | takes | leaves, and does not promise |\n|---|---|---|---|\n");
    for About { name, looks, takes, leaves, .. } in KINDS {
        let _ = writeln!(out, "| `{name}` | {looks} | {takes} | {leaves} |");
    }
}

fn surviving_names(out: &mut String) {
    let rows = [
        ("the last word only talks about a secret", lists::ABOUT),
        ("the whole name is of something else", lists::NOT),
    ];
    list(out, &rows);
}

fn list(out: &mut String, rows: &[(&str, &[&str])]) {
    for (what, words) in rows {
        let mut words = words.to_vec();
        words.sort_unstable();
        words.dedup();
        let _ = writeln!(out, "\n- {what}: `{}`", words.join("`, `"));
    }
}

/// Text inside a table: a pipe would end the cell, and a tag would be one.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn shown(forms: &[&str]) -> String {
    let forms: Vec<String> = forms.iter().map(|form| format!("`{}`", template(form))).collect();
    forms.join("<br>")
}

/// A form as a reader takes it: never a whole token, so that no scanner takes the page for a leak.
fn template(form: &str) -> String {
    let mut out = String::new();
    let mut rest = form.strip_prefix('^').unwrap_or(form).chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.extend(rest.next()),
            '{' => {
                rest.next();
                out.push('{');
            }
            '(' => out.push('«'),
            ')' => out.push('»'),
            '<' => out.push('['),
            '>' => out.push(']'),
            '$' | '!' if rest.peek().is_none() => {}
            '\n' => out.push('⏎'),
            c => out.push(c),
        }
    }
    masked(&out).replace('|', "\\|").replace('`', "'")
}

/// Of an example that is spelled out, the part that could be a token by its length.
fn masked(text: &str) -> String {
    const LONG: usize = 20;
    let mut out = String::new();
    for part in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = part.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        if word.len() >= LONG && word.bytes().any(|byte| byte.is_ascii_digit()) {
            let _ = write!(out, "{{{}}}{}", word.len(), &part[word.len()..]);
        } else {
            out.push_str(part);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::{Redactor, ruled::Ruled};

    #[test]
    fn a_form_is_shown_without_a_token() {
        assert_eq!(template("^glpat-{w20}<.{l2}.{l9}>$"), "glpat-{20}[.{2}.{9}]");
        assert_eq!(template(r"\$1\${c8}\n({b20+})!"), "$1${8}n«{20+}»");
    }

    #[test]
    fn the_page_holds_nothing_that_looks_like_a_token() {
        let redactor = Redactor::with_finders(vec![Box::new(Ruled::new(&[]).only_shaped())]).unwrap();
        let page = page();
        let out = redactor.text(page.as_bytes());
        let out = String::from_utf8_lossy(out.as_bytes());
        // A template of a URL with a password is a URL with a password.
        let credentials = ["| url-password", "| encoded-url-password", "| driver-password", "| smtp-login"];
        let token = |line: &str| !credentials.iter().any(|rule| line.starts_with(rule));
        let differs =
            page.lines().zip(out.lines()).filter(|(line, redacted)| line != redacted && token(line));
        assert_eq!(differs.map(|(_, redacted)| redacted).collect::<Vec<_>>(), Vec::<&str>::new());
    }
}
