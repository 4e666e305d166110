//! The rule for `run`: an argv, and no shell in it, however it is wrapped.
//!
//! It keeps quoting out of collectors, so that what is read in review is what runs. Whoever may write
//! a collector may run programs anyway: this is no sandbox, and a program that is a script of the host's
//! own is not looked into. Where a wrapper's arguments can't be told apart, all of them are suspected.

use super::{
    Told, Verdict, path,
    programs::{ALWAYS, SHELLS, SWITCHES, Switch, WRAPPERS, listed},
};
use crate::{
    catalog::problem::{Complaint, did_you_mean},
    escape::is_odd,
};

/// What `{…}` inside an argument may be.
pub(in super::super) const PLACEHOLDERS: &[&str] = &["since", "until"];

/// Most arguments; nobody reviews more.
const MOST: usize = 256;

/// A checked argv.
pub(in super::super) fn argv(args: &[Told], whole: &Told) -> Verdict<Vec<String>> {
    let Some(first) = args.first() else {
        return Err(whole
            .wrong("nothing to run")
            .hint("write the program and its arguments: `[\"uptime\"]`"));
    };
    program(first)?;
    if let Some(arg) = args.get(MOST) {
        return Err(arg.wrong(format!("more than {MOST} arguments")));
    }
    for arg in &args[1..] {
        // Lines of SQL are fine; what moves the cursor of who reads it is not.
        if let Some(c) = arg.text.chars().find(|c| is_odd(*c) && !matches!(c, '\n' | '\t')) {
            return Err(arg.wrong(format!("has the character {}", c.escape_unicode())));
        }
        placeholders(arg)?;
    }
    match shell_in(args) {
        Some(complaint) => Err(complaint),
        None => Ok(args.iter().map(|arg| arg.text.to_owned()).collect()),
    }
}

fn program(told: &Told) -> Verdict<()> {
    super::plain(told)?;
    if told.text.trim() != told.text || told.text.is_empty() {
        return Err(told.wrong("not a program's name"));
    }
    if told.text.contains('/') {
        if !told.text.starts_with('/') {
            return Err(told
                .wrong("a relative path to a program")
                .hint("write a bare name, which is looked up in a fixed PATH, or an absolute path"));
        }
        path::exact(told)?;
    } else if told.text.contains(char::is_whitespace) {
        return Err(told
            .wrong("a program's name with a space")
            .hint("each argument is a string of its own: `[\"uname\", \"-a\"]`"));
    }
    if told.text.starts_with('-') || told.text.contains(['{', '=']) {
        return Err(told.wrong("not a program's name"));
    }
    Ok(())
}

/// `{sicne}` would reach the program as it is.
fn placeholders(arg: &Told) -> Verdict<()> {
    for piece in arg.text.split('{').skip(1) {
        let Some((word, _)) = piece.split_once('}') else { continue };
        if !PLACEHOLDERS.contains(&word)
            && let Some(hint) = did_you_mean(word, PLACEHOLDERS.iter().copied())
        {
            return Err(arg.wrong(format!("`{{{word}}}` stands for nothing")).hint(hint));
        }
    }
    Ok(())
}

/// The first place in an argv where a shell, or code, would run.
fn shell_in(args: &[Told]) -> Option<Complaint> {
    // Behind a wrapper any argument may be the program: its options' values can't be told apart safely.
    let mut wrapped = false;
    let mut find = false;
    for (i, arg) in args.iter().enumerate() {
        let after_exec = find && i > 0 && matches!(args[i - 1].text, "-exec" | "-execdir" | "-ok" | "-okdir");
        if i > 0 && !wrapped && !after_exec {
            continue;
        }
        let name = family(arg.text);
        if let Some(complaint) = refused(arg, name, &args[i + 1..]) {
            return Some(complaint);
        }
        wrapped |= listed(WRAPPERS, name)
            || name.starts_with("ld-")
            || name.starts_with("ld.so")
            || name.starts_with("s6-");
        find |= name == "find";
    }
    None
}

/// A program's name without its folder and version: `/usr/bin/python3.11` is `python`.
fn family(program: &str) -> &str {
    let name = program.rsplit('/').next().unwrap_or(program);
    match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '-') {
        "" | "i" | "linux" | "x86_" | "proxychains" => name,
        family => family,
    }
}

fn refused(arg: &Told, name: &str, rest: &[Told]) -> Option<Complaint> {
    const HINT: &str = "a collector runs programs directly; a pipe or a loop has no place here";
    if listed(SHELLS, name) {
        return Some(arg.wrong(format!("`{name}` is a shell")).hint(HINT));
    }
    if let Some((_, why)) = ALWAYS.iter().find(|(always, _)| listed(always, name)) {
        return Some(arg.wrong(format!("`{name}` {why}")).hint(HINT));
    }
    // Only with `-u` first it runs a program; else its arguments are for the user's shell.
    let for_a_user = |first: &Told| first.text.starts_with("-u") || first.text.starts_with("--user");
    if name == "runuser" && !rest.first().is_some_and(for_a_user) {
        return Some(
            arg.wrong("`runuser` starts a shell unless `-u` is its first argument")
                .hint("write `[\"runuser\", \"-u\", \"USER\", \"--\", …]`"),
        );
    }
    let switch = SWITCHES.iter().filter(|switch| listed(switch.programs, name));
    switch
        .filter_map(|switch| {
            used(switch, rest).map(|at| at.wrong(format!("`{name}` with this option {}", switch.why)))
        })
        .next()
        .or_else(|| script(name, rest))
        .map(|complaint| complaint.maybe(Some(HINT.to_owned())))
}

/// The argument that has one of the switch's options.
fn used<'a, 't>(switch: &Switch, args: &'a [Told<'t>]) -> Option<&'a Told<'t>> {
    let mut value_may_follow = false;
    for arg in args {
        let follows = std::mem::take(&mut value_may_follow);
        if let Some(long) = arg.text.strip_prefix("--").filter(|long| !long.is_empty()) {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            // getopt takes any beginning that is unambiguous.
            if name.len() > 1 && switch.long.split(' ').any(|known| known.starts_with(name)) {
                return Some(arg);
            }
            value_may_follow = value.is_none();
        } else if let Some(cluster) = arg.text.strip_prefix('-').filter(|c| !c.is_empty() && *c != "-") {
            for (at, c) in cluster.char_indices() {
                if switch.letters.contains(c) {
                    return Some(arg);
                }
                if switch.values.contains(c) {
                    value_may_follow = at + c.len_utf8() == cluster.len();
                    break;
                }
                if switch.joined.contains(c) {
                    break;
                }
            }
        } else if !follows && !switch.anywhere && !arg.text.contains('=') {
            // sudo takes options behind an assignment, too.
            return None;
        }
    }
    None
}

/// Languages whose scripts are arguments as a rule, and reach a shell only by some of their words.
fn script(name: &str, rest: &[Told]) -> Option<Complaint> {
    let reaches = |text: &str| match name {
        "awk" | "gawk" | "mawk" | "nawk" | "original-awk" => {
            let dense: String = text.split_whitespace().collect();
            ["system(", "|getline", "|\"", "|&"].iter().any(|word| dense.contains(word))
        }
        "psql" | "gitlab-psql" | "gitlab-geo-psql" => {
            let text = text.trim_start().to_ascii_lowercase();
            text.starts_with('\\') && text.contains(['!', '|', '`'])
                || text.contains("copy") && text.contains("program")
        }
        _ => false,
    };
    let arg = rest.iter().find(|arg| reaches(arg.text))?;
    Some(arg.wrong(format!("`{name}` would start a shell here")))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::told, *};

    fn verdict(line: &[&str]) -> Verdict<Vec<String>> {
        argv(&line.iter().map(|arg| told(arg)).collect::<Vec<_>>(), &told(""))
    }

    fn words(line: &str) -> Verdict<Vec<String>> {
        verdict(&line.split(' ').collect::<Vec<_>>())
    }

    #[test]
    fn programs_run_directly() {
        for good in [
            "uname -a",
            "gitlab-redis-cli INFO",
            "/opt/gitlab/bin/gitlab-ctl status",
            "ps -eo user,pid,wchan:24,command",
            "journalctl --since {since} --until {until}",
            "find /etc -name sh",
            "runuser -u git -- gitaly check /x",
            "sudo -u gitlab-psql psql -c x",
            "env LC_ALL=C ps -s",
            "python3 /opt/x.py -c foo",
            "ruby -W0 /x.rb -e production",
            "awk /a|b/{print} /etc/passwd",
            "grep bash /etc/shells",
            "gitlab-psql -c \\l+",
            "sudo -u git grep -s x /y",
            "timeout 5 uptime",
            "rpm -q --qf %{NAME} bash",
            "ip address",
            "perl -MFoo /x.pl -e x",
            "git --version",
        ] {
            assert!(words(good).is_ok(), "{good}: {:?}", words(good).unwrap_err());
        }
    }

    #[test]
    fn a_shell_is_seen_behind_any_wrapper() {
        for bad in [
            "sh -c x",
            "/bin/sh",
            "/usr/bin/bash -c x",
            "bash5.2",
            "ksh93 -c x",
            "zsh-5.9",
            "fish",
            "csh",
            "ash",
            "busybox sh -c x",
            "toybox ash",
            "/bin/busybox.static sh",
            "env sh -c x",
            "env -i A=b /bin/bash",
            "/usr/bin/env FOO=1 dash",
            "env -S sh",
            "env -vS sh\\_-c",
            "env --split-string=x",
            "env --split=x",
            "su git -c x",
            "su - git",
            "sudo sh",
            "sudo -u git -- bash -c x",
            "sudo -s x",
            "sudo -nis",
            "sudo --login x",
            "sudo --user git -s x",
            "sudo --lo x",
            "doas -s",
            "runuser git -c x",
            "runuser -l git -c x",
            "runuser git -c x -u",
            "sudo A=b -s x",
            "runuser -u git -- sh -c x",
            "nice sh",
            "nice -n 10 bash",
            "ionice -c 3 sh -c x",
            "timeout 5 sh -c x",
            "timeout -k 1 --signal KILL 5 sh",
            "nohup sh",
            "setsid -f sh",
            "stdbuf -oL bash",
            "xargs sh -c x",
            "xargs -I{} -n 1 bash -c x",
            "find / -exec sh -c x ;",
            "find / -name x -execdir /bin/bash {} +",
            "find / -ok env sh ;",
            "find / -okdir dash ;",
            "nice find / -exec sh ;",
            "chroot / sh",
            "unshare -m sh",
            "nsenter -t 1 -m bash",
            "systemd-run --pipe sh -c x",
            "systemd-run -S x",
            "script -c x",
            "watch x",
            "ssh host x",
            "flock /x sh",
            "flock /x -c x",
            "setpriv --reuid git sh",
            "strace -f sh",
            "time sh",
            "env env env nice env sh",
            "/lib64/ld-linux-x86-64.so.2 /bin/sh",
            "ip netns exec x sh",
            "docker exec x sh",
            "s6-setuidgid git sh",
            "chpst -u git sh",
            "parallel x",
            "/opt/gitlab/embedded/bin/chpst -e /x bash",
            "taskset 1 python3 -c x",
            "bundle exec ruby -e x",
            "tar --to-command=x",
            "nice su git",
        ] {
            assert!(words(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn code_in_an_argument_is_refused() {
        for bad in [
            "python -c x",
            "python3.11 -Ic x",
            "python3 -W ignore -c x",
            "/opt/gitlab/embedded/bin/python3 -uc x",
            "perl -e x",
            "perl -lane x",
            "perl -E x",
            "perl -I /x -e y",
            "perl -Mx -e y",
            "ruby -e x",
            "ruby -I /x -ne y",
            "ruby -rjson -e y",
            "ruby -r json -e y",
            "node -e x",
            "node --eval=x",
            "node -p x",
            "php -r x",
            "lua -e x",
            "expect -c x",
            "env python3 -c x",
            "find / -exec perl -e x ;",
            "awk BEGIN{system(\"x\")}",
            "gawk BEGIN{\"x\"|getline}",
            "busybox awk {print|\"sh\"}",
            "gitlab-psql -c \\!id",
            "psql -c \\g|sh",
        ] {
            assert!(words(bad).is_err(), "{bad}");
        }
        assert!(verdict(&["awk", "BEGIN { system (\"x\") }"]).is_err());
        assert!(verdict(&["gitlab-psql", "-c", "COPY t TO PROGRAM 'sh'"]).is_err());
    }

    #[test]
    fn a_program_is_a_name_or_an_absolute_path() {
        for bad in ["", " ", "bin/x", "./x", "../x", "/usr/../bin/x", "/usr/bin/", "~/x", "-x", "A=b"] {
            assert!(verdict(&[bad, "y"]).is_err(), "{bad}");
        }
        assert!(verdict(&[]).is_err());
        assert!(verdict(&["uname -a"]).unwrap_err().hint.unwrap().contains("of its own"));
        assert!(verdict(&["x", "a\0b"]).is_err());
        assert!(verdict(&["x", "a\u{1b}[2J"]).is_err());
        assert!(verdict(&["gitlab-psql", "-c", "SELECT 1\nFROM x"]).is_ok());
    }

    #[test]
    fn a_misspelt_placeholder_is_found() {
        assert!(words("journalctl --since {sicne}").is_err());
        assert!(words("docker ps --format {{.Names}}").is_ok());
    }

    #[test]
    fn an_endless_argv_is_refused() {
        assert!(verdict(&["env"; MOST]).is_ok());
        assert!(verdict(&["env"; MOST + 1]).is_err());
    }
}
