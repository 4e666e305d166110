//! What a support engineer reads, probe by probe, from small hosts on paper.

mod host;
mod hostile;
mod kernel;
mod once;
mod samplers;

use super::{PROBES, find};
use crate::host::{Error, Flow, Host, Trouble};
use host::{Direct, Paper};

/// A probe's text.
fn output(name: &str, host: &dyn Host) -> Result<String, Error> {
    let mut text = Vec::new();
    let mut sink = |bytes: &[u8]| {
        text.extend_from_slice(bytes);
        Flow::Go
    };
    (find(name).unwrap().run)(host, &mut sink)?;
    Ok(String::from_utf8(text).unwrap())
}

/// Fails with both texts if they differ.
fn reads(name: &str, host: &dyn Host, expected: &str) {
    let text = output(name, host).unwrap();
    assert!(text == expected, "{name} reads\n{text}\nexpected\n{expected}");
}

#[test]
fn names_are_sorted_and_unique_and_say_what_they_are() {
    assert!(PROBES.windows(2).all(|pair| pair[0].name < pair[1].name));
    for probe in PROBES {
        assert!(probe.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
        assert!(!probe.about.is_empty() && !probe.about.ends_with('.'));
        assert_eq!(probe.sampler, probe.name.starts_with("sample-"));
    }
    assert!(find("no-such-probe").is_none());
}

#[test]
fn an_empty_host_fails_every_probe_and_none_sends_a_byte() {
    for probe in PROBES {
        let mut sent = 0;
        let mut sink = |bytes: &[u8]| {
            sent += bytes.len();
            Flow::Go
        };
        assert!((probe.run)(&Paper::new(), &mut sink).is_err(), "{} told something", probe.name);
        assert_eq!(sent, 0, "{} sent something and then failed", probe.name);
    }
}

#[test]
fn this_machine_is_told_without_control_characters() {
    for probe in PROBES {
        match output(probe.name, &Direct) {
            Ok(text) => {
                assert!(text.ends_with('\n'), "{} has no line end", probe.name);
                assert!(
                    !text.chars().any(|c| c.is_control() && c != '\n'),
                    "{} sends control characters",
                    probe.name
                );
            }
            Err(error) => assert_ne!(error.trouble, Trouble::Io, "{}: {error}", probe.name),
        }
    }
}

/// A run that does not know all secrets of the host goes by it.
#[test]
#[allow(clippy::disallowed_methods)] // a process to be shown
fn a_probe_that_shows_command_lines_says_so() {
    let mark = "glsos-mark-4711";
    let mut child = std::process::Command::new("sh")
        .args(["-c", "read line", mark])
        .stdin(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let shown: Vec<&str> = PROBES
        .iter()
        .filter(|probe| output(probe.name, &Direct).is_ok_and(|text| text.contains(mark)))
        .map(|probe| probe.name)
        .collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(shown.contains(&"processes"), "{shown:?}");
    for name in shown {
        assert!(find(name).unwrap().shows_commands, "{name} shows command lines");
    }
}
