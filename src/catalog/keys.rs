//! Every key of a collector, once: the parser knows a key, its type, whether it must be there and
//! its default from here, and docs/collectors.md prints the same lines.

/// The type of a value, as TOML has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A string.
    Text,
    /// A list of strings.
    Texts,
    /// A string, or a list of them.
    OneOrMore,
    /// `true` or `false`.
    Flag,
    /// A table of its own.
    Table(&'static Section),
    /// Any number of `[[…]]` tables.
    Tables(&'static Section),
}

/// Whether a key must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Without it the file is refused.
    Must,
    /// What holds without it is told in the key's text.
    May,
    /// This value holds without it.
    Default(&'static str),
}

/// One key.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) value: Type,
    pub(super) need: Need,
    /// For the reader of the format: what it means, and what may stand there.
    pub(super) about: &'static str,
    /// As it could stand in a file.
    pub(super) example: &'static str,
}

/// The keys of one kind of table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Section {
    /// As it is written: `[[command]]`.
    pub(super) title: &'static str,
    /// What it is for.
    pub(super) about: &'static str,
    pub(super) groups: &'static [&'static [Key]],
}

impl Section {
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.groups.iter().flat_map(|group| group.iter())
    }

    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }
}

const fn key(name: &'static str, value: Type, need: Need, example: &'static str, about: &'static str) -> Key {
    Key { name, value, need, about, example }
}

use Need::{Default, May, Must};
use Type::{Flag, OneOrMore, Table, Tables, Text, Texts};

/// A file as a whole.
pub(super) static COLLECTOR: Section = Section {
    title: "the file",
    about: "One subject. The file's stem is the collector's name: lower-case letters, digits and dashes, beginning with a letter.",
    groups: &[&[
        key(
            "about",
            Text,
            May,
            r#""Redis: memory, persistence, slow commands""#,
            "One line that says what the collector is about. Compulsory, unless the file only switches collectors off.",
        ),
        key(
            "when",
            Table(&WHEN),
            May,
            r#"{ any_path = ["/opt/gitlab/embedded/bin/redis-cli"] }"#,
            "On which hosts it applies; on all, unless told.",
        ),
        key(
            "profiles",
            Texts,
            Default("quick, default, full"),
            r#"["default", "full"]"#,
            "In which profiles its sources are taken: `quick` (nothing that takes long), `default`, `full` (what is slow, too).",
        ),
        key(
            "disable",
            Texts,
            May,
            r#"["redis", "system/uname"]"#,
            "Only in a drop-in: built-in collectors and sources that are not to be taken on this host.",
        ),
        key("command", Tables(&COMMAND), May, "", "The output of a command."),
        key("part", Tables(&PART), May, "", "A part of what a command prints, as an entry of its own."),
        key("file", Tables(&FILE), May, "", "Files, whole."),
        key("log", Tables(&LOG), May, "", "Logs, in the time window."),
        key("http", Tables(&HTTP), May, "", "An answer of a service on this host."),
        key("probe", Tables(&PROBE), May, "", "What glsos itself reads from the system."),
    ]],
};

/// A condition.
pub(super) static WHEN: Section = Section {
    title: "when",
    about: "A condition, of a collector or of one source. All keys that are given must hold. \
            A collector's own is for what it runs and asks: its files and logs are taken wherever they are, unless one has a condition itself.",
    groups: &[&[
        key("any_path", OneOrMore, May, r#"["/etc/debian_version"]"#, "One of these absolute paths exists."),
        key("all_paths", OneOrMore, May, r#"["/usr/bin/rpm"]"#, "All of these absolute paths exist."),
        key(
            "service",
            OneOrMore,
            May,
            r#""patroni""#,
            "One of these GitLab services is enabled: a name below /opt/gitlab/service, or a unit of a source install.",
        ),
        key("role", OneOrMore, May, r#""rails""#, "The node has one of these roles; they are listed below."),
    ]],
};

const NAME: Key = key(
    "name",
    Text,
    Must,
    r#""info""#,
    "The source's name, unique in its collector: lower-case letters, digits, dashes, dots and underscores.",
);

const WHY: Key = key(
    "why",
    Text,
    Must,
    r#""Evictions and replication state""#,
    "One sentence: why this is taken. The customer's privacy review reads it.",
);

const SOURCE_WHEN: Key = key(
    "when",
    Table(&WHEN),
    May,
    r#"{ service = "redis" }"#,
    "A condition of its own, besides the collector's.",
);

const SOURCE_PROFILES: Key =
    key("profiles", Texts, May, r#"["full"]"#, "Its own profiles; the collector's, unless told.");

const AS: Key = key(
    "as",
    Text,
    May,
    r#""df_hT""#,
    "A name at the top of the bundle instead of `COLLECTOR/NAME`, for tools that know gitlabsos archives.",
);

const fn timeout(default: &'static str) -> Key {
    key(
        "timeout",
        Text,
        Default(default),
        r#""10s""#,
        "How long it may take, at most `1h`: a number and a unit out of `ms s m h`.",
    )
}

const fn limit(default: &'static str, about: &'static str) -> Key {
    key("limit", Text, Default(default), r#""1MiB""#, about)
}

/// `[[command]]`
pub(super) static COMMAND: Section = Section {
    title: "[[command]]",
    about: "A command's stdout. It gets a fixed PATH, a clean environment (`LC_ALL=C`, `PGCONNECT_TIMEOUT=5`, no folder for settings) and an empty stdin; its stderr and exit code go to the manifest.",
    groups: &[
        &[NAME, WHY],
        &[
            key(
                "run",
                Texts,
                Must,
                r#"["gitlab-redis-cli", "INFO"]"#,
                "The program (a bare name or an absolute path) and its arguments: an argv, never a shell string. No shell, also not behind `env`, `sudo`, `find -exec` and the like. \
                 `{since}` and `{until}` inside an argument become the time window's ends as `@UNIXTIME`.",
            ),
            timeout("30s"),
            limit("4MiB", "At most that much of the output is taken."),
            key(
                "sampler",
                Flag,
                Default("false"),
                "true",
                "It watches the host for a while (`vmstat 1 10`). All samplers run side by side, and never in the profile `quick`.",
            ),
        ],
        &[AS, SOURCE_WHEN, SOURCE_PROFILES],
    ],
};

/// `[[part]]`
pub(super) static PART: Section = Section {
    title: "[[part]]",
    about: "A part of what a command prints, as an entry of its own: the lines behind `==> glsos: NAME <==`, up to the next such line. \
            For a command that costs too much to be run for each. It is taken when the command is; what comes before the first such line is the command's own entry.",
    groups: &[
        &[NAME, WHY],
        &[key(
            "of",
            Text,
            Must,
            r#""tasks""#,
            "The name of the `[[command]]`, which stands above it in the same file.",
        )],
        &[AS],
    ],
};

const PATH_ABOUT: &str =
    "An absolute path, also as a pattern: `*` (within one name), `**` (any folders), `{a,b}` (either).";

/// `[[file]]`
pub(super) static FILE: Section = Section {
    title: "[[file]]",
    about: "Whole files, which keep their absolute path in the bundle. What is never taken stays out, whatever the pattern.",
    groups: &[
        &[NAME, WHY],
        &[
            key("path", Text, Must, r#""/var/opt/gitlab/redis/redis.conf""#, PATH_ABOUT),
            limit("16MiB", "At most that much of each file is taken."),
        ],
        &[
            key(
                "as",
                Text,
                May,
                r#""meminfo""#,
                "A name at the top of the bundle instead of the path, for tools that know gitlabsos archives. Not with a pattern, which may name many files.",
            ),
            SOURCE_WHEN,
            SOURCE_PROFILES,
        ],
    ],
};

/// `[[log]]`
pub(super) static LOG: Section = Section {
    title: "[[log]]",
    about: "Log files, which keep their absolute path in the bundle. The time window and the size caps apply, and rotated files belong to it.",
    groups: &[
        &[NAME, WHY],
        &[
            key(
                "path",
                Text,
                Must,
                r#""/var/log/gitlab/redis/**""#,
                "As of a file. `@gitlab-log-folders/**` names the folders that the node attributes say GitLab's logs were moved to.",
            ),
            key(
                "importance",
                Text,
                Default("normal"),
                r#""high""#,
                "What gives way when the bundle gets too large: `low` first, then `normal`, `high` last.",
            ),
        ],
        &[SOURCE_WHEN, SOURCE_PROFILES],
    ],
};

/// `[[http]]`
pub(super) static HTTP: Section = Section {
    title: "[[http]]",
    about: "The answer to one GET to this very host. No redirect is followed.",
    groups: &[
        &[NAME, WHY],
        &[
            key(
                "at",
                Text,
                Must,
                r#""workhorse""#,
                "A service whose address the host's configuration tells (they are listed below), `unix:/path`, or a loopback address with its port (`127.0.0.1:8080`, `[::1]:8080`).",
            ),
            key("get", Text, Must, r#""/-/readiness?all=1""#, "Path and query, beginning with `/`."),
            timeout("10s"),
            limit("4MiB", "At most that much of the answer is taken."),
        ],
        &[AS, SOURCE_WHEN, SOURCE_PROFILES],
    ],
};

/// `[[probe]]`
pub(super) static PROBE: Section = Section {
    title: "[[probe]]",
    about: "A built-in reader of /proc, /sys and the like, which needs no tool on the host.",
    groups: &[
        &[
            key("run", Text, Must, r#""host-summary""#, "The probe's name."),
            WHY,
            key("name", Text, May, r#""summary""#, "The source's name; the probe's, unless told."),
        ],
        &[AS, SOURCE_WHEN, SOURCE_PROFILES],
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_their_examples_are_toml() {
        for section in [&COLLECTOR, &WHEN, &COMMAND, &PART, &FILE, &LOG, &HTTP, &PROBE] {
            let mut names: Vec<&str> = section.keys().map(|key| key.name).collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(names.len(), all, "{}", section.title);
            for key in section.keys().filter(|key| !key.example.is_empty()) {
                let line = format!("{} = {}", key.name, key.example);
                assert!(line.parse::<toml::Table>().is_ok(), "{line}");
            }
        }
    }
}
