//! DIR/TICKET/HOST/TIME: where a bundle is unpacked. What a manifest or a name tells is a stranger's, and
//! becomes a plain name of letters, digits and a few marks. What is not known has a plain substitute.

use crate::{
    pack::manifest::Manifest,
    read::top::{Told, told},
};

const NO_TICKET: &str = "no-ticket";
const NO_HOST: &str = "unknown-host";
const NO_TIME: &str = "unknown-time";
/// Longest part.
const LONGEST: usize = 100;

/// The three parts of a bundle that has a manifest. The time is its name's, which is the host's own; UTC where
/// the name has none.
pub(super) fn of_manifest(manifest: &Manifest) -> [String; 3] {
    let run = &manifest.run;
    let time = told(manifest.root.as_str()).and_then(|told| told.time);
    let time = time.unwrap_or_else(|| run.started.strftime("%Y%m%d%H%M%S").to_string());
    plain(Told {
        ticket: run.ticket.as_ref().map(|ticket| ticket.as_str().to_owned()),
        host: Some(run.host.as_str().to_owned()),
        time: Some(time),
    })
}

/// The same from the names of the top folder and the file; of another tool's archive the file's name stands
/// for the host.
pub(super) fn of_names(top: &str, stem: &str) -> [String; 3] {
    let by_names = told(top).or_else(|| told(stem));
    plain(by_names.unwrap_or_else(|| Told { host: Some(stem.to_owned()), ..Told::default() }))
}

fn plain(told: Told) -> [String; 3] {
    [
        part(told.ticket.as_deref(), NO_TICKET),
        part(told.host.as_deref(), NO_HOST),
        part(told.time.as_deref(), NO_TIME),
    ]
}

fn part(text: Option<&str>, substitute: &str) -> String {
    let fits =
        |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '#') { c } else { '_' };
    let safe: String = text.unwrap_or_default().chars().take(LONGEST).map(fits).collect();
    // Neither hidden, nor `..`, nor taken for an option by whoever types `rm *`.
    let safe = safe.trim_start_matches(['.', '-']);
    if safe.is_empty() { substitute.to_owned() } else { safe.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_host_can_not_lead_out_of_the_folder() {
        for (text, safe) in [
            ("../../etc", "_.._etc"),
            ("..", NO_HOST),
            ("", NO_HOST),
            ("-rf", "rf"),
            ("a/b\n\u{202e}c", "a_b__c"),
            ("git.example.com", "git.example.com"),
        ] {
            let told = Told { host: Some(text.to_owned()), ..Told::default() };
            assert_eq!(plain(told), [NO_TICKET, safe, NO_TIME].map(str::to_owned));
        }
        assert_eq!(part(Some(&"x".repeat(500)), NO_HOST).len(), LONGEST);
    }

    #[test]
    fn what_a_name_does_not_tell_is_substituted() {
        assert_eq!(of_names("gitlabsos.h_20230329105343", "x"), [NO_TICKET, "h", "20230329105343"]);
        assert_eq!(of_names("", "gitlabsos.h.20230329105343"), [NO_TICKET, "h", "20230329105343"]);
        assert_eq!(of_names("", "some logs"), [NO_TICKET, "some_logs", NO_TIME]);
        assert_eq!(of_names("", ""), [NO_TICKET, NO_HOST, NO_TIME]);
    }
}
