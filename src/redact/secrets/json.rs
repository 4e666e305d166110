//! JSON: gitlab-secrets.json, node attributes, Consul, Mattermost, Docker, and JSON inside strings.

use serde_json::Value;

use super::harvest::Harvest;

/// Hands over every string and number below `keys`; false if it is no JSON.
pub(super) fn leaves(text: &[u8], mut keys: Vec<String>, harvest: &mut Harvest) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    // serde_json refuses what is nested deeper than 128 levels.
    match serde_json::from_slice(text) {
        Ok(value) => {
            walk(&value, &mut keys, harvest);
            true
        }
        Err(_) => false,
    }
}

fn walk(value: &Value, keys: &mut Vec<String>, harvest: &mut Harvest) {
    match value {
        Value::String(text) => harvest.leaf(keys, text.as_bytes()),
        Value::Number(number) => harvest.leaf(keys, number.to_string().as_bytes()),
        Value::Array(items) => {
            if !docker_or_name_value(value, keys, harvest) {
                items.iter().for_each(|item| walk(item, keys, harvest));
            }
        }
        Value::Object(fields) => {
            docker_or_name_value(value, keys, harvest);
            for (key, field) in fields {
                keys.push(key.clone());
                walk(field, keys, harvest);
                keys.pop();
            }
        }
        Value::Bool(_) | Value::Null => {}
    }
}

/// `{"key": "DB_PASSWORD", "value": "x"}` names its value in another field.
fn docker_or_name_value(value: &Value, keys: &mut Vec<String>, harvest: &mut Harvest) -> bool {
    let name = value.get("key").or_else(|| value.get("name")).and_then(Value::as_str);
    if let (Some(name), Some(field)) = (name, value.get("value")) {
        keys.push(name.to_owned());
        walk(field, keys, harvest);
        keys.pop();
    }
    false
}
