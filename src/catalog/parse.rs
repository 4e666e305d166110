//! One file's text → a checked collector, or all that is wrong with it at once.

use std::{collections::HashMap, ops::Range};

use toml::de::DeTable;

use super::{
    Words,
    keys::{self, Need, Section},
    model::{Collector, Origin, Profile, Source, SourceKind, When},
    problem::{Complaint, Place, Problem, Text},
    rules::{self, Told, address, argv, path},
    table::{self, Table},
};

/// Largest file that is read; a collector is a page or two.
pub const FILE_LIMIT: usize = 1 << 20;
/// Most syntax errors that are told: what follows the first few is often their echo.
const SYNTAX_ERRORS: usize = 5;

/// What one file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its stem.
    pub name: String,
    /// Where it was written.
    pub origin: Origin,
    /// What it adds, if anything.
    pub collector: Option<Collector>,
    /// Built-ins that it switches off: `redis`, `system/uname`.
    pub disable: Vec<(String, Place)>,
    /// Where each source is named, in the sources' order; for messages about what collides with other files.
    pub(super) places: Vec<Place>,
}

/// Reads one file. `name` is its stem.
pub fn parse(name: &str, text: &[u8], origin: Origin, words: &Words) -> Result<File, Vec<Problem>> {
    let file = match &origin {
        Origin::BuiltIn => format!("collectors/{name}.toml"),
        Origin::DropIn(path) => path.display().to_string(),
    };
    let whole = |message: String| vec![Problem { place: Place::whole(&file), message, hint: None }];
    if text.len() > FILE_LIMIT {
        return Err(whole("larger than 1 MiB".to_owned()));
    }
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(error) => return Err(not_utf8(&file, text, error.valid_up_to())),
    };
    rules::collector_name(name).map_err(whole)?;
    let text = Text { file: &file, text };
    let (document, errors) = DeTable::parse_recoverable(text.text);
    if !errors.is_empty() {
        let syntax = errors.into_iter().take(SYNTAX_ERRORS).map(|error| {
            text.problem(Complaint::new(
                error.span().unwrap_or(0..0),
                format!("not TOML: {}", error.message()),
            ))
        });
        return Err(syntax.collect());
    }
    let mut parser = Parser { text, words, complaints: Vec::new() };
    let found = parser.file(name, &origin, document.get_ref());
    let mut complaints = parser.complaints;
    complaints.sort_by_key(|complaint| complaint.span.start);
    match found {
        Some(file) if complaints.is_empty() => Ok(file),
        _ => Err(complaints.into_iter().map(|complaint| text.problem(complaint)).collect()),
    }
}

fn not_utf8(file: &str, text: &[u8], at: usize) -> Vec<Problem> {
    // The valid beginning is enough to tell the place; what follows is shown as replacement characters.
    let shown = String::from_utf8_lossy(text);
    let text = Text { file, text: &shown };
    vec![text.problem(Complaint::new(at..at + 1, "not UTF-8").hint("save the file as UTF-8"))]
}

/// A probe is called what it runs, unless told.
fn named_by_run(section: &Section) -> bool {
    section.key("name").is_some_and(|key| key.need == Need::May)
}

struct Parser<'a> {
    text: Text<'a>,
    words: &'a Words<'a>,
    complaints: Vec<Complaint>,
}

impl Parser<'_> {
    fn file(&mut self, name: &str, origin: &Origin, document: &DeTable) -> Option<File> {
        let top = table::read(&keys::COLLECTOR, document, 0..0, &mut self.complaints);
        let disable = self.disable(&top, origin);
        let when = self.when(&top);
        let profiles = self.profiles(&top);
        let inherited = profiles.clone().unwrap_or_else(|| Profile::ALL.to_vec());
        let sources = self.sources(&top, &inherited);
        let broken = !self.complaints.is_empty();
        if sources.is_empty() && !disable.is_empty() && !broken {
            let extra = ["about", "when", "profiles"].into_iter().find(|key| document.contains_key(*key));
            if let Some(key) = extra {
                self.complain(0..0, format!("`{key}` without a source"));
            }
        } else if sources.is_empty() && !broken {
            let complaint = Complaint::new(0..0, "an empty collector: it takes nothing");
            self.complaints.push(
                complaint.hint("add a `[[command]]`, `[[file]]`, `[[log]]`, `[[http]]` or `[[probe]]`"),
            );
        }
        let about = top.text("about");
        if about.is_none() && !document.contains_key("about") && (!sources.is_empty() || disable.is_empty()) {
            let complaint = Complaint::new(0..0, "`about` is missing");
            self.complaints.push(complaint.hint("one line that says what the collector is about"));
        }
        let about = self.keep(about.map(|told| rules::sentence(&told)));
        if !self.complaints.is_empty() {
            return None;
        }
        let (places, sources): (Vec<Place>, Vec<Source>) = sources.into_iter().unzip();
        let collector = about.filter(|_| !sources.is_empty()).map(|about| Collector {
            name: name.to_owned(),
            about,
            when,
            profiles: inherited,
            sources,
            origin: origin.clone(),
        });
        Some(File { name: name.to_owned(), origin: origin.clone(), collector, disable, places })
    }

    fn complain(&mut self, span: Range<usize>, message: impl Into<String>) {
        self.complaints.push(Complaint::new(span, message));
    }

    /// The value of a verdict; a complaint is noted.
    fn keep<T>(&mut self, verdict: Option<Result<T, Complaint>>) -> Option<T> {
        match verdict? {
            Ok(value) => Some(value),
            Err(complaint) => {
                self.complaints.push(complaint);
                None
            }
        }
    }

    /// Each item under its rule, none twice, at least one.
    fn list<T: PartialEq>(
        &mut self,
        table: &Table,
        name: &str,
        rule: impl Fn(&Told) -> Result<T, Complaint>,
    ) -> Option<Vec<T>> {
        let (items, whole) = table.texts(name)?;
        if items.is_empty() {
            self.complain(whole, format!("`{name}` is empty"));
            return None;
        }
        let mut list = Vec::new();
        for told in &items {
            match self.keep(Some(rule(told))) {
                Some(value) if list.contains(&value) => self.complain(told.span.clone(), "named twice"),
                Some(value) => list.push(value),
                None => {}
            }
        }
        Some(list)
    }

    fn disable(&mut self, top: &Table, origin: &Origin) -> Vec<(String, Place)> {
        let Some((items, whole)) = top.texts("disable") else { return Vec::new() };
        if *origin == Origin::BuiltIn {
            self.complain(whole, "a built-in collector can't switch others off");
            return Vec::new();
        }
        let names = self.list(top, "disable", |told| {
            rules::plain(told)?;
            Ok(told.text.to_owned())
        });
        let text = self.text;
        names
            .unwrap_or_default()
            .into_iter()
            .zip(items)
            .map(|(name, told)| (name, text.place(&told.span)))
            .collect()
    }

    fn when(&mut self, owner: &Table) -> When {
        let Some((table, span)) = owner.table("when") else { return When::default() };
        let when = table::read(&keys::WHEN, table, span.clone(), &mut self.complaints);
        if table.is_empty() {
            self.complain(span, "an empty condition");
        }
        When {
            any_path: self.list(&when, "any_path", path::exact).unwrap_or_default(),
            all_paths: self.list(&when, "all_paths", path::exact).unwrap_or_default(),
            service: self.list(&when, "service", rules::service).unwrap_or_default(),
            role: self.list(&when, "role", rules::role).unwrap_or_default(),
        }
    }

    fn profiles(&mut self, owner: &Table) -> Option<Vec<Profile>> {
        let mut profiles = self.list(owner, "profiles", rules::profile)?;
        profiles.sort();
        Some(profiles)
    }

    /// All sources in the file's order, with the places of their names.
    fn sources(&mut self, top: &Table, inherited: &[Profile]) -> Vec<(Place, Source)> {
        type Kind = fn(&mut Parser, &Table) -> Option<SourceKind>;
        const KINDS: [(&str, &Section, Kind); 6] = [
            ("part", &keys::PART, |parser, table| parser.part(table)),
            ("command", &keys::COMMAND, |parser, table| parser.command(table)),
            ("file", &keys::FILE, |parser, table| parser.wholes(table)),
            ("log", &keys::LOG, |parser, table| parser.log(table)),
            ("http", &keys::HTTP, |parser, table| parser.http(table)),
            ("probe", &keys::PROBE, |parser, table| parser.probe(table)),
        ];
        let mut tables: Vec<_> = KINDS
            .into_iter()
            .flat_map(|kind| top.tables(kind.0).into_iter().map(move |(table, span)| (span, table, kind)))
            .collect();
        tables.sort_by_key(|(span, ..)| span.start);
        let mut names: HashMap<String, usize> = HashMap::new();
        let mut aliases: HashMap<String, usize> = HashMap::new();
        let mut sources: Vec<(Place, Source)> = Vec::new();
        for (span, table, (_, section, kind)) in tables {
            let table = table::read(section, table, span, &mut self.complaints);
            let kind = kind(self, &table);
            let name = table.text("name").or_else(|| table.text("run").filter(|_| named_by_run(section)));
            self.unique(&mut names, name.as_ref(), "a source is named so already");
            self.unique(&mut aliases, table.text("as").as_ref(), "another source has this `as` already");
            let place = self.text.place(&table.text("as").or(name.clone()).map_or(0..0, |told| told.span));
            if let Some(mut source) = self.source(&table, kind, name, inherited) {
                self.as_its_command(&table, &mut source, &sources);
                sources.push((place, source));
            }
        }
        sources
    }

    /// A part is taken when its command is, which stands above it.
    fn as_its_command(&mut self, table: &Table, part: &mut Source, above: &[(Place, Source)]) {
        let (SourceKind::Part { of }, Some(told)) = (&part.kind, table.text("of")) else { return };
        let is_command = |source: &Source| matches!(source.kind, SourceKind::Command { sampler: false, .. });
        match above.iter().find(|(_, source)| source.name == *of && is_command(source)) {
            Some((_, command)) => {
                part.when = command.when.clone();
                part.profiles.clone_from(&command.profiles);
            }
            None => {
                let complaint = told.wrong(format!("no command above is named `{}`", of.escape_debug()));
                self.complaints
                    .push(complaint.hint("a part stands below its `[[command]]`, which is no sampler"));
            }
        }
    }

    fn unique(&mut self, seen: &mut HashMap<String, usize>, told: Option<&Told>, message: &str) {
        let Some(told) = told else { return };
        let line = self.text.place(&told.span).line;
        if let Some(first) = seen.insert(told.text.to_owned(), line) {
            self.complain(told.span.clone(), format!("{message}, in line {first}"));
        }
    }

    fn source(
        &mut self,
        table: &Table,
        kind: Option<SourceKind>,
        name: Option<Told>,
        inherited: &[Profile],
    ) -> Option<Source> {
        let name = self.keep(name.map(|told| rules::source_name(&told)));
        let why = self.keep(table.text("why").map(|told| rules::sentence(&told)));
        let alias = table.text("as");
        if let (Some(told), Some(SourceKind::File { path, .. })) = (&alias, &kind)
            && path::is_pattern(path)
        {
            let complaint = told.wrong("one name for what may be many files");
            self.complaints.push(complaint.hint("without `as` they keep their paths"));
        }
        let alias = self.keep(alias.map(|told| rules::alias(&told)));
        let when = self.when(table);
        let own = self.profiles(table);
        let mut profiles = own.clone().unwrap_or_else(|| inherited.to_vec());
        if matches!(kind, Some(SourceKind::Command { sampler: true, .. })) {
            profiles.retain(|profile| *profile != Profile::Quick);
            if own.is_some_and(|own| own.contains(&Profile::Quick)) || profiles.is_empty() {
                self.complain(table.span.clone(), "a sampler never runs in the profile `quick`");
            }
        }
        Some(Source { name: name?, why: why?, alias, when, profiles, kind: kind? })
    }

    fn command(&mut self, table: &Table) -> Option<SourceKind> {
        let run = table.texts("run").map(|(args, span)| argv::argv(&args, &Told { text: "", span }));
        let run = self.keep(run);
        let timeout = self.keep(table.text("timeout").map(|told| rules::timeout(&told)));
        let limit = self.keep(table.text("limit").map(|told| rules::limit(&told)));
        Some(SourceKind::Command {
            run: run?,
            timeout: timeout?,
            limit: limit?,
            sampler: table.flag("sampler"),
        })
    }

    fn part(&mut self, table: &Table) -> Option<SourceKind> {
        let of = self.keep(table.text("of").map(|told| rules::source_name(&told)));
        Some(SourceKind::Part { of: of? })
    }

    fn wholes(&mut self, table: &Table) -> Option<SourceKind> {
        let path = self.keep(table.text("path").map(|told| path::pattern(&told)));
        let limit = self.keep(table.text("limit").map(|told| rules::limit(&told)));
        Some(SourceKind::File { path: path?, limit: limit? })
    }

    fn log(&mut self, table: &Table) -> Option<SourceKind> {
        let path = self.keep(table.text("path").map(|told| path::logs(&told)));
        let importance = self.keep(table.text("importance").map(|told| rules::importance(&told)));
        Some(SourceKind::Log { path: path?, importance: importance? })
    }

    fn http(&mut self, table: &Table) -> Option<SourceKind> {
        let at = self.keep(table.text("at").map(|told| address::at(&told)));
        let get = self.keep(table.text("get").map(|told| address::get(&told)));
        let timeout = self.keep(table.text("timeout").map(|told| rules::timeout(&told)));
        let limit = self.keep(table.text("limit").map(|told| rules::limit(&told)));
        Some(SourceKind::Http { at: at?, get: get?, timeout: timeout?, limit: limit? })
    }

    fn probe(&mut self, table: &Table) -> Option<SourceKind> {
        let words = self.words;
        let run = self.keep(table.text("run").map(|told| rules::probe(&told, words.probes)));
        Some(SourceKind::Probe { run: run? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &[u8]) -> Vec<Problem> {
        parse("x", text, Origin::BuiltIn, &Words { probes: &[] }).unwrap_err()
    }

    #[test]
    fn a_file_that_is_no_collector_at_all() {
        assert_eq!(
            problems(&vec![b'#'; FILE_LIMIT + 1])[0].to_string(),
            "collectors/x.toml: larger than 1 MiB"
        );
        assert!(problems(b"")[0].message.contains("empty collector"));
        let odd = &problems(b"a = 1\nb = \"\xff\xff\"\n")[0];
        assert_eq!((odd.place.line, odd.place.column), (2, 6));
        for hostile in
            [b"\0\0\0".to_vec(), b"[".repeat(100_000), b"a = [".repeat(50_000), b"a.".repeat(200_000)]
        {
            assert!(!problems(&hostile).is_empty());
        }
        assert!(parse("X", b"", Origin::BuiltIn, &Words { probes: &[] }).is_err());
    }

    #[test]
    fn a_damaged_file_is_refused_or_read_but_never_more() {
        let text = include_str!("template.toml");
        for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
            let _ = parse("x", &text.as_bytes()[..at], Origin::BuiltIn, &Words { probes: &[] });
            for put in ["\"", "[", "=", "{", "\u{e9}", "\n"] {
                let mut damaged = text.to_owned();
                damaged.insert_str(at, put);
                if let Err(problems) = parse("x", damaged.as_bytes(), Origin::BuiltIn, &Words { probes: &[] })
                {
                    assert!(problems.iter().all(|problem| problem.to_string().contains('^')));
                }
            }
        }
    }

    #[test]
    fn what_is_not_told_has_a_default() {
        let text = b"about = \"x\"\n[[log]]\nname = \"l\"\nwhy = \"y\"\npath = \"/l\"\n[[command]]\nname = \"c\"\nwhy = \"y\"\nrun = [\"c\"]\nsampler = true\n[[probe]]\nrun = \"p\"\nwhy = \"y\"";
        let file = parse("x", text, Origin::BuiltIn, &Words { probes: &["p"] }).unwrap();
        let collector = file.collector.unwrap();
        assert_eq!(collector.profiles, Profile::ALL);
        let names: Vec<&str> = collector.sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["l", "c", "p"]);
        assert_eq!(collector.sources[1].profiles, [Profile::Default, Profile::Full]);
        let SourceKind::Command { timeout, limit, sampler, .. } = &collector.sources[1].kind else {
            panic!()
        };
        assert_eq!((timeout.as_secs(), *limit, *sampler), (30, 4 << 20, true));
    }
}
