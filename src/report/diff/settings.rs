//! A text of configuration → its settings, one a line: each with the section that it stands in, for the same
//! line in another section is another setting. Comments and what changes by itself are left out.

/// What the kernel counts, among its settings.
const COUNTERS: &[&str] = &[
    "fs.dentry-state",
    "fs.file-nr",
    "fs.inode",
    "fs.quota",
    "kernel.ns_last_pid",
    "kernel.pty.nr",
    "kernel.random",
    "net.netfilter.nf_conntrack_count",
];

/// How a file tells where a line belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    /// Indented below a key: YAML.
    Indented,
    /// Within braces: NGINX.
    Braces,
    /// Behind a line with a name in brackets: ini, TOML, units of systemd.
    Headed,
}

impl Syntax {
    fn of(name: &str) -> Self {
        match name.rsplit_once('.') {
            Some((_, "yml" | "yaml")) => Self::Indented,
            Some((_, "conf")) if name.contains("nginx") => Self::Braces,
            _ => Self::Headed,
        }
    }
}

/// Lines that set something. The tag of a secret is another one in every run, so it is no difference.
pub(super) fn settings(name: &str, text: &str) -> Vec<String> {
    let syntax = Syntax::of(name);
    let mut sections: Vec<(usize, String)> = Vec::new();
    let mut settings = Vec::new();
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        let line = line.trim();
        let counted = COUNTERS.iter().any(|counter| line.starts_with(counter));
        if line.is_empty() || line.starts_with(['#', ';']) || counted {
            continue;
        }
        let line = untagged(line);
        match syntax {
            Syntax::Indented => {
                // Items of a list may stand as far left as its name.
                let item = line.starts_with("- ");
                sections.retain(|(at, _)| *at < indent || item && *at == indent);
                settings.push(within(&sections, &line));
                if line.ends_with(':') {
                    sections.push((indent, line));
                }
            }
            Syntax::Braces => {
                if line.starts_with('}') {
                    sections.pop();
                    continue;
                }
                settings.push(within(&sections, &line));
                if let Some(block) = line.strip_suffix('{') {
                    sections.push((0, block.trim_end().to_owned()));
                }
            }
            Syntax::Headed if is_header(&line) => {
                settings.push(line.clone());
                sections = vec![(0, line)];
            }
            Syntax::Headed => settings.push(within(&sections, &line)),
        }
    }
    settings
}

fn is_header(line: &str) -> bool {
    let inside = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'));
    inside.is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[' || c == '_'))
}

/// Sections that are told of a line: nobody nests deeper.
const DEEP: usize = 8;
/// Bytes of each.
const LONGEST: usize = 80;

fn within(sections: &[(usize, String)], line: &str) -> String {
    let mut out = String::new();
    for (_, section) in sections.iter().take(DEEP) {
        out.push_str(&section[..section.floor_char_boundary(LONGEST)]);
        out.push(' ');
    }
    out + line
}

/// `__REDACTED.db_password.fbc21d27__` without its last part.
fn untagged(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("__REDACTED.") {
        let (before, marker) = rest.split_at(start);
        out.push_str(before);
        let end = marker[2..].find("__").map_or(marker.len(), |end| end + 4);
        let inside = &marker[..end];
        out.push_str(inside.rsplit_once('.').map_or(inside, |(kept, _)| kept));
        out.push_str("__");
        rest = &marker[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_secrets_are_no_difference() {
        let line = "a = __REDACTED.db_password.fbc21d27__ b = __REDACTED.x.00000000__;";
        assert_eq!(untagged(line), "a = __REDACTED.db_password__ b = __REDACTED.x__;");
        assert_eq!(untagged("__REDACTED.cut"), "__REDACTED__");
        assert_eq!(settings("sysctl_a", "# x\n\n a = 1 \nkernel.random.uuid = 7\n"), ["a = 1"]);
    }

    #[test]
    fn a_line_is_told_with_the_section_that_it_stands_in() {
        for (name, text, last) in [
            ("etc/x.toml", "a = 1\n[git]\n[[storage]]\nname = 'x'\n", "[[storage]] name = 'x'"),
            ("etc/x.service", "[Unit]\nA=1\n[Service]\nB=2\n", "[Service] B=2"),
            ("etc/gitlab/gitlab.rb", "x = [\n  'a'\n]\n", "]"),
            (
                "var/opt/gitlab/x.yml",
                "production: &base\n  a: 1\nproduction:\n  main:\n    db: x\n    host: y\n",
                "production: main: host: y",
            ),
            ("x.yml", "list:\n- a: 1\n  b:\n    c: 2\n", "list: b: c: 2"),
            ("x.yml", "one:\n  a: 1\ntwo: 2\n", "two: 2"),
            (
                "var/opt/gitlab/nginx/conf/nginx.conf",
                "http {\n  server {\n    a 1;\n  }\n  server {\n    listen 80;\n  }\n  b 2;\n}\n",
                "http b 2;",
            ),
        ] {
            assert_eq!(settings(name, text).last().unwrap(), last);
        }
        assert!(within(&vec![(0, "é".repeat(1000)); 100], "x").len() < 1000);
    }
}
