//! GitLab's own account of its health: the answers of its health endpoints.

use super::super::{docs::Docs, place::Place};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Which was asked what: `workhorse/readiness`.
    pub name: String,
    /// Checks that did not end with `ok`, with what they said.
    pub failing: Vec<(String, String)>,
    /// Where it stands.
    pub place: Place,
}

/// The answers in JSON; `/-/health` is a sentence, and says no more than that Puma answers.
pub(super) fn read(docs: &Docs) -> Vec<Health> {
    let answers = docs.below("").filter(|doc| is_answer(&doc.entry)).filter_map(|doc| {
        let answer: serde_json::Value = serde_json::from_str(&doc.text).ok()?;
        let checks = answer.as_object()?;
        let mut failing = Vec::new();
        for (name, check) in checks {
            let results = match check {
                serde_json::Value::Array(all) => all.as_slice(),
                one => std::slice::from_ref(one),
            };
            for result in results {
                let status = result.get("status").and_then(serde_json::Value::as_str);
                if status.is_some_and(|status| status != "ok") {
                    let said = result.get("message").and_then(serde_json::Value::as_str).unwrap_or("failed");
                    failing.push((name.clone(), said.to_owned()));
                }
            }
        }
        Some(Health { name: doc.entry.to_string(), failing, place: doc.place(1, doc.text.lines().next()?) })
    });
    answers.collect()
}

/// Whether an entry is what a service says of its own health.
pub(crate) fn is_answer(entry: &str) -> bool {
    matches!(entry.split_once('/'), Some((_, "readiness" | "liveness" | "health" | "ping")))
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn checks_that_fail_are_named() {
        let answer = r#"{"status":"failed","master_check":[{"status":"failed","message":"unexpected Master check result: false"}],"db_check":[{"status":"ok"}]}"#;
        let all = read(&docs(&[
            ("workhorse/readiness", answer),
            ("workhorse/liveness", r#"{"status":"ok"}"#),
            ("workhorse/health", "GitLab OK"),
        ]));
        assert_eq!(all.len(), 2);
        assert!(all[0].failing.is_empty());
        let said = "unexpected Master check result: false".to_owned();
        assert_eq!(all[1].failing, [("master_check".to_owned(), said)]);
    }
}
