//! Certificates: expired, or soon.

use super::{
    Analyzer, Look, Severity,
    found::{Found, shown},
};
use crate::index::Facts;

const SSL: &str = "https://docs.gitlab.com/omnibus/settings/ssl/ssl_troubleshooting/";
/// Days before the end.
const SOON: i64 = 30;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "certificate-expired",
        about: "A certificate of GitLab's has expired (a trusted one: warning), or does within 30 days (a notice, a warning within 7).",
        advice: "Put the new certificate in its place and run `gitlab-ctl hup nginx`, or `gitlab-ctl renew-le-certs`.",
        link: SSL,
        look: Look::Node(expired),
    },
    Analyzer {
        name: "certificate-refused",
        about: "GitLab refused a certificate of somebody else, or somebody refused its own, at least 5 times.",
        advice: "Put the authority's certificate into /etc/gitlab/trusted-certs and reconfigure, or renew the other side's.",
        link: SSL,
        look: Look::Node(refused),
    },
];

fn expired(facts: &Facts, found: &mut Found) {
    let Some(at) = facts.taken() else { return };
    for certificate in &facts.host.certificates {
        let days = (certificate.not_after.as_second() - at.as_second()).div_euclid(86_400);
        let severity = match (days, certificate.own) {
            (..0, true) => Severity::Critical,
            (..0, false) | (..7, true) => Severity::Warning,
            (..SOON, true) => Severity::Notice,
            _ => continue,
        };
        let what =
            if certificate.subject.is_empty() { &*certificate.place.entry } else { &certificate.subject };
        let title = if days < 0 {
            format!("The certificate of {what} expired on {}", certificate.not_after.strftime("%Y-%m-%d"))
        } else {
            format!("The certificate of {what} expires in {days} days")
        };
        found.about(what.to_owned(), severity, title, [shown(&certificate.place)]);
    }
}

fn refused(facts: &Facts, found: &mut Found) {
    found.told(
        Severity::Warning,
        "Certificates were refused",
        facts.logs.signal("certificate").filter(|signal| signal.count >= 5),
    );
}
