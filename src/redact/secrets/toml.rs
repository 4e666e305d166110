//! TOML: Gitaly, Praefect, Workhorse, the runner.

use toml::Value;

use super::{harvest::Harvest, lines};

/// Hands over every string, also old ones in comments; false if only lines could be read.
pub(super) fn leaves(text: &[u8], harvest: &mut Harvest) -> bool {
    let table = std::str::from_utf8(text).ok().and_then(|text| text.parse::<toml::Table>().ok());
    let Some(table) = table else {
        lines::leaves(text, &[], harvest);
        return false;
    };
    walk(&Value::Table(table), &mut Vec::new(), harvest);
    lines::comments(text, &[], harvest);
    true
}

fn walk(value: &Value, keys: &mut Vec<String>, harvest: &mut Harvest) {
    match value {
        Value::String(text) => harvest.leaf(keys, text.as_bytes()),
        Value::Integer(number) => harvest.leaf(keys, number.to_string().as_bytes()),
        Value::Array(items) => items.iter().for_each(|item| walk(item, keys, harvest)),
        Value::Table(fields) => {
            for (key, field) in fields {
                keys.push(key.clone());
                walk(field, keys, harvest);
                keys.pop();
            }
        }
        Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{super::harvest::tests::found, *};

    #[test]
    fn a_runner_and_gitaly() {
        let text = r#"
[[runners]]
  url = "https://gitlab.example.com"
  token = "glrt-abc"
  environment = ["S3_SECRET=from-env", "DOCKER_AUTH_CONFIG={\"auths\":{\"r\":{\"auth\":\"dTpwdw==\"}}}"]
  # token = "old-token"
[auth]
token = 'gitaly token'
"#;
        let mut harvest = Harvest::new("");
        assert!(leaves(text.as_bytes(), &mut harvest));
        let values: Vec<String> = found(harvest).into_iter().map(|(value, _)| value).collect();
        assert_eq!(values, ["dTpwdw==", "from-env", "gitaly token", "glrt-abc", "old-token", "pw"]);
    }

    #[test]
    fn broken_or_deep_files_are_read_by_lines() {
        let mut harvest = Harvest::new("");
        assert!(!leaves(b"token = \"kept\"\n[[[", &mut harvest));
        assert_eq!(found(harvest).len(), 1);
        leaves("a = [".repeat(50_000).as_bytes(), &mut Harvest::new(""));
        leaves(format!("a = {}", "[".repeat(100_000)).as_bytes(), &mut Harvest::new(""));
    }
}
